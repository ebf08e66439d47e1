package evaluate

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

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

// leakLength is the length from which on a secret is looked for, and sure the one
// from which on it is no word of a configuration ("password") whatever it is
// made of.
const leakLength, sure = 8, 16

// telling is whether a secret is unlikely to stand somewhere by chance: it is
// long, or made of more than one kind of characters.
func telling(secret string) bool {
	if len(secret) < leakLength {
		return false
	}
	kinds := map[string]bool{}
	for _, c := range secret {
		switch {
		case unicode.IsLower(c):
			kinds["lower"] = true
		case unicode.IsUpper(c):
			kinds["upper"] = true
		case unicode.IsDigit(c):
			kinds["digit"] = true
		default:
			kinds["other"] = true
		}
	}
	return len(secret) >= sure || len(kinds) > 1
}

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
			if !properties.ContainsSecrets() {
				continue
			}
			walk(nil, resource.NewObjectProperty(properties), false, func(path resource.PropertyPath, text string, secret bool) {
				if _, known := secrets[text]; secret && !known && telling(text) {
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
