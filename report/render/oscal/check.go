package oscal

import (
	"fmt"
	"reflect"
	"strings"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
)

// Check tells what is wrong with assessment results beyond what OSCAL's schema
// sees: a reference to what is not there, two things with one UUID, an end before
// its start, a selection or list without members, a name that is no token, and an
// objective without a finding or a finding that no evidence is behind. It finds
// nothing in a document that is right. Each problem begins with its place.
func Check(models types.OscalModels) []string {
	if models.AssessmentResults == nil {
		return []string{"assessment-results: not there"}
	}
	r := models.AssessmentResults
	c := &check{defined: map[string]*place{}, fields: map[reflect.Type][]field{}, objectives: map[string]bool{}, roles: map[string]bool{}, files: map[string]bool{}}
	for _, role := range deref(r.Metadata.Roles) {
		c.roles[role.ID] = true
	}
	if r.BackMatter != nil {
		for _, resource := range deref(r.BackMatter.Resources) {
			for _, link := range deref(resource.Rlinks) {
				c.files[link.Href] = true
			}
		}
	}
	if r.LocalDefinitions != nil {
		c.defineObjectives(deref(r.LocalDefinitions.ObjectivesAndMethods))
	}
	c.walk(r)
	c.resolve()
	if r.ImportAp.Href == "" {
		c.say("import-ap.href", "is empty")
	}
	for i, result := range r.Results {
		at := fmt.Sprintf("results[%d]", i)
		c.times(at, r.Metadata, result)
		c.selections(at, result.ReviewedControls)
		c.reachable(at, result)
	}
	return c.problems
}

// check is what was found so far.
type check struct {
	problems []string
	// defined is where each UUID is defined.
	defined map[string]*place
	// objectives, roles and files are what may be referred to by name.
	objectives, roles, files map[string]bool
	references               []reference
	// fields are those of each type, looked up once.
	fields map[reflect.Type][]field
}

// reference is a UUID that something refers to.
type reference struct {
	at *place
	id string
}

func (c *check) say(at, problem string) { c.problems = append(c.problems, at+": "+problem) }

func (c *check) defineObjectives(all []types.LocalObjective) {
	for i, local := range all {
		for _, part := range local.Parts {
			at := fmt.Sprintf("local-definitions.objectives-and-methods[%d]", i)
			if !tokens.MatchString(part.ID) {
				c.say(at, fmt.Sprintf("the part's id %q is no token", part.ID))
			}
			if c.objectives[part.ID] {
				c.say(at, "the objective "+part.ID+" is defined twice")
			}
			c.objectives[part.ID] = true
		}
	}
}

// resolve looks every reference up.
func (c *check) resolve() {
	for _, r := range c.references {
		if c.defined[r.id] == nil {
			c.say(r.at.String(), fmt.Sprintf("refers to %q, which is defined nowhere", r.id))
		}
	}
}

// times are in order: start, what was collected, end, what was written.
func (c *check) times(at string, m types.Metadata, r types.Result) {
	end := r.Start
	if r.End != nil {
		end = *r.End
	}
	if end.Before(r.Start) {
		c.say(at, "ends before it starts")
	}
	if m.LastModified.Before(end) {
		c.say(at, "ends after the document was last modified")
	}
	for i, o := range deref(r.Observations) {
		at := fmt.Sprintf("%s.observations[%d]", at, i)
		if o.Collected.After(end) {
			c.say(at, "is collected after the result's end")
		}
		if o.Expires != nil && o.Expires.Before(o.Collected) {
			c.say(at, "expires before it is collected")
		}
	}
	for i, risk := range deref(r.Risks) {
		if risk.Deadline != nil && risk.Deadline.Before(r.Start) {
			c.say(fmt.Sprintf("%s.risks[%d]", at, i), "has a deadline before the result's start")
		}
	}
}

// selections select something. (A list without members is found by the walk.)
func (c *check) selections(at string, r types.ReviewedControls) {
	for i, s := range r.ControlSelections {
		if s.IncludeAll == nil && s.IncludeControls == nil {
			c.say(fmt.Sprintf("%s.reviewed-controls.control-selections[%d]", at, i), "selects nothing")
		}
	}
	for i, s := range deref(r.ControlObjectiveSelections) {
		at := fmt.Sprintf("%s.reviewed-controls.control-objective-selections[%d]", at, i)
		if s.IncludeAll == nil && s.IncludeObjectives == nil {
			c.say(at, "selects nothing")
		}
		for _, o := range deref(s.IncludeObjectives) {
			if !c.objectives[o.ObjectiveId] {
				c.say(at, fmt.Sprintf("the objective %q is defined nowhere", o.ObjectiveId))
			}
		}
	}
}

// reachable follows every objective to its finding, on to observations, and on to
// evidence; and every risk back to a finding.
func (c *check) reachable(at string, r types.Result) {
	observations := map[string]types.Observation{}
	for _, o := range deref(r.Observations) {
		observations[o.UUID] = o
	}
	found, risks := map[string]bool{}, map[string]bool{}
	for i, f := range deref(r.Findings) {
		at := fmt.Sprintf("%s.findings[%d]", at, i)
		if f.Target.Type == "objective-id" && !c.objectives[f.Target.TargetId] {
			c.say(at, fmt.Sprintf("the objective %q is defined nowhere", f.Target.TargetId))
		}
		found[f.Target.TargetId] = true
		if len(deref(f.RelatedObservations)) == 0 {
			c.say(at, "no observation is behind it")
		}
		for _, related := range deref(f.RelatedObservations) {
			if o, here := observations[related.ObservationUuid]; here && !c.evident(o) {
				c.say(at, "the observation "+o.UUID+" has no evidence that is there, and no remark that says why")
			}
		}
		for _, related := range deref(f.RelatedRisks) {
			risks[related.RiskUuid] = true
		}
	}
	for i, risk := range deref(r.Risks) {
		if !risks[risk.UUID] {
			c.say(fmt.Sprintf("%s.risks[%d]", at, i), "no finding has it")
		}
	}
	for _, s := range deref(r.ReviewedControls.ControlObjectiveSelections) {
		for _, o := range deref(s.IncludeObjectives) {
			if !found[o.ObjectiveId] {
				c.say(at, fmt.Sprintf("the objective %q has no finding", o.ObjectiveId))
			}
		}
	}
}

// evident tells whether an observation leads to evidence, or says why there is
// none.
func (c *check) evident(o types.Observation) bool {
	for _, e := range deref(o.RelevantEvidence) {
		id, local := strings.CutPrefix(e.Href, "#")
		if local && c.defined[id] != nil || c.files[e.Href] || strings.Contains(e.Href, "://") {
			return true
		}
	}
	return o.Remarks != ""
}
