// Package install does what brings plugins into the portal and out of it: it has
// the gate judge one, stages it, puts a set together into a generation, switches
// the portal to it, has it proved, and goes back when that fails.
//
// Each step is a Job of the cluster (components/plugins) that runs
// cmd/plugin-installer. What the steps work with is apart: the registry is
// plugins/npm's, the rules plugins/gate's, the volume plugins/store's and
// plugins/generation's, the Deployments plugins/rollout's, Backstage's own word
// plugins/prove's, the audit trail plugins/trail's.
package install

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
)

// Plugin is one plugin that configuration wants.
type Plugin struct {
	plugins.Ref
	// Integrity is what its tarball must be.
	Integrity plugins.Integrity `json:"integrity"`
	Strategy  plugins.Strategy  `json:"strategy"`
	// AppConfig is its fragment of app-config (YAML), "" for none. It has no
	// secrets: those are variables of the portal.
	AppConfig string `json:"appConfig,omitempty"`
}

// StageRequest is what a stage Job does: judge one plugin and put it into the
// store.
type StageRequest struct {
	Plugin Plugin `json:"plugin"`
	// Policy is the gate's (YAML, gate.ParsePolicy), with the exceptions of this
	// plugin and of no other: a change of another's runs nothing again.
	Policy string    `json:"policy"`
	Host   gate.Host `json:"host"`
}

// SetRequest is what an assemble or activate Job does: make a generation of
// staged plugins, or make it the portal's.
type SetRequest struct {
	// Plugins are all that configuration wants, by name.
	Plugins []Plugin `json:"plugins"`
	// Keep is how many generations stay when garbage is collected, at least 1.
	Keep int `json:"keep"`
	// Workload is what the portal runs (images, arguments): another one is proved
	// again though the plugins are the same.
	Workload string `json:"workload,omitempty"`
	// Build is the image that plugins were built into; nil when none needs one.
	Build *BuildRequest `json:"build,omitempty"`
}

// ParseStage reads a request strictly.
func ParseStage(text string) (StageRequest, error) {
	var r StageRequest
	if err := decode(text, &r); err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	return r, r.Plugin.check()
}

// ParseSet reads a request strictly.
func ParseSet(text string) (SetRequest, error) {
	var r SetRequest
	if err := decode(text, &r); err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	return r, r.check()
}

func (r SetRequest) check() error {
	if r.Keep < 1 {
		return fmt.Errorf("keep at least 1 generation, not %d", r.Keep)
	}
	for i, p := range r.Plugins {
		if err := p.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(r.Plugins[:i], func(q Plugin) bool { return q.Name == p.Name }) {
			return fmt.Errorf("plugin %s is there twice: Backstage ends on two versions of one", p.Name)
		}
	}
	if r.Build != nil {
		return r.Build.check()
	}
	return nil
}

func sortPlugins(list []Plugin) {
	slices.SortFunc(list, func(a, b Plugin) int { return cmp.Compare(a.Name, b.Name) })
}

func (p Plugin) check() error {
	if err := p.Check(); err != nil {
		return err
	}
	if _, err := plugins.ParseStrategy(string(p.Strategy)); err != nil {
		return fmt.Errorf("plugin %s: %w", p.Name, err)
	}
	return nil
}

func decode(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind it")
	}
	return nil
}

// Encode writes a request as its Job gets it: compact, and the same for the same
// request.
func Encode(request any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(request); err != nil {
		return "", fmt.Errorf("write a request: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// Hash is the first 10 hexadecimal digits of the SHA-256 of parts: what a Job is
// named by, since a Job's template cannot change.
func Hash(parts ...string) string {
	sum := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(sum, "%d %s", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil))[:10]
}
