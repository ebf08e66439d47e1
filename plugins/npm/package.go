package npm

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gatehouse/plugins"
)

// Package is what a package.json says, as far as installing needs it
// (docs.npmjs.com, package.json).
type Package struct {
	// Ref is name and version as they are written, which is not checked: those that
	// a package bundles may be older than today's rules.
	Ref plugins.Ref
	// Licence is an SPDX expression, or what the publisher wrote instead. Old lists
	// are joined by OR, as npm's documentation reads them. "" is none.
	Licence string
	// Dependencies, PeerDependencies and OptionalDependencies are ranges by name.
	Dependencies         map[string]string
	PeerDependencies     map[string]string
	OptionalDependencies map[string]string
	// OptionalPeers are the names of peers that may be absent, in order.
	OptionalPeers []string
	// BundleDependencies are the names that the tarball brings, in order.
	BundleDependencies []string
	// Engines are ranges by what runs the package: node, npm.
	Engines map[string]string
	// Scripts are commands by event.
	Scripts map[string]string
	// InstallScript tells whether npm would run something at install: a script of
	// preinstall, install or postinstall, node-gyp, or the registry says so.
	InstallScript bool
	// Main and Types are paths in the package as they are written, dist/index.js or
	// ./dist/index.js; "" if there is no string.
	Main, Types string
	Backstage   Backstage
}

// Backstage is what a package says of itself to Backstage
// (backstage.io, "Package Metadata").
type Backstage struct {
	// Role is such as backend-plugin; "" for what is no part of Backstage.
	Role string
	// PluginID is such as catalog.
	PluginID string
	// SupportedVersions is a range of Backstage's releases.
	SupportedVersions string
	// Features are kinds by entry point.
	Features map[string]string
}

// ParsePackage reads a package.json. What npm and Node pass over is passed over;
// what could hide a dependency or a script is an error that wraps [ErrInvalid].
func ParsePackage(content []byte) (Package, error) {
	f, err := readFields(content)
	if err != nil {
		return Package{}, fmt.Errorf("%w: package.json: %w", ErrInvalid, err)
	}
	p, err := readPackage(f)
	if err != nil {
		return Package{}, fmt.Errorf("%w: package.json of %s: %w", ErrInvalid, p.Ref, err)
	}
	return p, nil
}

func readPackage(f fields) (p Package, err error) {
	if err := errors.Join(f.read("name", &p.Ref.Name), f.read("version", &p.Ref.Version)); err != nil {
		return p, err
	}
	p.Licence, p.Main, p.Types = licence(f), f.text("main"), f.text("types")
	if p.Types == "" {
		p.Types = f.text("typings") // TypeScript's other name for it
	}
	// A list, as very old packages have it, binds npm to nothing.
	p.Engines, _ = f.texts("engines")
	for name, into := range map[string]*map[string]string{
		"dependencies": &p.Dependencies, "peerDependencies": &p.PeerDependencies,
		"optionalDependencies": &p.OptionalDependencies, "scripts": &p.Scripts,
	} {
		var failed error
		*into, failed = f.texts(name)
		err = errors.Join(err, failed)
	}
	var others [3]error
	p.OptionalPeers, others[0] = optionalPeers(f)
	p.BundleDependencies, others[1] = bundled(f, p.Dependencies)
	p.Backstage, others[2] = backstage(f)
	p.InstallScript = installScript(f, p.Scripts)
	return p, errors.Join(err, errors.Join(others[:]...))
}

func optionalPeers(f fields) (names []string, err error) {
	peers, err := f.object("peerDependenciesMeta")
	for _, name := range slices.Sorted(maps.Keys(peers)) {
		var meta struct {
			Optional bool `json:"optional"`
		}
		if err := json.Unmarshal(peers[name], &meta); err != nil {
			return nil, fmt.Errorf("peerDependenciesMeta: %s: %w", name, err)
		}
		if meta.Optional {
			names = append(names, name)
		}
	}
	return names, err
}

// bundled reads either spelling: a list, or true for every dependency.
func bundled(f fields, dependencies map[string]string) ([]string, error) {
	for _, name := range []string{"bundleDependencies", "bundledDependencies"} {
		var all bool
		var list []string
		switch value := f[name]; {
		case value == nil || string(value) == "null":
			continue
		case json.Unmarshal(value, &all) == nil && all:
			list = slices.Collect(maps.Keys(dependencies))
		case json.Unmarshal(value, &all) == nil:
		case json.Unmarshal(value, &list) != nil:
			return nil, fmt.Errorf("%s: neither names nor true", name)
		}
		slices.Sort(list)
		return slices.Compact(list), nil
	}
	return nil, nil
}

func backstage(f fields) (b Backstage, err error) {
	object, err := f.object("backstage")
	if err != nil {
		return b, err
	}
	b.Features, err = object.texts("features")
	err = errors.Join(err, object.read("role", &b.Role), object.read("pluginId", &b.PluginID),
		object.read("supported-versions", &b.SupportedVersions))
	if err != nil {
		return b, fmt.Errorf("backstage: %w", err)
	}
	return b, nil
}

func installScript(f fields, scripts map[string]string) bool {
	for _, event := range []string{"preinstall", "install", "postinstall"} {
		if scripts[event] != "" {
			return true
		}
	}
	var said, gyp bool
	_, _ = f.read("hasInstallScript", &said), f.read("gypfile", &gyp)
	return said || gyp
}
