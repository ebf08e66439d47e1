package gate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gatehouse/plugins/npm"
)

var compatibility = step{
	name:    "compatibility",
	explain: "The Backstage that is to load it satisfies its ranges, and it brings no second copy of what there must be one of.",
	check:   checkCompatibility,
}

// singletons are packages of which a process must have one copy: each keeps state,
// or objects that are compared, in its own module.
var singletons = []string{
	"@backstage/app-defaults", "@backstage/backend-app-api", "@backstage/backend-defaults",
	"@backstage/backend-plugin-api", "@backstage/core-app-api", "@backstage/core-plugin-api",
	"@backstage/frontend-app-api", "@backstage/frontend-plugin-api",
	"react", "react-dom", "react-router", "react-router-dom",
}

func checkCompatibility(_ context.Context, c *Case) finding {
	own, err := c.own.Get()
	if err != nil {
		return lacking("the package's ranges", err, seeLimits)
	}
	host, err := c.Host.Get()
	if err != nil {
		return lacking("the host's manifest", err, "give the manifest of the Backstage that is to load it")
	}
	var f finding
	f.runtime(own, host)
	f.peers(c, own, host)
	f.shared(c, own, host)
	f.copies(c, host)
	f.looked = []string{fmt.Sprintf("%d peers and %d dependencies held against %d packages of the host", len(own.PeerDependencies), len(own.Dependencies), len(host.Packages))}
	return f
}

// runtime holds Node.js and the release of Backstage against what it supports.
func (f *finding) runtime(own npm.Package, host Host) {
	for _, each := range []struct{ id, name, spec, have string }{
		{"node", "Node.js", own.Engines["node"], host.Node},
		{"backstage", "Backstage", own.Backstage.SupportedVersions, host.Backstage},
	} {
		switch {
		case each.spec == "":
		case each.have == "":
			f.cannotTell(each.id, fmt.Sprintf("it wants %s %s, and the host's manifest does not say which it has", each.name, short(each.spec)), "say so in the host's manifest")
		default:
			f.hold(each.id, each.name, each.have, each.spec)
		}
	}
}

// hold holds one version against one range.
func (f *finding) hold(id, name, have, spec string) {
	switch ok, err := satisfies(have, spec); {
	case err != nil:
		f.refuse(id, fmt.Sprintf("it wants %s: %v", name, err), "ask its author for a version with a range")
	case !ok:
		f.refuse(id, fmt.Sprintf("it wants %s %s, the host has %s", name, short(spec), have), "take a version of the plugin that fits, or upgrade the host")
	}
}

// peers must be in the host. One that may be absent must fit when it is there.
func (f *finding) peers(c *Case, own npm.Package, host Host) {
	for _, name := range sortedNames(own.PeerDependencies) {
		_, spec := wanted(name, own.PeerDependencies[name])
		have, found := host.Packages[name]
		switch {
		case found:
			f.hold(name, name, have, spec)
		case slices.Contains(own.OptionalPeers, name) || c.bundles(name):
		default:
			f.refuse(name, fmt.Sprintf("it wants %s %s, the host has none", name, short(spec)), "add it to the host, or take a version of the plugin without it")
		}
	}
}

// shared are dependencies that it does not bring: then it gets the host's. A build
// would bring second copies, which only singletons do not bear.
func (f *finding) shared(c *Case, own npm.Package, host Host) {
	for _, name := range sortedNames(own.Dependencies) {
		have, found := host.Packages[name]
		if found && !c.bundles(name) && (c.dynamic() || slices.Contains(singletons, name)) {
			_, spec := wanted(name, own.Dependencies[name])
			f.hold(name, name, have, spec)
		}
	}
}

// copies are singletons that it bundles though the host has them.
func (f *finding) copies(c *Case, host Host) {
	for _, b := range c.bundled {
		p, err := b.Package.Get()
		if err != nil {
			f.unseen(b, "name", err)
			continue
		}
		f.copy(p.Ref.Name, p.Ref.String(), host)
	}
	// Node goes by the folder's name: a package.json may say another, or be missing.
	listing, err := c.Tarball.Get()
	if err != nil {
		return // the step has said so
	}
	var seen []string
	for _, file := range listing.Files {
		for _, name := range singletons {
			if strings.Contains("/"+file.Path, "/node_modules/"+name+"/") && !slices.Contains(seen, name) && !c.named(name) {
				seen = append(seen, name)
				f.copy(name, name, host)
			}
		}
	}
}

// copy refuses a second copy of a singleton.
func (f *finding) copy(name, id string, host Host) {
	if have, found := host.Packages[name]; found && slices.Contains(singletons, name) {
		f.refuse(id, fmt.Sprintf("it bundles %s, of which a process must have one copy, and the host has %s", id, have), "ask its author to make it a peer")
	}
}

// named tells whether a bundled package gives a name as its own.
func (c *Case) named(name string) bool {
	return slices.ContainsFunc(c.bundled, func(b Bundled) bool {
		p, err := b.Package.Get()
		return err == nil && p.Ref.Name == name
	})
}

// bundles tells whether it brings a package at its own top.
func (c *Case) bundles(name string) bool {
	return slices.ContainsFunc(c.bundled, func(b Bundled) bool { return b.Dir == "node_modules/"+name })
}
