package kubernetes

import (
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// releaseToken is the one type that is only pretended: charts cannot be had
// offline, and what they install is not run here.
const releaseToken = "kubernetes:helm.sh/v3:Release"

// Simulated says whether a type is kept in Pulumi's state alone: its resources
// look deployed, and nothing is in the API server.
func Simulated(token string) bool { return token == releaseToken }

// checkRelease names the release and judges what the engine cannot do without.
func checkRelease(req plugin.CheckRequest) (plugin.CheckResponse, error) {
	inputs := maps.Clone(req.News)
	if chart := reveal(inputs["chart"]); chart.IsNull() {
		return plugin.CheckResponse{Properties: inputs, Failures: []plugin.CheckFailure{{
			Property: "chart", Reason: "a Helm release needs a chart",
		}}}, nil
	}
	if inputs["name"].IsNull() {
		made, ok := stringAt(req.Olds, "name")
		if !ok {
			var err error
			if made, err = autoname(req); err != nil {
				return plugin.CheckResponse{}, fmt.Errorf("name release %s: %w", req.Name, err)
			}
		}
		inputs["name"] = resource.NewProperty(made)
	}
	return plugin.CheckResponse{Properties: inputs}, nil
}

// releaseIdentity is what makes a release this release and no other.
func releaseIdentity() []immutable { return paths("name", "namespace") }

func createRelease(req plugin.CreateRequest, namespace string) plugin.CreateResponse {
	if req.Preview {
		return plugin.CreateResponse{Properties: req.Properties}
	}
	if given, ok := stringAt(req.Properties, "namespace"); ok {
		namespace = given
	}
	name, _ := stringAt(req.Properties, "name")
	return plugin.CreateResponse{
		ID:         makeID(namespace, name),
		Properties: deployed(req.Properties, namespace, name, 1),
	}
}

func updateRelease(req plugin.UpdateRequest) plugin.UpdateResponse {
	if req.Preview {
		return plugin.UpdateResponse{Properties: req.NewInputs}
	}
	revision := 1.0
	if status := reveal(req.OldOutputs["status"]); status.IsObject() {
		if last := status.ObjectValue()["revision"]; last.IsNumber() {
			revision = last.NumberValue()
		}
	}
	namespace, name := splitID(req.ID)
	return plugin.UpdateResponse{Properties: deployed(req.NewInputs, namespace, name, revision+1)}
}

func deployed(inputs resource.PropertyMap, namespace, name string, revision float64) resource.PropertyMap {
	state := maps.Clone(inputs)
	chart, _ := stringAt(inputs, "chart")
	version, _ := stringAt(inputs, "version")
	state["namespace"] = resource.NewProperty(namespace)
	state["resourceNames"] = resource.NewProperty(resource.PropertyMap{})
	state["status"] = resource.NewProperty(resource.PropertyMap{
		"name":      resource.NewProperty(name),
		"namespace": resource.NewProperty(namespace),
		"chart":     resource.NewProperty(chart),
		"version":   resource.NewProperty(version),
		"revision":  resource.NewProperty(revision),
		"status":    resource.NewProperty("deployed"),
	})
	return state
}
