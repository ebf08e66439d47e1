package pack

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// needed are the modules to compile for a part, by the name of their file: its own
// and those helpers that it refers to. What only other parts refer to would make a
// start longer; a helper that nobody refers to is with all of them, so that what is
// wrong with it is told.
func (p *Pack) needed(part string) map[string]*ast.Module {
	modules, reached := map[string]*ast.Module{}, p.reached()
	for name, module := range p.Modules {
		words, err := packageOf(module)
		stray := err == nil && words[0] == lib && len(reached[name]) == 0
		if stray || slices.Contains(reached[name], part) {
			modules[name] = module
		}
	}
	return modules
}

// reach tells which parts refer to each module, by the name of its file, directly
// or through helpers.
func (p *Pack) reach() map[string][]string {
	reached := map[string][]string{}
	helpers := map[string][]string{} // files by name; all of them under ""
	for name, module := range p.Modules {
		if words, err := packageOf(module); err == nil && words[0] == lib {
			helpers[words[1]] = append(helpers[words[1]], name)
			helpers[""] = append(helpers[""], name)
		}
	}
	refers := map[string][]string{}
	for part := range p.compilers {
		var open []string
		for name, module := range p.Modules {
			if words, err := packageOf(module); err == nil && words[0] == part {
				open = append(open, name)
			}
		}
		for seen := map[string]bool{}; len(open) > 0; {
			name := open[len(open)-1]
			open = open[:len(open)-1]
			if seen[name] {
				continue
			}
			seen[name] = true
			reached[name] = append(reached[name], part)
			if refers[name] == nil {
				refers[name] = refersTo(p.Modules[name])
			}
			for _, helper := range refers[name] {
				open = append(open, helpers[helper]...)
			}
		}
	}
	return reached
}

// refersTo are the helpers that a module names: NAME of data.gatehouse.lib.NAME, in
// an import or where it is used. A reference that may mean any is "".
func refersTo(module *ast.Module) []string {
	path := []*ast.Term{ast.DefaultRootDocument, ast.StringTerm(root), ast.StringTerm(lib)}
	names := map[string]bool{}
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		for i, step := range ref[:min(len(ref), len(path))] {
			if _, known := step.Value.(ast.String); i > 0 && !known {
				names[""] = true
				return false
			}
			if !step.Equal(path[i]) {
				return false
			}
		}
		name := ast.String("")
		if len(ref) > len(path) {
			name, _ = ref[len(path)].Value.(ast.String)
		}
		names[string(name)] = true
		return false
	})
	return slices.Collect(maps.Keys(names))
}
