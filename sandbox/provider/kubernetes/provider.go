// Package kubernetes is the sandbox's stand-in for Pulumi's Kubernetes provider
// plugin. It serves the resource types of pulumi-kubernetes to the real Pulumi
// engine and keeps them in a real API server on this machine: server-side
// apply, dry runs at preview, waiting until things are ready, drift by
// property, deletion with propagation.
//
// It is test equipment. It talks to loopback addresses only (connect.go), and
// where the official plugin is installed, that one is used instead. The fake
// part is small: Helm releases are kept in state alone (simulated.go).
//
// One concern a file: configure and connect (which API server), token and
// object (types and values), check, diff, apply, read, delete (the life of a
// resource), await (when it is ready) and await_KIND (what ready means).
package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Provider is the stand-in. The engine calls Configure before anything else,
// and the other methods concurrently after it.
type Provider struct {
	plugin.UnimplementedProvider

	version  string
	settings settings
	// cluster is nil while the kubeconfig is not known yet, at a preview.
	cluster *cluster
	log     *diagnostics
	// stop ends every call in progress when the engine cancels.
	lifetime context.Context
	stop     context.CancelFunc
}

// New makes the stand-in. The version is what it tells the engine about itself:
// the version of the SDK whose types it serves, such as "4.30.0".
func New(version string) plugin.Provider {
	lifetime, stop := context.WithCancel(context.Background())
	return &Provider{version: version, log: newDiagnostics(), lifetime: lifetime, stop: stop}
}

// Handshake keeps the engine's address, to which warnings are sent, and says
// what this provider understands.
func (p *Provider) Handshake(_ context.Context, req plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	if err := p.log.connect(req.EngineAddress); err != nil {
		return nil, err
	}
	return &plugin.ProviderHandshakeResponse{
		AcceptSecrets:                   true,
		SupportsAutonamingConfiguration: true,
	}, nil
}

// Attach is Handshake's part for an engine that finds the provider running
// (PULUMI_DEBUG_PROVIDERS).
func (p *Provider) Attach(address string) error { return p.log.connect(address) }

// GetPluginInfo gives the version that New was given.
func (p *Provider) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version, err := semver.ParseTolerant(p.version)
	if err != nil {
		return plugin.PluginInfo{}, fmt.Errorf("read version %q of the kubernetes stand-in: %w", p.version, err)
	}
	return plugin.PluginInfo{Version: &version}, nil
}

// GetSchema gives a schema without types: the API server knows the real one,
// and judges by it.
func (p *Provider) GetSchema(context.Context, plugin.GetSchemaRequest) (plugin.GetSchemaResponse, error) {
	schema, err := json.Marshal(map[string]string{"name": "kubernetes", "version": p.version})
	return plugin.GetSchemaResponse{Schema: schema}, err
}

// Invoke refuses every function: the stand-in serves resources only.
func (p *Provider) Invoke(_ context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	return plugin.InvokeResponse{}, fmt.Errorf("the sandbox's kubernetes provider has no function %s", req.Tok)
}

// Construct refuses every component that the official plugin would unfold.
func (p *Provider) Construct(_ context.Context, req plugin.ConstructRequest) (plugin.ConstructResponse, error) {
	return plugin.ConstructResponse{}, fmt.Errorf(
		"the sandbox's kubernetes provider has no component %s; declare its resources one by one", req.Type)
}

// SignalCancellation ends the calls in progress; what they were doing is
// reported as cancelled.
func (p *Provider) SignalCancellation(context.Context) error {
	p.stop()
	return nil
}

// Close ends the calls in progress and lets go of the engine.
func (p *Provider) Close() error {
	p.stop()
	return p.log.close()
}

// begin joins a call's context with the provider's lifetime and names the
// resource that warnings during this call belong to.
func (p *Provider) begin(ctx context.Context, urn resource.URN) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(withResource(ctx, urn))
	unhook := context.AfterFunc(p.lifetime, cancel)
	return ctx, func() { unhook(); cancel() }
}
