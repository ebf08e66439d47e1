package evaluate

import (
	"math"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// document is a set of properties as Rego sees it, and what Rego does not see.
type document struct {
	value ast.Value
	// holes are the properties whose value nobody knows yet.
	holes []hole
	// secrets are the texts that must not be shown, and secretPaths where
	// secrets are.
	secrets     []string
	secretPaths []resource.PropertyPath
}

// hole is a property without a known value.
type hole struct {
	path resource.PropertyPath
	// secret: it has a value, which cannot be read.
	secret bool
}

// newDocument turns properties into a Rego value. Unknown properties are left
// out, unknown elements are null; secrets are what they wrap.
func newDocument(properties resource.PropertyMap) document {
	var d document
	d.value = d.object(nil, properties, false)
	return d
}

// marker is the key of what stands for an asset or an archive.
const marker = "asset"

func (d *document) object(at resource.PropertyPath, properties resource.PropertyMap, secret bool) ast.Value {
	pairs := make([][2]*ast.Term, 0, len(properties))
	for key, value := range properties {
		// The internal keys of providers (__defaults) are no properties, and a
		// null is one that is not set.
		if len(key) > 1 && key[0] == '_' && key[1] == '_' || value.IsNull() {
			continue
		}
		term := d.term(at, string(key), value, secret)
		if term != nil {
			pairs = append(pairs, [2]*ast.Term{ast.InternedTerm(string(key)), term})
		}
	}
	return ast.NewObject(pairs...)
}

// term returns nil for what is unknown.
func (d *document) term(parent resource.PropertyPath, key any, v resource.PropertyValue, secret bool) *ast.Term {
	switch {
	case v.IsNull():
		return ast.NullTerm()
	case v.IsBool():
		return ast.InternedTerm(v.BoolValue())
	case v.IsNumber():
		return number(v.NumberValue())
	case v.IsString():
		text := v.StringValue()
		if secret && text != "" {
			d.secrets = append(d.secrets, text)
		}
		return ast.StringTerm(text)
	case v.IsSecret():
		at := child(parent, key)
		d.secretPaths = append(d.secretPaths, at)
		return d.within(at, v.SecretValue().Element, true)
	case v.IsComputed():
		d.holes = append(d.holes, hole{child(parent, key), secret})
		return nil
	case v.IsOutput():
		output := v.OutputValue()
		if !output.Known {
			d.holes = append(d.holes, hole{child(parent, key), secret})
			return nil
		}
		return d.within(child(parent, key), output.Element, secret || output.Secret)
	default:
		return d.within(child(parent, key), v, secret)
	}
}

// within is the term of a value whose path has been made.
func (d *document) within(at resource.PropertyPath, v resource.PropertyValue, secret bool) *ast.Term {
	switch {
	case v.IsObject():
		return ast.NewTerm(d.object(at, v.ObjectValue(), secret))
	case v.IsArray():
		terms := make([]*ast.Term, len(v.ArrayValue()))
		for i, element := range v.ArrayValue() {
			if terms[i] = d.term(at, i, element, secret); terms[i] == nil {
				terms[i] = ast.NullTerm()
			}
		}
		return ast.ArrayTerm(terms...)
	case v.IsAsset(), v.IsArchive():
		return ast.ObjectTerm([2]*ast.Term{ast.InternedTerm(marker), ast.InternedTerm(true)})
	case v.IsResourceReference():
		return ast.StringTerm(string(v.ResourceReferenceValue().URN))
	case v.IsComputed(), v.IsSecret(), v.IsOutput(), v.IsString(), v.IsNumber(), v.IsBool(), v.IsNull():
		return d.term(at[:len(at)-1], at[len(at)-1], v, secret)
	default:
		return ast.NullTerm()
	}
}

// number writes whole numbers as such: Rego prints what it was given.
func number(f float64) *ast.Term {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return ast.InternedTerm(int(f))
	}
	return ast.FloatNumberTerm(f)
}

func child(parent resource.PropertyPath, key any) resource.PropertyPath {
	path := make(resource.PropertyPath, len(parent)+1)
	copy(path, parent)
	path[len(parent)] = key
	return path
}
