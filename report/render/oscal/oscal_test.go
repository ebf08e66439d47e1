package oscal_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/defenseunicorns/go-oscal/src/pkg/validation"
	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render/oscal"
)

func written(t require.TestingT, r readiness.Run) []byte {
	var out bytes.Buffer
	require.NoError(t, oscal.Write(&out, r))
	return out.Bytes()
}

func read(t require.TestingT, document []byte) types.OscalModels {
	var models types.OscalModels
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&models))
	return models
}

// keepsToTheSchema holds a document against NIST's schema, by go-oscal.
func keepsToTheSchema(t require.TestingT, document []byte) {
	validator, err := validation.NewValidatorDesiredVersion(document, types.Version)
	require.NoError(t, err)
	if err := validator.Validate(); err != nil {
		result, _ := validator.GetValidationResult()
		told, _ := json.MarshalIndent(result.Errors, "", " ")
		require.NoError(t, err, string(told))
	}
}

func TestWriteKeepsToTheSchema(t *testing.T) {
	for name, r := range map[string]readiness.Run{"rich": readinesstest.Rich(), "ready": readinesstest.Ready()} {
		t.Run(name, func(t *testing.T) {
			document := written(t, r)
			keepsToTheSchema(t, document)
			require.Empty(t, oscal.Check(read(t, document)))
			require.Equal(t, document, written(t, r), "the same run makes the same bytes")
		})
	}
}

// TestWriteKeepsToTheSchemaWhateverIsRead is about texts only: names keep being
// different from each other.
func TestWriteKeepsToTheSchemaWhateverIsRead(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: go-oscal compiles the schema for each document")
	}
	texts := append([]string{"", "3", "日本語", "\u2028", "_", "."}, readinesstest.Hostile...)
	for _, text := range texts {
		r := readinesstest.Map(readinesstest.Rich(), func(s string) string { return text + s + text })
		document := written(t, r)
		keepsToTheSchema(t, document)
		require.Empty(t, oscal.Check(read(t, document)), "%q", text)
	}
}

func TestCheckAcceptsWhateverIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "after")
		r := readinesstest.Map(readinesstest.Rich(), func(s string) string { return before + s + after })
		require.Empty(t, oscal.Check(read(t, written(t, r))))
	})
}

// parts are those of a document that tests look at, by the item's ID.
type parts struct {
	findings     map[string]types.Finding
	observations map[string]types.Observation
	risks        map[string]types.Risk
}

func partsOf(models types.OscalModels) parts {
	p := parts{map[string]types.Finding{}, map[string]types.Observation{}, map[string]types.Risk{}}
	result := models.AssessmentResults.Results[0]
	for _, f := range *result.Findings {
		p.findings[f.Target.TargetId] = f
	}
	for _, o := range *result.Observations {
		p.observations[o.UUID] = o
	}
	for _, risk := range *result.Risks {
		id, _, _ := strings.Cut(risk.Title, " ")
		p.risks[id] = risk
	}
	return p
}

func TestFindings(t *testing.T) {
	p := partsOf(read(t, written(t, readinesstest.Rich())))
	require.Len(t, p.findings, 14)
	for id, want := range map[string]types.ObjectiveStatus{
		"K8S-1":   {State: "satisfied", Reason: "pass"},
		"CACHE-3": {State: "satisfied", Reason: "pass", Remarks: "Vacuous: nothing was there to look at, which proves nothing."},
		"DB-3":    {State: "not-satisfied", Reason: "fail"},
		"CACHE-1": {State: "not-satisfied", Reason: "fail", Remarks: "The risk is accepted by Platform team until 2026-11-30: A replica of a shard would double staging's cache, which holds sessions and copies only"},
		"SEC-2":   {State: "not-satisfied", Reason: "other", Remarks: "ERROR, the checker failed: the checker failed: index out of range [3] with length 3"},
		"K8S-5":   {State: "not-satisfied", Reason: "other", Remarks: "UNKNOWN, which is neither right nor wrong: no network plugin that enforces was found: policies are only objects without one"},
		"COMP-3":  {State: "not-satisfied", Reason: "other", Remarks: "MANUAL, which is neither right nor wrong: nobody has stated it: gatehouse attest COMP-3"},
		"COMP-1":  {State: "satisfied", Reason: "other", Remarks: "Not seen, but stated by Ada Lovelace until 2027-10-01: The classification was reviewed with the owners of all data"},
		"INF-4":   {State: "satisfied", Reason: "other", Remarks: "It does not apply: staging has one region by its configuration"},
	} {
		require.Equal(t, want, p.findings[id].Target.Status, id)
	}
	require.Equal(t, "not-applicable", p.findings["INF-4"].Target.ImplementationStatus.State)
	require.Contains(t, *p.findings["DB-3"].Props, types.Property{Name: "control", Value: "cp-9", Ns: "urn:gatehouse:oscal"})
	require.Contains(t, *p.findings["DB-3"].Props, types.Property{Name: "verdict", Value: "FAIL", Ns: "urn:gatehouse:oscal"})
}

func TestObservations(t *testing.T) {
	models := read(t, written(t, readinesstest.Rich()))
	p := partsOf(models)
	behind := func(item string) []types.Observation {
		var out []types.Observation
		for _, related := range *p.findings[item].RelatedObservations {
			out = append(out, p.observations[related.ObservationUuid])
		}
		return out
	}
	rds := behind("DB-3")[0]
	require.Equal(t, "aws.rds.instances", rds.Title)
	require.Equal(t, []string{"TEST"}, rds.Methods)
	require.Equal(t, "2026-11-22T10:15:01Z", rds.Collected.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "evidence/aws.rds.instances.json", (*rds.RelevantEvidence)[0].Href)
	require.Equal(t, "sha256", (*(*rds.RelevantEvidence)[0].Props)[0].Name)
	require.Equal(t, []string{"EXAMINE"}, behind("INF-4")[0].Methods, "the state is a document")
	require.Len(t, behind("MON-1"), 3)
	rules := behind("MON-1")[0]
	require.Nil(t, rules.RelevantEvidence, "nothing was read")
	require.Equal(t, "nothing was read; unreachable: dial tcp 127.0.0.1:9090: connect: connection refused; name Prometheus's address: gatehouse:readiness.prometheus", rules.Remarks)
	require.Equal(t, []string{"EXAMINE"}, behind("MON-1")[2].Methods, "the policies looked at the state")
	ada := behind("COMP-1")[0]
	require.Equal(t, []string{"INTERVIEW"}, ada.Methods)
	require.Equal(t, "2026-10-01", ada.Collected.Format("2006-01-02"))
	require.Equal(t, "2027-10-01T23:59:59Z", ada.Expires.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, "https://wiki.example.com/data?page=1&view=all", (*ada.Links)[0].Href)
	require.Equal(t, "party", (*ada.Origins)[0].Actors[0].Type)
	require.Nil(t, behind("MNT-1")[0].Links, "a key is no address")
	require.Equal(t, "Nobody has stated it for this run.", behind("COMP-3")[0].Remarks)
	require.Len(t, behind("SEC-2"), 1, "a checker that failed has the report behind it")

	var people []string
	for _, party := range *models.AssessmentResults.Metadata.Parties {
		people = append(people, party.Name)
	}
	require.ElementsMatch(t, []string{"Ada Lovelace", "Operations", "Platform team"}, people)
	require.Len(t, *models.AssessmentResults.Results[0].Attestations, 2)
}

// Only what a browser may open is a link; the rest stays text.
func TestLinks(t *testing.T) {
	for link, want := range map[string]bool{
		"https://wiki.example.com/a": true, "http://wiki.example.com": true, "javascript://x/%0aalert(1)": false, "GH-7": false, "https:": false, ":": false, "": false,
	} {
		r := readinesstest.Rich()
		for i := range r.Items {
			if o := r.Items[i].Overlay; o != nil {
				o.Link = link
			}
		}
		require.Equal(t, want, strings.Contains(string(written(t, r)), `"rel":"reference"`), link)
	}
}

// What was read last ends the run, and what has no time has the run's.
func TestTimes(t *testing.T) {
	r := readinesstest.Rich()
	late := r.Started.Add(time.Hour)
	r.Evidence[0].At, r.Evidence[1].At = late, time.Time{}
	result := read(t, written(t, r)).AssessmentResults.Results[0]
	require.True(t, result.End.Equal(late))
	require.True(t, (*result.Observations)[0].Collected.Equal(late))
	require.True(t, (*result.Observations)[1].Collected.Equal(r.Started))
}

func TestRisks(t *testing.T) {
	p := partsOf(read(t, written(t, readinesstest.Rich())))
	require.Len(t, p.risks, 4, "three that fail and one whose checker did")
	open, waived := p.risks["DB-3"], p.risks["CACHE-1"]
	require.Equal(t, "open", open.Status)
	require.Nil(t, open.Deadline)
	require.Len(t, *open.Remediations, 1)
	require.Contains(t, (*open.Remediations)[0].Description, "database gatehouse-staging-postgres: Set the backup retention to 7 days")
	require.Equal(t, "deviation-approved", waived.Status)
	require.Equal(t, "2026-11-30T23:59:59Z", waived.Deadline.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, []types.Facet{{Name: "deviation", System: "urn:gatehouse:oscal", Value: "risk-acceptance"}}, (*waived.Characterizations)[1].Facets)
	require.Equal(t, types.Property{Name: "type", Value: "accept"}, (*(*waived.Remediations)[1].Props)[0])
	require.Equal(t, "completed", (*waived.Remediations)[1].Lifecycle)
	require.Len(t, p.risks["SEC-4"].UUID, 36)
}

func TestReviewedControls(t *testing.T) {
	selected := map[string][]string{}
	for _, s := range read(t, written(t, readinesstest.Rich())).AssessmentResults.Results[0].ReviewedControls.ControlSelections {
		name, _, _ := strings.Cut(s.Description, ":")
		for _, c := range *s.IncludeControls {
			selected[name] = append(selected[name], c.ControlId)
		}
	}
	require.Contains(t, selected["The checklist"], "item-K8S-1")
	require.Contains(t, selected["NIST 800-53 Rev. 5"], "cp-9")
	require.Contains(t, selected["ISO 27001"], "iso-27001-a.8.13")
	require.Contains(t, selected["CIS EKS"], "cis-eks-4.3.2")
	var uncovered string
	for _, f := range readinesstest.Rich().Frameworks {
		for _, c := range f.Controls {
			if f.Name == "SOC 2" && c.Status == readiness.NotCovered {
				uncovered = "soc-2-" + strings.ToLower(c.ID)
			}
		}
	}
	require.NotEmpty(t, uncovered)
	for _, ids := range selected {
		require.NotContains(t, ids, uncovered, "nobody looked at it")
	}
}

// A standard of which nothing was looked at is not selected: nothing would be.
func TestReviewedControlsOfNoStandard(t *testing.T) {
	r := readinesstest.Rich()
	r.Frameworks = append(r.Frameworks, readiness.Framework{Name: "PCI DSS", Controls: []readiness.Control{{ID: "1.1", Status: readiness.NotCovered}}})
	require.NotContains(t, string(written(t, r)), "PCI DSS")
}

func TestControlsOfStandards(t *testing.T) {
	r := readinesstest.Rich()
	r.Frameworks = nil
	for requirement, want := range map[string]string{"SI-4(5)": "si-4.5", "AC-2": "ac-2", "800": "_800"} {
		r.Items[0].Frameworks[0].Requirement = requirement
		require.Contains(t, string(written(t, r)), `"control-id":"`+want+`"`)
	}
}

func TestWriteRefusesWhatMakesNoDocument(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*readiness.Run)
		want   string
	}{
		"no items":               {func(r *readiness.Run) { r.Items = nil }, "has no items"},
		"missing evidence":       {func(r *readiness.Run) { r.Evidence = r.Evidence[1:] }, "which the run does not hold"},
		"two items alike":        {func(r *readiness.Run) { r.Items = append(r.Items, r.Items[0]) }, "the objective K8S-1 is defined twice"},
		"a run before its start": {func(r *readiness.Run) { r.Seconds = -3600; r.Evidence = nil; r.Items = r.Items[8:9] }, "ends before it starts"},
		"no time":                {func(r *readiness.Run) { r.Started = r.Started.AddDate(-2025, 0, 0) }, "is no time that OSCAL can write"},
	} {
		t.Run(name, func(t *testing.T) {
			r := readinesstest.Rich()
			c.change(&r)
			var out bytes.Buffer
			require.ErrorContains(t, oscal.Write(&out, r), c.want)
			require.ErrorContains(t, oscal.Write(&out, r), "write OSCAL: ")
			require.Zero(t, out.Len(), "nothing is written")
		})
	}
}
