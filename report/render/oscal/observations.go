package oscal

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

// The methods of an assessment (NIST SP 800-53A).
const (
	examine   = "EXAMINE"
	interview = "INTERVIEW"
	test      = "TEST"
)

// The checkers whose judgements rest on no query.
const (
	byPolicies    = "policies"
	byAttestation = "attestation"
)

// observations are one for each query, and one for the rules over the state.
func (d *document) observations() []types.Observation {
	var out []types.Observation
	for _, e := range d.run.Evidence {
		out = append(out, d.query(e))
	}
	if p := d.run.Policies; p != nil {
		s := p.Summary
		o := d.own("policies", "The policies over the environment's state", fmt.Sprintf("%d rules over %s: %d denied, %d undecided, %d could not be judged, %d waived",
			s.Rules, p.Source, s.Deny, s.Undecided, s.Error, s.Waived))
		o.Methods = []string{examine}
		out = append(out, o)
	}
	return out
}

// query is what was read, or why it was not.
func (d *document) query(e readiness.Evidence) types.Observation {
	method := test
	if e.Source == "artefact" || e.Source == "state" {
		method = examine // what lies there, and not a system that answers
	}
	o := types.Observation{
		UUID: d.id("observation", e.ID), Title: said(e.ID), Description: said(e.Query), Methods: []string{method}, Types: &[]string{"control-objective"},
		Collected: d.collected(e.At), Origins: &[]types.Origin{d.tool()},
		Subjects: &[]types.SubjectReference{{SubjectUuid: d.component(e.Source), Type: "component", Title: said(e.Source)}},
		Props:    props("source", e.Source, "identity", e.Identity, "complete", fmt.Sprint(e.Complete), "sha256", e.SHA256),
	}
	var problems []string
	for _, p := range e.Problems {
		problems = append(problems, p.String())
	}
	o.Remarks = text(strings.Join(problems, "; "))
	if e.SHA256 == "" {
		o.Remarks = said(strings.Join(append([]string{"nothing was read"}, problems...), "; "))
		return o
	}
	o.RelevantEvidence = &[]types.RelevantEvidence{{
		Href: evidencePath(e.ID), Description: "What was read, redacted", Props: props("sha256", e.SHA256),
		Links: &[]types.Link{{Href: "#" + d.id("resource", e.ID), Rel: "evidence"}},
	}}
	return o
}

// evidencePath is where the bundle keeps what was read.
func evidencePath(id string) string { return "evidence/" + url.PathEscape(id) + ".json" }

// collected is when something was read; what has no time has the run's.
func (d *document) collected(at time.Time) time.Time {
	if at.IsZero() {
		return d.start
	}
	return at.UTC()
}

// own is an observation that rests on the report itself.
func (d *document) own(name, title, description string) types.Observation {
	return types.Observation{
		UUID: d.id("own observation", name), Title: said(title), Description: said(description), Methods: []string{test},
		Types: &[]string{"control-objective"}, Collected: d.start, Origins: &[]types.Origin{d.tool()},
		RelevantEvidence: &[]types.RelevantEvidence{{Href: "#" + d.report(), Description: "The report of the run, which holds every judgement"}},
	}
}

// seen is what decided an item.
type seen struct {
	ids []types.RelatedObservation
	own []types.Observation
}

// seen are the observations of an item: its queries, the policies, and one of its
// own for what a person says, or when there is nothing else.
func (d *document) seen(item readiness.Item) seen {
	var s seen
	known := map[string]bool{}
	relate := func(id string) {
		if !known[id] {
			known[id] = true
			s.ids = append(s.ids, types.RelatedObservation{ObservationUuid: id})
		}
	}
	for _, id := range item.Evidence {
		relate(d.id("observation", id))
	}
	asked := item.Overlay != nil && item.Overlay.Kind == readiness.Attested
	for _, part := range item.Judgements {
		for _, id := range part.Evidence {
			relate(d.id("observation", id))
		}
		asked = asked || part.Checker == byAttestation
		if part.Checker == byPolicies && d.run.Policies != nil {
			relate(d.id("own observation", "policies"))
		}
	}
	if asked {
		o := d.statement(item)
		s.own = append(s.own, o)
		relate(o.UUID)
	}
	if len(s.ids) == 0 {
		o := d.own(item.ID, item.ID+" "+item.Title, item.Found)
		s.own = append(s.own, o)
		relate(o.UUID)
	}
	return s
}

// statement is what a person says of an item, or that nobody has.
func (d *document) statement(item readiness.Item) types.Observation {
	o := d.own("statement "+item.ID, "Statement on "+item.ID, item.Found)
	o.Methods = []string{interview}
	by := item.Overlay
	if by == nil || by.Kind != readiness.Attested {
		o.Remarks = "Nobody has stated it for this run."
		return o
	}
	o.Description, o.Origins = said(by.Reason), &[]types.Origin{d.by(by)}
	if on, err := time.Parse(time.DateOnly, by.On); err == nil {
		o.Collected = on
	}
	o.Expires = lastMoment(by.Expires)
	o.Links = links(by.Link)
	o.Props = overlayProps(by)
	return o
}

// overlayProps tell when and where something was said, and in which commit.
func overlayProps(o *readiness.Overlay) *[]types.Property {
	pairs := []string{"on", o.On, "expires", o.Expires, "link", o.Link}
	if c := o.Commit; c != nil {
		pairs = append(pairs, "commit", c.Hash, "commit-author", c.Author, "commit-signed", fmt.Sprint(c.Signed))
	}
	return props(pairs...)
}
