package pack

import "github.com/open-policy-agent/opa/v1/ast"

// identity is what a helper looks at: whether that is what a resource is called,
// and which other modules it imports.
type identity struct {
	looks   bool
	imports []string
}

// identities are those of the modules of lib, by their packages.
func (p *Pack) identities() map[string]identity {
	found := map[string]identity{}
	for _, module := range p.Modules {
		if words, err := packageOf(module); err == nil && words[0] == lib {
			found[module.Package.Path.String()] = identityOf(module)
		}
	}
	return found
}

func identityOf(module *ast.Module) identity {
	var i identity
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		if ref.HasPrefix(ast.InputRootRef) {
			i.looks = i.looks || len(ref) < 2 || ref[1].Value.Compare(ast.String("properties")) != 0 &&
				ref[1].Value.Compare(ast.String("type")) != 0 && ref[1].Value.Compare(ast.String("stack")) != 0
		}
		return i.looks
	})
	for _, other := range module.Imports {
		i.imports = append(i.imports, other.Path.String())
	}
	return i
}

// Identifies tells whether a rule looks at what a resource is called, or whether
// it is protected, and not only at its properties.
func (p *Pack) Identifies(rule Rule) bool {
	helpers, seen := p.helpers(), map[string]bool{}
	own := identityOf(p.Modules[rule.File])
	looks := own.looks
	for open := own.imports; len(open) > 0 && !looks; open = open[1:] {
		if helper, is := helpers[open[0]]; is && !seen[open[0]] {
			seen[open[0]], looks = true, helper.looks
			open = append(open, helper.imports...)
		}
	}
	return looks
}
