package aws

import (
	"context"
	"sync"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// standIn is the provider plugin.
type standIn struct {
	plugin.UnimplementedProvider

	version semver.Version
	rows    map[string]*Resource
	clients *clients
	// defaultTags are the provider's default tags; Check merges them into each resource's own.
	defaultTags defaultTags

	mu sync.Mutex
	// known are the resources that the engine has spoken of, by type and ID: these are never adopted.
	known map[string]bool
	// named are the auto-names that the engine has in its state, by URN: a replacement needs another one.
	named map[string]string
}

// New returns the stand-in for the AWS provider plugin of a version, e.g. "6.83.0". It serves nothing until
// Configure has accepted an endpoint on this machine. An unreadable version is told as 0.0.0.
func New(version string) plugin.Provider {
	v, err := semver.ParseTolerant(version)
	if err != nil {
		v = semver.Version{}
	}
	return &standIn{version: v, rows: table(), known: map[string]bool{}, named: map[string]string{}}
}

// Handshake tells the engine that secrets may be sent as such.
func (p *standIn) Handshake(context.Context, plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	return &plugin.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

// Attach lets the engine use a stand-in that runs already (PULUMI_DEBUG_PROVIDERS).
func (p *standIn) Attach(string) error { return nil }

// GetPluginInfo tells the version.
func (p *standIn) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{Version: &p.version}, nil
}

// SignalCancellation does nothing: each call has its own context and a time limit of seconds.
func (p *standIn) SignalCancellation(context.Context) error { return nil }

// Close does nothing: the stand-in holds no resources.
func (p *standIn) Close() error { return nil }

// remember notes that the engine knows a resource, and under which auto-name.
func (p *standIn) remember(row *Resource, urn, id string, in props) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[row.Token+"::"+id] = true
	if name, ok := in[row.Name].(string); ok {
		p.named[urn] = name
	}
}

// forget notes that a resource is gone.
func (p *standIn) forget(row *Resource, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, row.Token+"::"+id)
}

// knows reports whether the engine has spoken of a resource.
func (p *standIn) knows(row *Resource, id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[row.Token+"::"+id]
}
