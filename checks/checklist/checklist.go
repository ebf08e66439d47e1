// Package checklist is the two guides' checkboxes as data: what each item is
// called, how bad it is when it does not hold, who decides it and by which
// figures. The items themselves are in checks/checklist.yaml; what decides them
// lives in checks/judge.
package checklist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/checks/judge"
	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Guides that items come from.
const (
	// Readiness and Deployment have 42 and 26 checkboxes.
	Readiness  = "readiness"
	Deployment = "deployment"
	// Maintenance is the readiness guide's list of 16 for a maintenance window,
	// Procedures are the steps that it describes around a deployment.
	Maintenance = "maintenance"
	Procedures  = "procedures"
)

var guides = []string{Readiness, Deployment, Maintenance, Procedures}

// Item is one checkbox.
type Item struct {
	// ID is its name everywhere, e.g. DB-3.
	ID      string `yaml:"id"`
	Guide   string `yaml:"guide"`
	Section string `yaml:"section"`
	// Title is the checkbox's head, Text all of its words.
	Title    string          `yaml:"title"`
	Text     string          `yaml:"text"`
	Severity report.Severity `yaml:"severity"`
	Phase    readiness.Phase `yaml:"phase"`
	// Layer is the layer of an environment that it is about, one of
	// [readiness.LayerNames]; "" for the way that people work.
	Layer string `yaml:"layer"`
	// Checkers decide it on live evidence, by their IDs.
	Checkers []string `yaml:"checkers"`
	// Policies are what the rules that decide it say of themselves in their
	// framework Guide: "readiness: Cluster Version". Rules is a glob over their
	// IDs, where two checkboxes have one name.
	Policies []string `yaml:"policies"`
	Rules    string   `yaml:"rules"`
	// Attestation is what a person must state, "" when nobody has to.
	Attestation string `yaml:"attestation"`
	// Thresholds are the figures that the checkers judge by.
	Thresholds judge.Thresholds `yaml:"thresholds"`
	// Remediation says what to do when it fails.
	Remediation string             `yaml:"remediation"`
	Frameworks  []report.Framework `yaml:"frameworks"`
}

// Live tells whether something else than a person decides it.
func (i Item) Live() bool { return len(i.Checkers) > 0 }

// Decides tells whether a rule of the policies decides the item.
func (i Item) Decides(rule report.Rule) bool {
	if i.Rules != "" {
		if matched, _ := path.Match(i.Rules, rule.ID); !matched {
			return false
		}
	}
	return slices.ContainsFunc(rule.Frameworks, func(f report.Framework) bool {
		return f.Name == "Guide" && slices.Contains(i.Policies, f.Requirement)
	})
}

// Parse reads a checklist; name is for its messages. It reads nothing by halves.
func Parse(name string, content []byte) ([]Item, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var file struct {
		Items []Item `yaml:"items"`
	}
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read checklist: %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(file.Items) == 0 {
		return nil, fmt.Errorf("read checklist: %s has no items", name)
	}
	seen := map[string]bool{}
	var problems []error
	for _, item := range file.Items {
		for _, problem := range item.check() {
			problems = append(problems, fmt.Errorf("%s: item %s: %s", name, item.ID, problem))
		}
		if seen[item.ID] {
			problems = append(problems, fmt.Errorf("%s: item %s is there twice", name, item.ID))
		}
		seen[item.ID] = true
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("read checklist: %w", errors.Join(problems...))
	}
	return file.Items, nil
}

func (i Item) check() []string {
	var problems []string
	want := func(ok bool, text string) {
		if !ok {
			problems = append(problems, text)
		}
	}
	want(report.IsItem(i.ID), "want an ID such as DB-3")
	want(slices.Contains(guides, i.Guide), fmt.Sprintf("guide %q: want one of %s", i.Guide, strings.Join(guides, ", ")))
	want(i.Section != "" && i.Title != "" && i.Text != "", "section, title or text is missing")
	want(slices.Contains(report.Severities, i.Severity), fmt.Sprintf("severity %q: critical, high, medium or low", i.Severity))
	phases := []readiness.Phase{readiness.PreDeploy, readiness.PostDeploy, readiness.Periodic}
	want(slices.Contains(phases, i.Phase), fmt.Sprintf("phase %q: pre-deploy, post-deploy or periodic", i.Phase))
	want(i.Layer == "" || slices.Contains(readiness.LayerNames, i.Layer), fmt.Sprintf("layer %q: want one of %s, or none", i.Layer, strings.Join(readiness.LayerNames, ", ")))
	want(len(i.Checkers) > 0 || len(i.Policies) > 0 || i.Attestation != "", "nothing decides it: name checkers, policies or an attestation")
	want(i.Remediation != "", "remediation is missing")
	if _, err := path.Match(i.Rules, ""); err != nil {
		problems = append(problems, fmt.Sprintf("rules %q is no pattern", i.Rules))
	}
	return problems
}
