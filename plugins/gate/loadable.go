package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
)

var loadable = step{
	name:    "loadable",
	explain: "Backstage's loader of dynamic plugins finds what it needs: the role, the built entry point, and every dependency.",
	check:   checkLoadable,
}

// Roles that the loader takes (backend-dynamic-feature-service, package metadata).
var (
	backendRoles  = []string{"backend-plugin", "backend-plugin-module"}
	frontendRoles = []string{"frontend-plugin", "frontend-plugin-module"}
)

// remotes are entry points of a frontend plugin that is built for loading while the
// portal runs: module federation's, of Backstage and of Scalprum.
var remotes = []string{
	"dist/mf-manifest.json", "dist/remoteEntry.js", "dist-dynamic/remoteEntry.js", "dist-scalprum/plugin-manifest.json",
}

// built are the folders that Backstage's builds write.
var built = regexp.MustCompile(`^dist(-[a-z]+)?/`)

// asDynamic is what to do about a package that is meant for a build.
const asDynamic = "take its build for dynamic loading (with its dependencies bundled), or install it with strategy: rebuild"

func checkLoadable(_ context.Context, c *Case) finding {
	if !c.dynamic() {
		return notApplicable("the strategy rebuild compiles it into the image: nothing is loaded while the portal runs")
	}
	own, err := c.own.Get()
	if err != nil {
		return lacking("the package's metadata", err, seeLimits)
	}
	listing, err := c.Tarball.Get()
	if err != nil {
		return lacking("the package's files", err, seeLimits)
	}
	var f finding
	switch role := own.Backstage.Role; {
	case slices.Contains(backendRoles, role):
		f.entry("main", ".", own.Main, listing)
		f.alpha(listing)
		f.complete(c, own)
		f.beside(c, own)
	case slices.Contains(frontendRoles, role):
		f.remote(own, listing)
	case role == "":
		f.refuse("role", "its package.json has no backstage.role: the loader passes over it", "take a Backstage plugin")
	default:
		f.refuse("role", fmt.Sprintf("its role is %q, which the loader does not take: it takes %s", short(role), strings.Join(append(backendRoles, frontendRoles...), ", ")), "install the plugin that uses it instead, or use strategy: rebuild")
	}
	return f
}

// entry looks for the file that the loader requires, of the package.json in a
// folder. The loader joins the two paths and asks nothing: a main that leads out of
// the package would run what nobody has looked at.
func (f *finding) entry(id, dir, main string, listing tarball.Listing) {
	if main == "" {
		f.refuse(id, "its package.json has no main", asDynamic)
		return
	}
	if path.IsAbs(main) || strings.Contains(main, "\\") || !filepath.IsLocal(path.Join(dir, main)) {
		f.never(id+"-outside", fmt.Sprintf("its %s %q leads out of the package: something else would run", id, short(main)), "do not install it: ask its author why")
		return
	}
	file, found := resolve(path.Join(dir, main), listing)
	switch {
	case !found:
		f.refuse(id, fmt.Sprintf("its %s %q is not in the tarball", id, short(main)), asDynamic)
	case !slices.Contains([]string{".js", ".cjs", ".json", ""}, path.Ext(file)):
		f.refuse(id, fmt.Sprintf("its %s %s is not what require can load: it was not built", id, file), asDynamic)
	case path.Ext(file) == ".js" && isModule(file, listing):
		f.refuse("module", fmt.Sprintf("its %s is an ECMAScript module: the loader wants CommonJS", id), asDynamic)
	case !built.MatchString(file):
		f.refuse("dist", fmt.Sprintf("its %s %s is not below dist: it was not built", id, file), asDynamic)
	}
	f.looked = append(f.looked, fmt.Sprintf("%s %s is there; that it exports a feature shows only when it is loaded", id, file))
}

// alpha is the folder whose package.json the loader prefers to the package's own
// (backend-dynamic-feature-service, preferAlpha): it names what really runs.
func (f *finding) alpha(listing tarball.Listing) {
	content, found := listing.Manifest(path.Join("alpha", tarball.ManifestName))
	if !found {
		return
	}
	p, err := npm.ParsePackage(content)
	switch {
	case err != nil:
		f.cannotTell("alpha", fmt.Sprintf("alpha/package.json, which the loader prefers, cannot be read: %v", err), asDynamic)
	case p.Main != "":
		f.entry("alpha", "alpha", p.Main, listing)
	}
}

// resolve finds a file as Node's require does (nodejs.org, modules: LOAD_AS_FILE,
// LOAD_INDEX).
func resolve(main string, listing tarball.Listing) (string, bool) {
	main = path.Clean(main)
	for _, name := range []string{main, main + ".js", main + ".json", path.Join(main, "index.js"), path.Join(main, "index.json")} {
		if listing.Has(name) {
			return name, true
		}
	}
	return "", false
}

// isModule reads "type" of the nearest package.json above a file.
func isModule(file string, listing tarball.Listing) bool {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if content, found := listing.Manifest(path.Join(dir, tarball.ManifestName)); found {
			var fields map[string]json.RawMessage // a struct would take "Type" too
			return json.Unmarshal(content, &fields) == nil && string(fields["type"]) == `"module"`
		}
		if dir == "." {
			return false
		}
	}
}

func (f *finding) remote(own npm.Package, listing tarball.Listing) {
	if own.Main == "" { // the loader passes over it, whatever it is
		f.refuse("main", "its package.json has no main", asDynamic)
	}
	for _, name := range remotes {
		if listing.Has(name) {
			f.looked = append(f.looked, name+" is there")
			return
		}
	}
	f.refuse("remote", fmt.Sprintf("none of %s is in the tarball: it was built to be compiled into a portal", strings.Join(remotes, ", ")), asDynamic)
}

// complete looks for every dependency where Node looks: from the package up
// through node_modules, then in the host.
func (f *finding) complete(c *Case, own npm.Package) {
	host, hostErr := c.Host.Get()
	dirs := map[string]bool{}
	for _, b := range c.bundled {
		dirs[b.Dir] = true
	}
	missing := map[string][]string{}
	look := func(dir string, p npm.Package) {
		for name := range p.Dependencies {
			_, optional := p.OptionalDependencies[name]
			_, shared := host.Packages[name]
			if !optional && !shared && !bundledFor(dir, name, dirs) {
				missing[name] = append(missing[name], p.Ref.String())
			}
		}
	}
	look(".", own)
	for _, b := range c.bundled {
		p, err := b.Package.Get()
		if err != nil {
			f.unseen(b, "dependencies", err)
			continue
		}
		look(b.Dir, p)
	}
	names := sortedNames(missing)
	switch {
	case len(names) == 0:
		f.looked = append(f.looked, fmt.Sprintf("every dependency is there, %d of them bundled", len(c.bundled)))
	case hostErr != nil:
		f.cannotTell("dependencies", fmt.Sprintf("it does not bundle %s, and whether the host has them cannot be seen: %v", list(names), hostErr), "give the manifest of the Backstage that is to load it")
	default:
		f.refuse("dependencies", fmt.Sprintf("neither it nor the host has %s", list(names)), asDynamic)
	}
}

// bundledFor tells whether a package in dir finds another one by its name.
func bundledFor(dir, name string, dirs map[string]bool) bool {
	for {
		if dirs[path.Join(dir, "node_modules", name)] {
			return true
		}
		if dir == "." {
			return false
		}
		dir = path.Dir(dir)
	}
}
