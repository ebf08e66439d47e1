// Package policies is the policy pack: the Rego rules, with the cases that test
// them, as they are built into the binaries.
//
// Loading them lives in policies/pack, judging with them in policies/evaluate,
// what they judge in policies/input, and the engine's side in policies/analyzer.
package policies

import (
	"embed"
	"io/fs"
)

//go:embed rules
var files embed.FS

// Rules is the folder of rules: *.rego, and beside each its cases as *.yaml.
func Rules() fs.FS {
	rules, err := fs.Sub(files, "rules")
	if err != nil {
		panic(err) // the name is the one embedded above
	}
	return rules
}
