package oscal_test

import (
	"testing"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render/oscal"
)

const nowhere = "00000000-0000-4000-8000-000000000000"

// Everything that the schema lets pass is found, with its place.
func TestCheckFinds(t *testing.T) {
	past := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	for want, change := range map[string]func(*types.AssessmentResults, *types.Result){
		`results[0].findings[0].related-observations[0].observation-uuid: refers to "` + nowhere + `", which is defined nowhere`: func(_ *types.AssessmentResults, r *types.Result) {
			(*(*r.Findings)[0].RelatedObservations)[0].ObservationUuid = nowhere
		},
		`import-ap.href: refers to "gone", which is defined nowhere`: func(a *types.AssessmentResults, _ *types.Result) { a.ImportAp.Href = "#gone" },
		`import-ap.href: is empty`:                                   func(a *types.AssessmentResults, _ *types.Result) { a.ImportAp.Href = "" },
		`results[0].attestations[0].responsible-parties[0].party-uuids[0]: refers to "` + nowhere + `", which is defined nowhere`: func(_ *types.AssessmentResults, r *types.Result) {
			(*(*r.Attestations)[0].ResponsibleParties)[0].PartyUuids = []string{nowhere}
		},
		`metadata.responsible-parties[0].role-id: the role "king" is defined nowhere`: func(a *types.AssessmentResults, _ *types.Result) {
			(*a.Metadata.ResponsibleParties)[0].RoleId = "king"
		},
		`results[0].findings[1].uuid: has the UUID of results[0].findings[0].uuid`: func(_ *types.AssessmentResults, r *types.Result) {
			(*r.Findings)[1].UUID = (*r.Findings)[0].UUID
		},
		`results[0].uuid: "1" is no UUID`:                       func(_ *types.AssessmentResults, r *types.Result) { r.UUID = "1" },
		`results[0]: ends before it starts`:                     func(_ *types.AssessmentResults, r *types.Result) { r.End = &past },
		`results[0]: ends after the document was last modified`: func(a *types.AssessmentResults, _ *types.Result) { a.Metadata.LastModified = past },
		`results[0].observations[0]: is collected after the result's end`: func(_ *types.AssessmentResults, r *types.Result) {
			(*r.Observations)[0].Collected = r.End.Add(time.Second)
		},
		`results[0].observations[0]: expires before it is collected`:              func(_ *types.AssessmentResults, r *types.Result) { (*r.Observations)[0].Expires = &past },
		`results[0].risks[0]: has a deadline before the result's start`:           func(_ *types.AssessmentResults, r *types.Result) { (*r.Risks)[0].Deadline = &past },
		`results[0].start: is no time that OSCAL can write: 0001-01-01T00:00:00Z`: func(_ *types.AssessmentResults, r *types.Result) { r.Start = time.Time{} },
		`results[0].reviewed-controls.control-selections[0]: selects nothing`: func(_ *types.AssessmentResults, r *types.Result) {
			r.ReviewedControls.ControlSelections[0].IncludeControls = nil
		},
		`results[0].reviewed-controls.control-selections[0].include-controls: is a list without members`: func(_ *types.AssessmentResults, r *types.Result) {
			r.ReviewedControls.ControlSelections[0].IncludeControls = &[]types.AssessedControlsSelectControlById{}
		},
		`results[0].reviewed-controls.control-selections: is a list without members`: func(_ *types.AssessmentResults, r *types.Result) {
			r.ReviewedControls.ControlSelections = nil
		},
		`results[0].reviewed-controls.control-selections[0].include-controls[0].control-id: "5.4.2" is no token: it begins with a letter or _ and holds letters, digits and ._- only`: func(_ *types.AssessmentResults, r *types.Result) {
			(*r.ReviewedControls.ControlSelections[0].IncludeControls)[0].ControlId = "5.4.2"
		},
		`results[0].props[0].name: "a b" is no token: it begins with a letter or _ and holds letters, digits and ._- only`: func(_ *types.AssessmentResults, r *types.Result) {
			(*r.Props)[0].Name = "a b"
		},
		`results[0].reviewed-controls.control-objective-selections[0]: the objective "X-1" is defined nowhere`: func(_ *types.AssessmentResults, r *types.Result) {
			(*(*r.ReviewedControls.ControlObjectiveSelections)[0].IncludeObjectives)[0].ObjectiveId = "X-1"
		},
		`results[0].reviewed-controls.control-objective-selections[0]: selects nothing`: func(_ *types.AssessmentResults, r *types.Result) {
			(*r.ReviewedControls.ControlObjectiveSelections)[0].IncludeObjectives = nil
		},
		`results[0]: the objective "K8S-1" has no finding`:               func(_ *types.AssessmentResults, r *types.Result) { *r.Findings = (*r.Findings)[1:] },
		`results[0].findings[0]: the objective "X-1" is defined nowhere`: func(_ *types.AssessmentResults, r *types.Result) { (*r.Findings)[0].Target.TargetId = "X-1" },
		`results[0].findings[0]: no observation is behind it`:            func(_ *types.AssessmentResults, r *types.Result) { (*r.Findings)[0].RelatedObservations = nil },
		`results[0].risks[0]: no finding has it`: func(_ *types.AssessmentResults, r *types.Result) {
			for i := range *r.Findings {
				(*r.Findings)[i].RelatedRisks = nil
			}
		},
	} {
		t.Run(want, func(t *testing.T) {
			models := read(t, written(t, readinesstest.Rich()))
			change(models.AssessmentResults, &models.AssessmentResults.Results[0])
			require.Contains(t, oscal.Check(models), want)
		})
	}
	require.Equal(t, []string{"assessment-results: not there"}, oscal.Check(types.OscalModels{}))
}

func TestCheckWantsEvidence(t *testing.T) {
	models := read(t, written(t, readinesstest.Rich()))
	for i := range *models.AssessmentResults.Results[0].Observations {
		(*models.AssessmentResults.Results[0].Observations)[i].RelevantEvidence = nil
	}
	problems := oscal.Check(models)
	require.NotEmpty(t, problems)
	for _, problem := range problems {
		require.Regexp(t, `^results\[0\]\.findings\[\d+\]: the observation .* has no evidence that is there, and no remark that says why$`, problem)
	}
	models = read(t, written(t, readinesstest.Rich()))
	models.AssessmentResults.BackMatter.Resources = nil
	problems = oscal.Check(models)
	require.Contains(t, problems[0], "which is defined nowhere")
}
