package engine

import (
	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"gatehouse/report"
)

// Result is what an operation did. Its JSON form is part of the CLI's contract.
type Result struct {
	// ChangeSummary counts resources by Pulumi's own operation names: create,
	// update, replace, delete, same, …
	ChangeSummary map[string]int `json:"changeSummary"`
	// Simulated counts the resources, by type, that exist only in the sandbox's
	// state because neither the emulator nor the API server has them.
	Simulated map[string]int `json:"simulated"`
	// Outputs are the stack's outputs; secrets read "[secret]".
	Outputs map[string]any `json:"outputs"`
	// Layers counts the resources of each layer, whatever became of them.
	Layers map[string]int `json:"layers"`
	// Changes are the resources that are not the same, in URN order.
	Changes []Change `json:"changes"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	// Policies counts what the policies found; nil when they were not asked.
	Policies *report.Summary `json:"policies,omitempty"`
}

// Changed tells whether anything is not the same.
func (r Result) Changed() bool { return len(r.Changes) > 0 }

// Change is one resource that an operation changed, or found changed.
type Change struct {
	URN       string `json:"urn"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Operation string `json:"operation"`
	// Properties are the paths that differ.
	Properties []string `json:"properties,omitempty"`
}

// hidden is shown in place of a secret.
const hidden = "[secret]"

func publish(outputs auto.OutputMap) map[string]any {
	public := make(map[string]any, len(outputs))
	for name, output := range outputs {
		public[name] = output.Value
		if output.Secret {
			public[name] = hidden
		}
	}
	return public
}
