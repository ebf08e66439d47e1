package gate

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

var manifest = step{
	name:    "manifest",
	explain: "The package.json in the tarball says what the registry says: tools that only ask the registry are not deceived.",
	check:   checkManifest,
}

// checkManifest compares what others judge by at the registry with what would run.
// The registry takes both from the publisher, and never compares them. Its scripts
// are left out: npm adds one for node-gyp, and the step scripts reads the tarball's.
func checkManifest(_ context.Context, c *Case) finding {
	m, err := c.Manifest.Get()
	if err != nil {
		return lacking("what the registry says", err, "see the step exists")
	}
	own, err := c.own.Get()
	if err != nil {
		return lacking("the tarball's package.json", err, seeLimits)
	}
	const remedy = "do not install it: ask its author why they differ"
	var f finding
	if own.Ref != c.Ref {
		f.never("name", fmt.Sprintf("the tarball says that it is %s", short(own.Ref.String())), remedy)
	}
	if own.Licence != m.Licence {
		f.refuse("licence", fmt.Sprintf("its licence is %q in the tarball, %q at the registry", short(own.Licence), short(m.Licence)), remedy)
	}
	for _, field := range []struct {
		name              string
		tarball, registry map[string]string
	}{
		{"dependencies", required(own.Dependencies, own.OptionalDependencies), required(m.Dependencies, m.OptionalDependencies)},
		{"optionalDependencies", own.OptionalDependencies, m.OptionalDependencies},
		{"peerDependencies", own.PeerDependencies, m.PeerDependencies},
	} {
		if differ := differing(field.tarball, field.registry); len(differ) > 0 {
			f.refuse(field.name, fmt.Sprintf("its %s differ in the tarball and at the registry: %s", field.name, list(differ)), remedy)
		}
	}
	f.looked = []string{"the tarball and the registry say the same"}
	return f
}

// required are the dependencies that are not optional: npm copies the optional ones
// among the others when it publishes.
func required(dependencies, optional map[string]string) map[string]string {
	all := maps.Clone(dependencies)
	maps.DeleteFunc(all, func(name, _ string) bool { _, found := optional[name]; return found })
	return all
}

func differing(a, b map[string]string) (names []string) {
	for name, value := range a {
		if other, found := b[name]; !found || other != value {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, found := a[name]; !found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
