package pack

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
)

// WriteBundle writes the rules and the parameters of an environment as an OPA
// bundle, for `opa eval` and whatever else reads bundles. The same rules and
// settings make the same bytes.
func (p *Pack) WriteBundle(w io.Writer, settings Settings) error {
	parameters := map[string]any{}
	for id, s := range settings {
		plain, err := viaJSON(s.Parameters)
		if err != nil {
			return fmt.Errorf("write the bundle: %s: %w", id, err)
		}
		parameters[id] = plain
	}
	roots := []string{root, "parameters"}
	version := ast.RegoV1.Int()
	b := bundle.Bundle{
		Manifest: bundle.Manifest{Roots: &roots, RegoVersion: &version},
		Data:     map[string]any{"parameters": parameters},
	}
	for name, module := range p.Modules {
		b.Modules = append(b.Modules, bundle.ModuleFile{URL: "/" + name, Path: "/" + name, Parsed: module, Raw: p.texts[name]})
	}
	slices.SortFunc(b.Modules, func(a, b bundle.ModuleFile) int { return cmp.Compare(a.Path, b.Path) })
	if err := bundle.NewWriter(w).Write(b); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}
