package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Check accepts inputs that the SDK's argument type has, with values of its types, and completes them: the
// automatic name, the provider's default tags, and policies given as objects turned into JSON.
func (p *standIn) Check(_ context.Context, req plugin.CheckRequest) (plugin.CheckResponse, error) {
	row, ok := p.rows[string(req.URN.Type())]
	if !ok {
		return plugin.CheckResponse{Properties: req.News, Failures: []plugin.CheckFailure{{Reason: unknownType(string(req.URN.Type()))}}}, nil
	}
	news := req.News.Copy()
	t := inputsOf(row)
	failures := checkObject("", news, t)
	for name, f := range properties(t) {
		switch f.Type.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
			continue
		}
		if v, ok := news[resource.PropertyKey(name)]; !ok || v.IsNull() {
			failures = append(failures, plugin.CheckFailure{Property: resource.PropertyKey(name), Reason: "is required"})
		}
	}
	if len(failures) > 0 {
		return plugin.CheckResponse{Properties: news, Failures: failures}, nil
	}
	documents(news, t)
	p.autoname(row, req, news)
	p.defaultTags.merge(t, news)
	return plugin.CheckResponse{Properties: news}, nil
}

// unknownType tells what to do about a type that has no row.
func unknownType(token string) string {
	module, _, _ := strings.Cut(strings.TrimPrefix(token, "aws:"), "/")
	return fmt.Sprintf("the sandbox has no stand-in for %s; add a row to sandbox/provider/aws/%s.go", token, module)
}

// checkObject compares an object's keys and values with a struct of the SDK.
func checkObject(path string, m resource.PropertyMap, t reflect.Type) []plugin.CheckFailure {
	var failures []plugin.CheckFailure
	fields := properties(t)
	for _, k := range m.StableKeys() {
		if strings.HasPrefix(string(k), "__") {
			continue
		}
		f, ok := fields[string(k)]
		if !ok {
			failures = append(failures, plugin.CheckFailure{
				Property: resource.PropertyKey(path) + k,
				Reason:   "no such property" + nearest(string(k), fields),
			})
			continue
		}
		failures = append(failures, checkValue(path+string(k), m[k], f.Type)...)
	}
	return failures
}

// checkValue compares a value's kind with a type of the SDK. Unknown values pass.
func checkValue(path string, v resource.PropertyValue, t reflect.Type) []plugin.CheckFailure {
	t = deref(t)
	switch {
	case v.IsSecret():
		return checkValue(path, v.SecretValue().Element, t)
	case v.IsOutput():
		return checkValue(path, v.OutputValue().Element, t)
	case v.IsNull(), v.IsComputed(), t.Kind() == reflect.Interface:
		return nil
	}
	var ok bool
	var failures []plugin.CheckFailure
	switch t.Kind() {
	case reflect.String:
		ok = v.IsString()
	case reflect.Bool:
		ok = v.IsBool()
	case reflect.Int, reflect.Float64:
		ok = v.IsNumber()
	case reflect.Slice:
		if ok = v.IsArray(); ok {
			for i, e := range v.ArrayValue() {
				failures = append(failures, checkValue(fmt.Sprintf("%s[%d]", path, i), e, t.Elem())...)
			}
		}
	case reflect.Map:
		if ok = v.IsObject(); ok {
			for k, e := range v.ObjectValue() {
				failures = append(failures, checkValue(path+"."+string(k), e, t.Elem())...)
			}
		}
	case reflect.Struct:
		if ok = v.IsObject(); ok {
			failures = checkObject(path+".", v.ObjectValue(), t)
		}
	}
	if !ok {
		return []plugin.CheckFailure{{
			Property: resource.PropertyKey(path),
			Reason:   fmt.Sprintf("must be %s, not %s", kindName(t), v.TypeString()),
		}}
	}
	return failures
}

// nearest suggests the property that was meant.
func nearest(name string, fields map[string]reflect.StructField) string {
	best, score := "", 0.0
	for _, candidate := range sorted(fields) {
		if s := levenshtein.Match(name, candidate, nil); s > score {
			best, score = candidate, s
		}
	}
	if score < 0.5 {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	case reflect.Bool:
		return "a boolean"
	default:
		return "a " + t.Kind().String()
	}
}

// documents turns policy documents given as objects into JSON, like the real provider does: those are the inputs
// that the SDK declares as "any".
func documents(m resource.PropertyMap, t reflect.Type) {
	for name, f := range properties(t) {
		v, ok := m[resource.PropertyKey(name)]
		if !ok || f.Type != reflect.TypeFor[any]() || !v.IsObject() || v.ContainsUnknowns() || v.ContainsSecrets() {
			continue
		}
		if b, err := json.Marshal(v.Mappable()); err == nil {
			m[resource.PropertyKey(name)] = resource.NewStringProperty(string(b))
		}
	}
}
