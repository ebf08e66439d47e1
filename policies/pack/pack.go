// Package pack loads rules: it parses and compiles Rego modules, reads what
// their METADATA says, and knows the levels and parameters that an environment
// may set.
//
// Judging resources lives in policies/evaluate.
package pack

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"golang.org/x/sync/errgroup"
)

// Pack is a set of rules.
type Pack struct {
	// Rules are sorted by ID.
	Rules []Rule
	// Modules are those of rules and helpers, by the name of their file.
	Modules map[string]*ast.Module

	texts     map[string][]byte
	helpers   func() map[string]identity
	reached   func() map[string][]string
	compilers map[string]func() (*ast.Compiler, error)
}

// root is the package under which every rule lives; lib is the part of it that
// holds helpers and no rules.
const root, lib = "gatehouse", "lib"

// Load reads the rules of all folders: those of the pack and, when a project has
// them, its own. It reads what the rules say and compiles none of them yet: who
// only asks which rules there are does not wait for that.
func Load(folders ...fs.FS) (*Pack, error) {
	p := &Pack{Modules: map[string]*ast.Module{}, texts: map[string][]byte{}, compilers: map[string]func() (*ast.Compiler, error){}}
	for i, folder := range folders {
		parsed, err := parse(folder)
		if err != nil {
			return nil, err
		}
		for _, m := range parsed {
			name := m.name
			if i > 0 {
				name = fmt.Sprintf("%d/%s", i, name)
			}
			p.Modules[name], p.texts[name] = m.module, m.text
		}
	}
	p.helpers, p.reached = sync.OnceValue(p.identities), sync.OnceValue(p.reach)
	for name, module := range p.Modules {
		rule, is, err := newRule(name, module)
		if err != nil {
			return nil, fmt.Errorf("read rule %s: %w", name, err)
		}
		if is {
			p.Rules = append(p.Rules, rule)
			p.compilers[rule.Part] = nil
		}
	}
	for part := range p.compilers {
		p.compilers[part] = sync.OnceValues(func() (*ast.Compiler, error) { return p.compile(part) })
	}
	slices.SortFunc(p.Rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	for i := 1; i < len(p.Rules); i++ {
		if p.Rules[i].ID == p.Rules[i-1].ID {
			return nil, fmt.Errorf("read rule %s: %s has the same package %s; choose another", p.Rules[i].File, p.Rules[i-1].File, p.Rules[i].Package)
		}
	}
	return p, nil
}

// Compiler compiles a part of the pack, once.
func (p *Pack) Compiler(part string) (*ast.Compiler, error) { return p.compilers[part]() }

// Compile compiles all parts at once, and tells what is wrong with them.
func (p *Pack) Compile() error {
	var group errgroup.Group
	for _, compile := range p.compilers {
		group.Go(func() error { _, err := compile(); return err })
	}
	return group.Wait()
}

func (p *Pack) compile(part string) (*ast.Compiler, error) {
	compiler := ast.NewCompiler().WithStrict(true)
	if compiler.Compile(p.needed(part)); compiler.Failed() {
		return nil, fmt.Errorf("compile the rules: %w", compiler.Errors)
	}
	return compiler, nil
}

// source is a module that is parsed, and its text.
type source struct {
	name   string
	text   []byte
	module *ast.Module
}

// parse reads every module of a folder, on all processors: annotations make it
// most of the time that a start takes.
func parse(folder fs.FS) ([]source, error) {
	var found []source
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path.Ext(name) == ".rego" && !strings.HasSuffix(name, "_test.rego") {
			found = append(found, source{name: name})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the rules: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(8)
	for i := range found {
		group.Go(func() error {
			s := &found[i]
			var err error
			if s.text, err = fs.ReadFile(folder, s.name); err != nil {
				return fmt.Errorf("read rule %s: %w", s.name, err)
			}
			s.module, err = ast.ParseModuleWithOpts(s.name, string(s.text), ast.ParserOptions{ProcessAnnotation: true, RegoVersion: ast.RegoV1})
			if err != nil {
				return fmt.Errorf("parse rule %s: %w", s.name, err)
			}
			return nil
		})
	}
	return found, group.Wait()
}

// IDs are those of all rules, sorted.
func (p *Pack) IDs() []string {
	ids := make([]string, len(p.Rules))
	for i, rule := range p.Rules {
		ids[i] = rule.ID
	}
	return ids
}

// Rule returns the rule with an ID.
func (p *Pack) Rule(id string) (Rule, bool) {
	i, found := slices.BinarySearchFunc(p.Rules, id, func(r Rule, id string) int { return cmp.Compare(r.ID, id) })
	if !found {
		return Rule{}, false
	}
	return p.Rules[i], true
}
