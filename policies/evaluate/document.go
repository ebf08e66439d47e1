package evaluate

import (
	"math"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// document is a set of properties, and what Rego does not see of it.
type document struct {
	properties resource.PropertyMap
	// holes are the properties whose value nobody knows yet.
	holes []hole
	// secrets are the texts that must not be shown, and secretPaths where
	// secrets are.
	secrets     []string
	secretPaths []resource.PropertyPath
	// numbers is whether a text or key has what may stand for a name.
	numbers bool
}

// hole is a property without a known value.
type hole struct {
	path resource.PropertyPath
	// secret: it has a value, which cannot be read.
	secret bool
}

func newDocument(properties resource.PropertyMap) document {
	d := document{properties: properties}
	d.scan(nil, resource.NewObjectProperty(properties), false)
	// Objects have no order, and what is found first is what people are told.
	if len(d.holes) > 1 {
		slices.SortFunc(d.holes, func(a, b hole) int { return strings.Compare(a.path.String(), b.path.String()) })
	}
	if len(d.secretPaths) > 1 {
		slices.SortFunc(d.secretPaths, func(a, b resource.PropertyPath) int { return strings.Compare(a.String(), b.String()) })
	}
	return d
}

// scan looks for what is unknown and what is secret.
func (d *document) scan(at resource.PropertyPath, v resource.PropertyValue, secret bool) {
	switch {
	case v.IsString():
		d.numbers = d.numbers || likeNumber(v.StringValue())
		if secret && v.StringValue() != "" {
			d.secrets = append(d.secrets, v.StringValue())
		}
	case v.IsObject():
		for key, element := range v.ObjectValue() {
			if !internal(key) {
				d.numbers = d.numbers || likeNumber(string(key))
				d.scan(append(at, string(key)), element, secret)
			}
		}
	case v.IsArray():
		for i, element := range v.ArrayValue() {
			d.scan(append(at, i), element, secret)
		}
	case v.IsSecret():
		d.secretPaths = append(d.secretPaths, slices.Clone(at))
		d.scan(at, v.SecretValue().Element, true)
	case v.IsComputed(), v.IsOutput() && !v.OutputValue().Known:
		d.holes = append(d.holes, hole{slices.Clone(at), secret})
	case v.IsOutput():
		d.scan(at, v.OutputValue().Element, secret || v.OutputValue().Secret)
	}
}

// internal keys are the providers' own (__defaults) and no properties.
func internal(key resource.PropertyKey) bool { return len(key) > 1 && key[0] == '_' && key[1] == '_' }

// marker is the key of what stands for an asset or an archive.
const marker = "asset"

// value is the document as Rego sees it: unknown properties are left out,
// unknown elements are null, and secrets are what they wrap.
func (d *document) value() ast.Value { return object(d.properties) }

func object(properties resource.PropertyMap) ast.Value {
	pairs := make([][2]*ast.Term, 0, len(properties))
	for key, value := range properties {
		if internal(key) {
			continue
		}
		// A null is a property that is not set.
		if term := term(value); term != nil && !value.IsNull() {
			pairs = append(pairs, [2]*ast.Term{ast.InternedTerm(string(key)), term})
		}
	}
	return ast.NewObject(pairs...)
}

// seen is the document without what the rules of a reading do not look at. What
// they say of it is the same, and Rego has less to take in. Names are numbered,
// unless n is nil.
func (d *document) seen(t *reading, n *names) ast.Value {
	return part(resource.NewObjectProperty(d.properties), t, n).Value
}

// part is what a reading sees of a value; nil when nobody knows it. Where no
// path goes on, it sees that something is there, and of which kind.
func part(v resource.PropertyValue, t *reading, n *names) *ast.Term {
	v = bare(v)
	switch {
	case len(t.ends) > 0:
		return term(v)
	case len(t.named) > 0:
		return term(n.numbered(t.named[0].kind, v))
	case v.IsObject():
		var pairs [][2]*ast.Term
		add := func(key resource.PropertyKey, v resource.PropertyValue, next *reading) {
			if internal(key) || v.IsNull() {
				return
			}
			if term := part(v, next, n); term != nil {
				pairs = append(pairs, [2]*ast.Term{ast.InternedTerm(string(key)), term})
			}
		}
		if t.rest != nil {
			for key, element := range v.ObjectValue() {
				add(key, element, t.key(key))
			}
			return ast.ObjectTerm(pairs...)
		}
		for _, step := range t.keys {
			if element, has := v.ObjectValue()[step.key]; has {
				add(step.key, element, step.next)
			}
		}
		return ast.ObjectTerm(pairs...)
	case v.IsArray():
		var terms []*ast.Term
		if len(t.indexes) > 0 || t.rest != nil {
			terms = make([]*ast.Term, len(v.ArrayValue()))
		}
		for i := range terms {
			if next := t.index(i); next != nil {
				terms[i] = part(v.ArrayValue()[i], next, n)
			}
			if terms[i] == nil {
				terms[i] = ast.NullTerm()
			}
		}
		return ast.ArrayTerm(terms...)
	default:
		return term(v)
	}
}

// term returns nil for what is unknown.
func term(v resource.PropertyValue) *ast.Term {
	switch {
	case v.IsBool():
		return ast.InternedTerm(v.BoolValue())
	case v.IsNumber():
		return number(v.NumberValue())
	case v.IsString():
		return ast.StringTerm(v.StringValue())
	case v.IsObject():
		return ast.NewTerm(object(v.ObjectValue()))
	case v.IsArray():
		terms := make([]*ast.Term, len(v.ArrayValue()))
		for i, element := range v.ArrayValue() {
			if terms[i] = term(element); terms[i] == nil {
				terms[i] = ast.NullTerm()
			}
		}
		return ast.ArrayTerm(terms...)
	case v.IsSecret():
		return term(v.SecretValue().Element)
	case v.IsComputed(), v.IsOutput() && !v.OutputValue().Known:
		return nil
	case v.IsOutput():
		return term(v.OutputValue().Element)
	case v.IsAsset(), v.IsArchive():
		return ast.ObjectTerm([2]*ast.Term{ast.InternedTerm(marker), ast.InternedTerm(true)})
	case v.IsResourceReference():
		return ast.StringTerm(string(v.ResourceReferenceValue().URN))
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
