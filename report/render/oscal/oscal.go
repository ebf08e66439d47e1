// Package oscal writes a readiness run as assessment results of OSCAL 1.1.3
// (NIST's Open Security Controls Assessment Language), with the types of
// go-oscal, and checks the references that OSCAL's schema cannot.
//
// An item of the checklist is a control objective, its verdict a finding, a query
// an observation, a failure a risk. What the run says stands in
// report/readiness; nothing is judged here.
package oscal

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"gatehouse/report/readiness"
)

// Write writes the run as one document of OSCAL. The same run makes the same
// bytes, on one line. A run that makes no valid document, such as one without items, is an
// error, and then nothing is written.
func Write(w io.Writer, r readiness.Run) error {
	if len(r.Items) == 0 {
		return fmt.Errorf("write OSCAL: the run %s has no items, and assessment results need a control; run gatehouse check with fewer --select", r.ID)
	}
	if err := whole(r); err != nil {
		return fmt.Errorf("write OSCAL: %w", err)
	}
	models := types.OscalModels{AssessmentResults: build(r)}
	if problems := Check(models); len(problems) > 0 {
		return fmt.Errorf("write OSCAL: the run %s makes no valid document: %s", r.ID, some(problems))
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(models)
}

// whole tells of an item that rests on evidence which the run does not hold.
func whole(r readiness.Run) error {
	held := map[string]bool{}
	for _, e := range r.Evidence {
		held[e.ID] = true
	}
	for _, item := range r.Items {
		for _, id := range item.Evidence {
			if !held[id] {
				return fmt.Errorf("item %s of the run %s rests on the evidence %s, which the run does not hold; run the checks again", item.ID, r.ID, id)
			}
		}
	}
	return nil
}

// some are the first problems.
func some(problems []string) string {
	const most = 5
	if len(problems) > most {
		problems = append(problems[:most:most], fmt.Sprintf("and %d more", len(problems)-most))
	}
	return strings.Join(problems, "; ")
}

// document is what the parts of a document share.
type document struct {
	run readiness.Run
	span
	parties parties
	sources sources
}

func build(r readiness.Run) *types.AssessmentResults {
	d := &document{run: r, span: spanOf(r)}
	result := d.result()
	return &types.AssessmentResults{
		UUID:             d.id("assessment-results", ""),
		Metadata:         d.metadata(),
		ImportAp:         types.ImportAp{Href: "#" + d.checklist(), Remarks: "The checklist stands for the assessment plan."},
		LocalDefinitions: &types.LocalDefinitions{ObjectivesAndMethods: list(d.objectives())},
		Results:          []types.Result{result},
		BackMatter:       d.backMatter(),
	}
}

// result is the run. It is made before the metadata, which name the people that
// it meets.
func (d *document) result() types.Result {
	r := d.run
	observations := d.observations()
	var findings []types.Finding
	var risks []types.Risk
	for _, item := range r.Items {
		seen := d.seen(item)
		observations = append(observations, seen.own...)
		finding := d.finding(item, seen.ids)
		if failed(item) {
			risk := d.risk(item, seen.ids)
			risks = append(risks, risk)
			finding.RelatedRisks = &[]types.AssociatedRisk{{RiskUuid: risk.UUID}}
		}
		findings = append(findings, finding)
	}
	end := d.end
	return types.Result{
		UUID: d.id("result", ""), Title: "Readiness of " + said(r.Environment), Description: said(r.Summary.Headline),
		Start: d.start, End: &end,
		Props: props(
			"ready", fmt.Sprint(r.Summary.Ready), "failed", fmt.Sprint(r.Summary.Failed), "fail-on", string(r.Summary.FailOn),
			"interrupted", fmt.Sprint(r.Interrupted), "queries-read", fmt.Sprint(r.Coverage.Read),
			"queries-partly-read", fmt.Sprint(r.Coverage.Partly), "queries-not-read", fmt.Sprint(r.Coverage.NotRead),
		),
		LocalDefinitions: &types.LocalDefinitions{Components: list(d.components())},
		ReviewedControls: d.reviewed(),
		Attestations:     list(d.attestations()),
		Observations:     list(observations),
		Risks:            list(risks),
		Findings:         list(findings),
	}
}
