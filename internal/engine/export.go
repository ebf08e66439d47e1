package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"gatehouse/report/readiness"
)

// Deployed is what the state of an environment says.
type Deployed struct {
	// Checkpoint is the JSON of `pulumi stack export --show-secrets`: it holds
	// secrets in plain text and must stay in memory.
	Checkpoint []byte
	// Outputs are the stack's, but for the secret ones.
	Outputs map[string]any
	// Inventory lists the resources.
	Inventory readiness.Deployed
}

// Export reads the state of an environment and changes nothing.
func Export(ctx context.Context, o Options) (Deployed, error) {
	if o.Notice == nil {
		o.Notice = func(string) {}
	}
	w := &environment{program: programOf(""), simulated: func(string) bool { return false }}
	options, err := w.workspace(o)
	if err != nil {
		return Deployed{}, err
	}
	workspace, err := auto.NewLocalWorkspace(ctx, options...)
	if err != nil {
		return Deployed{}, fmt.Errorf("open the workspace: %w", err)
	}
	exported, err := workspace.ExportStack(ctx, o.Stack)
	if ctx.Err() != nil {
		return Deployed{}, fmt.Errorf("read the state of %s: %w", o.Stack, ctx.Err())
	}
	if err != nil {
		return Deployed{}, fmt.Errorf("read the state of %s: %w; was it ever brought up? gatehouse up -s %s", o.Stack, backendHint(shorten(err)), o.Stack)
	}
	outputs, err := publicOutputs(exported.Deployment)
	if err != nil {
		return Deployed{}, fmt.Errorf("read the state of %s: %w", o.Stack, err)
	}
	checkpoint, err := json.Marshal(exported)
	if err != nil {
		return Deployed{}, fmt.Errorf("read the state of %s: %w", o.Stack, err)
	}
	resources, err := inventory(exported.Deployment, w.simulated)
	if err != nil {
		return Deployed{}, fmt.Errorf("read the state of %s: %w", o.Stack, err)
	}
	return Deployed{Checkpoint: checkpoint, Outputs: outputs, Inventory: resources}, nil
}

// publicOutputs are the outputs of the stack's own resource that are no secrets.
func publicOutputs(deployment json.RawMessage) (map[string]any, error) {
	var state struct {
		Resources []struct {
			Type    string         `json:"type"`
			Outputs map[string]any `json:"outputs"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(deployment, &state); err != nil {
		return nil, err
	}
	for _, resource := range state.Resources {
		if resource.Type != "pulumi:pulumi:Stack" {
			continue
		}
		for name, value := range resource.Outputs {
			if wrapped, is := value.(map[string]any); is && wrapped[secretSignature] != nil {
				delete(resource.Outputs, name)
			}
		}
		return resource.Outputs, nil
	}
	return nil, nil
}

// secretSignature is the key that marks a wrapped value, such as a secret, in
// Pulumi's state (pulumi/sdk, resource.SigKey).
const secretSignature = "4dabf18193072939515e22adb298388d"
