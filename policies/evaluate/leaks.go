package evaluate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/policies/input"
)

// leak is a secret of one resource that stands in plain in another one.
type leak struct {
	urn      string
	path     resource.PropertyPath
	from     string
	fromPath resource.PropertyPath
}

// leakLength is the length from which on a text is a secret and no word.
const leakLength = 8

// origin is where a secret comes from.
type origin struct {
	urn  string
	path resource.PropertyPath
}

// findLeaks looks for every secret text in what is not secret, whole or as a
// part of a text.
func findLeaks(resources []input.Resource) []leak {
	secrets := map[string]origin{}
	for _, r := range resources {
		for _, properties := range []resource.PropertyMap{r.Properties, r.Outputs} {
			walk(nil, resource.NewObjectProperty(properties), false, func(path resource.PropertyPath, text string, secret bool) {
				if _, known := secrets[text]; secret && !known && len(text) >= leakLength {
					secrets[text] = origin{r.URN, path}
				}
			})
		}
	}
	if len(secrets) == 0 {
		return nil
	}
	var pairs []string
	for text := range secrets {
		pairs = append(pairs, text, "")
	}
	// A replacer looks for all of them in one pass.
	any := strings.NewReplacer(pairs...)
	var leaks []leak
	for _, r := range resources {
		look := func(path resource.PropertyPath, text string, secret bool) {
			if secret || len(text) < leakLength || len(any.Replace(text)) == len(text) {
				return
			}
			for known, o := range secrets {
				if o.urn != r.URN && strings.Contains(text, known) {
					leaks = append(leaks, leak{r.URN, path, o.urn, o.path})
				}
			}
		}
		walk(nil, resource.NewObjectProperty(r.Properties), false, look)
		if r.Type == stackType {
			walk(nil, resource.NewObjectProperty(r.Outputs), false, look)
		}
	}
	slices.SortFunc(leaks, func(a, b leak) int {
		return cmp.Or(cmp.Compare(a.urn, b.urn), cmp.Compare(a.path.String(), b.path.String()), cmp.Compare(a.from, b.from))
	})
	return leaks
}

// walk calls do with every text below a value, and whether it is secret.
func walk(path resource.PropertyPath, v resource.PropertyValue, secret bool, do func(resource.PropertyPath, string, bool)) {
	switch {
	case v.IsString():
		do(path, v.StringValue(), secret)
	case v.IsArray():
		for i, element := range v.ArrayValue() {
			walk(child(path, i), element, secret, do)
		}
	case v.IsObject():
		for key, element := range v.ObjectValue() {
			walk(child(path, string(key)), element, secret, do)
		}
	case v.IsSecret():
		walk(path, v.SecretValue().Element, true, do)
	case v.IsOutput() && v.OutputValue().Known:
		walk(path, v.OutputValue().Element, secret || v.OutputValue().Secret, do)
	}
}
