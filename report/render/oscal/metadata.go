package oscal

import (
	"fmt"
	"net/url"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

// The roles of people.
const (
	attester = "attester"
	approver = "approver"
)

// roleOf is the role of who has said something about an item.
func roleOf(o *readiness.Overlay) string {
	if o.Kind == readiness.Attested {
		return attester
	}
	return approver
}

// parties are the people that the run names, in order of first appearance, and
// who of them has which role.
type parties struct {
	all   []types.Party
	known map[string]bool
	roles map[string][]string
}

// party is the UUID of somebody in a role. A name does not say whether it is a
// person's or a team's; OSCAL wants one of them.
func (d *document) party(name, role string) string {
	id, key := d.id("party", name), role+"\x00"+name
	p := &d.parties
	if p.known == nil {
		p.known, p.roles = map[string]bool{}, map[string][]string{}
	}
	if !p.known[name] {
		p.known[name] = true
		p.all = append(p.all, types.Party{UUID: id, Type: "person", Name: said(name)})
	}
	if !p.known[key] {
		p.known[key] = true
		p.roles[role] = append(p.roles[role], id)
	}
	return id
}

func (d *document) metadata() types.Metadata {
	r := d.run
	m := types.Metadata{
		Title: "Readiness of " + said(r.Environment), Version: said(r.ID), OscalVersion: types.Version, LastModified: d.end,
		Parties: list(d.parties.all),
		Remarks: "Made by gatehouse from what it read. A run sees only its evidence: it does not say that an organisation complies.",
	}
	pairs := []string{
		"run", r.ID, "environment", r.Environment, "account", r.Account, "region", r.Region,
		"sandbox", fmt.Sprint(r.Sandbox), "interrupted", fmt.Sprint(r.Interrupted),
	}
	for _, v := range r.Versions {
		pairs = append(pairs, "version-of-"+token(v.Name), v.Version)
	}
	for _, i := range r.Identities {
		pairs = append(pairs, "identity-on-"+token(i.Source), i.Name)
	}
	if c := r.Project; c != nil {
		pairs = append(pairs, "commit", c.Hash, "commit-dirty", fmt.Sprint(c.Dirty))
	}
	m.Props = props(pairs...)
	var roles []types.Role
	var responsible []types.ResponsibleParty
	for _, role := range []types.Role{
		{ID: attester, Title: "Attester", Description: "States what only a person can say, with a date and an end."},
		{ID: approver, Title: "Approver", Description: "Accepts the risk of a failure until a day."},
	} {
		if people := d.parties.roles[role.ID]; len(people) > 0 {
			roles = append(roles, role)
			responsible = append(responsible, types.ResponsibleParty{RoleId: role.ID, PartyUuids: people})
		}
	}
	m.Roles, m.ResponsibleParties = list(roles), list(responsible)
	return m
}

// by is the origin of what somebody has said.
func (d *document) by(o *readiness.Overlay) types.Origin {
	role := roleOf(o)
	return types.Origin{Actors: []types.OriginActor{{Type: "party", ActorUuid: d.party(o.By, role), RoleId: role}}}
}

// tool is the origin of what gatehouse found.
func (d *document) tool() types.Origin {
	return types.Origin{Actors: []types.OriginActor{{Type: "tool", ActorUuid: d.id("component", toolName)}}}
}

// links are a link to where something was said, when it is an address of the web.
func links(href string) *[]types.Link {
	u, err := url.Parse(href)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	return &[]types.Link{{Href: u.String(), Rel: "reference"}}
}
