package gate

import (
	"context"
	"fmt"
	"path"

	"gatehouse/plugins/npm"
)

var scripts = step{
	name:    "scripts",
	explain: "Neither the plugin nor what it bundles wants to run anything when it is installed.",
	check:   checkScripts,
}

// installing are the scripts that npm runs when a package is installed; prepare
// runs for a plugin that is taken from its source, not for what is bundled.
var installing = []string{"preinstall", "install", "postinstall"}

func checkScripts(_ context.Context, c *Case) finding {
	const remedy = "nothing is run at installation here: take a version that works without, or one that was built before"
	own, err := c.own.Get()
	if err != nil {
		return lacking("the package's scripts", err, seeLimits)
	}
	listing, err := c.Tarball.Get()
	if err != nil {
		return lacking("the package's files", err, seeLimits)
	}
	var f finding
	look := func(id string, p npm.Package, names []string) {
		for _, name := range names {
			if script, found := p.Scripts[name]; found {
				f.refuse(id+name, fmt.Sprintf("%s has a script %s: %q", p.Ref, name, short(script)), remedy)
			}
		}
	}
	look("", own, append([]string{"prepare"}, installing...))
	for _, b := range c.bundled {
		p, err := b.Package.Get()
		if err != nil {
			f.unseen(b, "scripts", err)
			continue
		}
		look(b.name()+":", p, installing)
	}
	for _, file := range listing.Files {
		if path.Base(file.Path) == "binding.gyp" && (path.Dir(file.Path) == "." || isPackageDir(path.Dir(file.Path))) {
			f.refuse(file.Path, fmt.Sprintf("%s makes npm compile it at installation", file.Path), remedy)
		}
	}
	f.looked = []string{fmt.Sprintf("no script of installation in it or in %d bundled packages", len(c.bundled))}
	return f
}
