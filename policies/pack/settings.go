package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/report"
)

// Levels are all levels that a rule can have.
var Levels = []report.Level{report.Advisory, report.Mandatory, report.Remediate, report.Disabled}

// Setting is what an environment says of one rule.
type Setting struct {
	// Level is "" for the rule's own.
	Level report.Level
	// Parameters are those that differ from their defaults.
	Parameters map[string]any
}

// Settings are those of an environment, by the ID of the rule.
type Settings map[string]Setting

// Resolve lays settings over what the rules say themselves, later ones over
// earlier ones, and returns a setting for every rule. The error names every
// unknown rule or parameter and every value that its schema refuses.
func (p *Pack) Resolve(layers ...Settings) (Settings, error) {
	all := Settings{}
	for _, rule := range p.Rules {
		s := Setting{Level: rule.Level, Parameters: map[string]any{}}
		for name, parameter := range rule.Parameters {
			s.Parameters[name] = parameter["default"]
		}
		all[rule.ID] = s
	}
	var problems []string
	for _, layer := range layers {
		for _, id := range slices.Sorted(maps.Keys(layer)) {
			if wrong := p.check(id, layer[id]); len(wrong) > 0 {
				problems = append(problems, wrong...)
				continue
			}
			s := all[id]
			if layer[id].Level != "" {
				s.Level = layer[id].Level
			}
			maps.Copy(s.Parameters, layer[id].Parameters)
			all[id] = s
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("configure the policies:\n%s", strings.Join(problems, "\n"))
	}
	return all, nil
}

// check tells what is wrong with a setting.
func (p *Pack) check(id string, s Setting) []string {
	rule, known := p.Rule(id)
	if !known {
		return []string{fmt.Sprintf("%s: no such rule%s", id, p.suggest(id))}
	}
	var wrong []string
	if s.Level != "" && !slices.Contains(Levels, s.Level) {
		wrong = append(wrong, fmt.Sprintf("%s: level %q: expected advisory, mandatory, remediate or disabled", id, s.Level))
	}
	if s.Level == report.Remediate && !rule.Remedies {
		wrong = append(wrong, fmt.Sprintf("%s: level remediate: the rule knows no safe value to set; use mandatory", id))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Parameters)) {
		schema, known := rule.Parameters[name]
		if !known {
			wrong = append(wrong, fmt.Sprintf("%s: no parameter %q%s", id, name, has(rule.Parameters)))
			continue
		}
		if err := schema.validate(s.Parameters[name]); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: parameter %s: %v", id, name, err))
		}
	}
	return wrong
}

func has(parameters map[string]Parameter) string {
	if len(parameters) == 0 {
		return "; it has none"
	}
	return "; it has " + strings.Join(slices.Sorted(maps.Keys(parameters)), ", ")
}

func sorted(list []string) []string { slices.Sort(list); return list }
