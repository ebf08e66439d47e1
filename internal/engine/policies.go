package engine

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"gatehouse/policies/analyzer"
	"gatehouse/report"
)

// Policies says how the policy pack judges an operation.
type Policies struct {
	// Analyzer is the path of the binary pulumi-analyzer-policy-gatehouse.
	Analyzer string
	// Observe finds everything and stops nothing; otherwise the first resource
	// that breaks a mandatory rule ends the operation.
	Observe bool

	folder    string
	positions *positions
}

// analyzerName is what the engine looks for on PATH.
const analyzerName = "pulumi-analyzer-policy-gatehouse"

// Beside finds the analyzer beside the gatehouse binary.
func Beside(executable string) (string, error) {
	path := filepath.Join(filepath.Dir(executable), analyzerName)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("find the policies' analyzer beside gatehouse: %w; `make build` builds both", err)
	}
	return path, nil
}

// prepare writes the pack's folder and empties its trail. It lies inside the
// project, where the analyzer looks for policy-config.yaml and waivers.yaml.
func (p *Policies) prepare(o Options) error {
	p.positions = &positions{at: map[string]report.Location{}}
	p.folder = filepath.Join(o.Root, ".gatehouse", o.Stack, "policies")
	if err := os.MkdirAll(p.folder, 0o700); err != nil {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	if err := renameio.WriteFile(filepath.Join(p.folder, "PulumiPolicy.yaml"), []byte("runtime: gatehouse\n"), 0o600); err != nil {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	link := filepath.Join(p.folder, analyzerName)
	if err := os.Remove(link); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	if err := os.Symlink(p.Analyzer, link); err != nil {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	if err := renameio.WriteFile(p.Trail(), nil, 0o600); err != nil {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	return nil
}

// Trail is the file that has what was found, once an operation has ended.
func (p *Policies) Trail() string { return filepath.Join(p.folder, "found.jsonl") }

// Position is where the program registers a resource, TYPE::NAME; nil when it
// did not in this run.
func (p *Policies) Position(subject string) *report.Location {
	p.positions.mu.Lock()
	defer p.positions.mu.Unlock()
	if at, known := p.positions.at[subject]; known {
		return &at
	}
	return nil
}

// packs are the engine's policy packs.
func (p *Policies) packs() []string {
	if p == nil {
		return nil
	}
	return []string{p.folder}
}

// environ is what the engine and the analyzer that it starts are told.
func (p *Policies) environ(path string) []string {
	if p == nil {
		return nil
	}
	environ := []string{
		"PATH=" + p.folder + string(os.PathListSeparator) + path,
		analyzer.TrailVariable + "=" + p.Trail(),
	}
	if p.Observe {
		environ = append(environ, analyzer.ObserveVariable+"=yes")
	}
	return environ
}
