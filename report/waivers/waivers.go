// Package waivers reads waivers.yaml strictly, lays its waivers over findings,
// and adds new ones to the file.
//
// A waiver hides nothing: the finding keeps its verdict and stays visible. What
// a waiver is stands in report; how a waived finding looks is report/render's.
package waivers

import (
	_ "embed"
	"reflect"
	"slices"
	"strings"

	"gatehouse/report"
)

// FileName is where waivers are kept, beside Pulumi.yaml.
const FileName = "waivers.yaml"

//go:embed waivers.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of waivers.yaml, for editors.
func Schema() []byte { return slices.Clone(schema) }

// The rules about waivers themselves. What they find cannot be waived.
const (
	prefix      = "waiver-"
	Expired     = "waiver-expired"
	ExpiresSoon = "waiver-expires-soon"
	UnknownRule = "waiver-unknown-rule"
	Unused      = "waiver-unused"
)

var rules = []report.Rule{
	{
		ID: Expired, Title: "Waivers hold", Severity: report.Medium, Level: report.Mandatory,
		Description: "A waiver is a decision for a time. After its last day it waives nothing, and somebody must decide again.",
		Remediation: "Put the resource right and remove the waiver, or have it approved again with a new reason and expiry.",
	},
	{
		ID: ExpiresSoon, Title: "Waivers hold for another month", Severity: report.Low, Level: report.Advisory,
		Description: "What a waiver covers is denied again as soon as it expires; a month is time enough to put it right.",
		Remediation: "Put the resource right before the day, or have the waiver approved again.",
	},
	{
		ID: UnknownRule, Title: "Waivers name a rule that exists", Severity: report.Medium, Level: report.Mandatory,
		Description: "A waiver of a rule that does not exist waives nothing, while its readers believe that it does.",
		Remediation: "Correct the rule's ID (`gatehouse policy list` shows all), or remove the waiver.",
	},
	{
		ID: Unused, Title: "Waivers are needed", Severity: report.Low, Level: report.Advisory,
		Description: "A waiver that no finding needs will one day waive something that nobody has looked at.",
		Remediation: "Remove the waiver, or correct its resource pattern.",
	},
}

// Rules describes the rules about waivers themselves, sorted by ID.
func Rules() []report.Rule { return slices.Clone(rules) }

// keys are the keys of a waiver in the file, in the order of its type, and
// which of them must be there.
var keys, required = func() (all, required []string) {
	for field := range reflect.TypeFor[report.Waiver]().Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if name == "-" {
			continue
		}
		all = append(all, name)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	return all, required
}()
