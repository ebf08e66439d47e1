// Package project reads what a project says of its policies: levels and
// parameters in policy-config.yaml, exceptions in waivers.yaml, and rules of its
// own.
//
// Both the command line and the engine's analyzer begin here, so that they judge
// alike.
package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gatehouse/policies"
	"gatehouse/policies/evaluate"
	"gatehouse/policies/pack"
	"gatehouse/report"
	"gatehouse/report/waivers"
)

// Project is a folder with a Pulumi.yaml, and its policies.
type Project struct {
	// Root is the folder, "" when there is none: then nothing is configured.
	Root    string
	Pack    *pack.Pack
	Config  pack.Config
	Waivers []report.Waiver
}

// Root finds the nearest folder upwards that has a Pulumi.yaml; "" when none
// has.
func Root(from string) string {
	for dir := from; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"Pulumi.yaml", "Pulumi.yml"} {
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
				return dir
			}
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// Load reads the rules that are built in, those of the project's own folder of
// rules, and the files at the root that are there.
func Load(root string) (Project, error) {
	p := Project{Root: root}
	config, err := p.read(pack.ConfigFile)
	if err != nil {
		return Project{}, err
	}
	folders := []fs.FS{policies.Rules()}
	own, err := pack.OwnRules(config)
	if err != nil {
		return Project{}, err
	}
	if own != "" {
		dir := filepath.Join(root, filepath.FromSlash(own))
		if _, err := os.Stat(dir); err != nil {
			return Project{}, fmt.Errorf("read the project's rules, which %s names: %w", pack.ConfigFile, err)
		}
		folders = append(folders, os.DirFS(dir))
	}
	if p.Pack, err = pack.Load(folders...); err != nil {
		return Project{}, err
	}
	if p.Config, err = p.Pack.ParseConfig(pack.ConfigFile, config); err != nil {
		return Project{}, err
	}
	exceptions, err := p.read(waivers.FileName)
	if err != nil {
		return Project{}, err
	}
	p.Waivers, err = waivers.Parse(waivers.FileName, exceptions)
	return p, err
}

// read returns a file at the root, nothing when it is not there.
func (p Project) read(name string) ([]byte, error) {
	if p.Root == "" {
		return nil, nil
	}
	content, err := os.ReadFile(filepath.Join(p.Root, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content, nil
}

// Evaluator is the one for an environment; more settings go over the project's.
func (p Project) Evaluator(stack string, more ...pack.Settings) (*evaluate.Evaluator, error) {
	settings, err := p.Pack.Resolve(append(p.Config.Layers(stack), more...)...)
	if err != nil {
		return nil, err
	}
	return evaluate.New(p.Pack, settings, evaluate.Options{Stack: stack}), nil
}

// Waive lays the project's waivers over findings. complete says that they are
// those of a whole environment, so that a waiver which covers none is unused.
// Waivers of checklist items are the readiness checks' business.
func (p Project) Waive(findings []report.Finding, stack string, now time.Time, complete bool) []report.Finding {
	ofRules := slices.DeleteFunc(slices.Clone(p.Waivers), func(w report.Waiver) bool { return report.IsItem(w.Rule) })
	return waivers.Apply(findings, ofRules, waivers.Options{
		Now: now, Environment: stack, Rules: p.Pack.IDs(), File: waivers.FileName, Complete: complete,
	})
}
