package gate

import (
	"context"
	"fmt"

	"gatehouse/plugins/gate/licence"
	"gatehouse/plugins/npm"
)

var licences = step{
	name:    "licence",
	explain: "The plugin's licence, and that of every package it bundles, is on the policy's list.",
	check:   checkLicences,
}

func checkLicences(_ context.Context, c *Case) finding {
	own, err := c.own.Get()
	if err != nil {
		return lacking("the package's licence", err, seeLimits)
	}
	list, err := licence.NewList(c.Policy.Licences.Allow)
	if err != nil {
		return lacking("which licences are allowed", err, "correct licences.allow in the policy")
	}
	var f finding
	f.licence(own, list)
	for _, b := range c.bundled {
		p, err := b.Package.Get()
		if err != nil {
			f.unseen(b, "licence", err)
			continue
		}
		f.licence(p, list)
	}
	f.looked = []string{fmt.Sprintf("%s; %d bundled packages looked at", short(own.Licence), len(c.bundled))}
	return f
}

func (f *finding) licence(p npm.Package, list licence.List) {
	const remedy = "take a version with another licence, or ask your counsel about this one"
	id := p.Ref.String()
	if p.Licence == "" {
		f.refuse(id, id+" names no licence: nobody may use it", remedy)
		return
	}
	switch allowed, err := list.Allows(p.Licence); {
	case err != nil:
		f.refuse(id, fmt.Sprintf("%s: its licence %v", id, err), remedy)
	case !allowed:
		f.refuse(id, fmt.Sprintf("%s: %s is not allowed", id, short(p.Licence)), remedy)
	}
}
