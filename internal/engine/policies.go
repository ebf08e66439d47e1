package engine

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"gatehouse/internal/engine/registered"
	"gatehouse/policies/analyzer"
	"gatehouse/policies/evaluate"
	"gatehouse/report"
)

// Policies says how the policy pack judges an operation.
type Policies struct {
	// Judge is who judges.
	Judge Judge
	// Evaluator has the rules of the environment, for Here.
	Evaluator *evaluate.Evaluator
	// Analyzer is the path of the binary pulumi-analyzer-policy-gatehouse, for
	// Observe and Enforce.
	Analyzer string

	folder    string
	positions *positions
	// reader hears the program, for Here.
	reader   *registered.Reader
	found    report.Result
	complete bool
}

// Judge is who judges an operation.
type Judge string

const (
	// Here judges in this process what the program registers, when a preview
	// has ended. It stops nothing, and costs little: the engine asks nobody.
	Here Judge = "here"
	// Observe lets the engine ask its analyzer, which finds everything and stops
	// nothing.
	Observe Judge = "observe"
	// Enforce lets the engine ask its analyzer: the first resource that breaks a
	// mandatory rule ends the operation.
	Enforce Judge = "enforce"
)

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

// prepare begins to hear the program, or writes the folder of the engine's pack
// and empties its trail. That lies inside the project, where the analyzer looks
// for policy-config.yaml and waivers.yaml.
func (p *Policies) prepare(o Options) error {
	p.positions = &positions{at: map[string]report.Location{}}
	if p.Judge == Here {
		p.reader = registered.NewReader()
		return nil
	}
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
	if err := renameio.WriteFile(p.trail(), nil, 0o600); err != nil {
		return fmt.Errorf("prepare the policies: %w", err)
	}
	return nil
}

// trail is the file that has what the analyzer has found.
func (p *Policies) trail() string { return filepath.Join(p.folder, "found.jsonl") }

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

// inEngine is whether the engine asks its analyzer.
func (p *Policies) inEngine() bool { return p != nil && p.Judge != Here }

// packs are the engine's policy packs.
func (p *Policies) packs() []string {
	if !p.inEngine() {
		return nil
	}
	return []string{p.folder}
}

// environ is what the engine and the analyzer that it starts are told.
func (p *Policies) environ(path string) []string {
	if !p.inEngine() {
		return nil
	}
	environ := []string{
		"PATH=" + p.folder + string(os.PathListSeparator) + path,
		analyzer.TrailVariable + "=" + p.trail(),
	}
	if p.Judge == Observe {
		environ = append(environ, analyzer.ObserveVariable+"=yes")
	}
	return environ
}
