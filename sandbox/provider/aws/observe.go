package aws

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// see turns AWS SDK structs into the row's outputs: each output whose field one of the structs has. A props value
// among the parts is taken over as it is; later parts win. A field that exists and is empty gives nil, so that a
// value removed behind Pulumi's back is seen as removed, while an output that AWS never tells stays absent.
func (r *request) see(parts ...any) props {
	out := props{}
	for _, part := range parts {
		if p, ok := part.(props); ok {
			maps.Copy(out, p)
			continue
		}
		src := reflect.Indirect(reflect.ValueOf(part))
		for name, t := range outputsOf(r.row) {
			if f, ok := field(src.Type(), name, r.row.Rename); ok {
				out[name] = plain(src.FieldByIndex(f.Index), t, r.row.Rename)
			}
		}
	}
	if _, ok := outputsOf(r.row)["arn"]; ok && out["arn"] == nil && r.row.ARN != "" {
		out["arn"] = r.arn(r.row.ARN + r.id)
	}
	return out
}

// plain converts an SDK value to the plain value of a Pulumi type; nil when the SDK value is empty or of another
// nature (a struct where Pulumi has a string).
func plain(src reflect.Value, t reflect.Type, rename map[string]string) any {
	t = deref(t)
	for src.Kind() == reflect.Pointer || src.Kind() == reflect.Interface {
		if src.IsNil() {
			return nil
		}
		src = src.Elem()
	}
	if tm, ok := src.Interface().(time.Time); ok {
		return tm.UTC().Format(time.RFC3339)
	}
	if src.Kind() == reflect.Struct && t.Kind() != reflect.Struct {
		if items := src.FieldByName("Items"); items.IsValid() {
			return plain(items, t, rename)
		}
	}
	switch t.Kind() {
	case reflect.Struct:
		return plainStruct(src, t, rename)
	case reflect.Slice:
		return plainSlice(src, t, rename)
	case reflect.Map:
		return plainMap(src)
	default:
		return plainScalar(src, t)
	}
}

func plainScalar(src reflect.Value, t reflect.Type) any {
	switch src.Kind() {
	case reflect.String:
		return coerce(src.String(), t)
	case reflect.Bool:
		return coerce(src.Bool(), t)
	case reflect.Int, reflect.Int32, reflect.Int64:
		return coerce(float64(src.Int()), t)
	case reflect.Float32, reflect.Float64:
		return coerce(src.Float(), t)
	case reflect.Slice:
		if src.Len() > 0 {
			return plain(src.Index(0), t, nil)
		}
	}
	return nil
}

// coerce gives a scalar the kind that Pulumi declares: AWS tells some booleans and numbers as strings.
func coerce(v any, t reflect.Type) any {
	dst := reflect.New(t).Elem()
	if t.Kind() == reflect.Interface {
		return v
	}
	if set(dst, v, nil) != nil {
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		return dst.String()
	case reflect.Bool:
		return dst.Bool()
	case reflect.Float64:
		return dst.Float()
	case reflect.Int:
		return float64(dst.Int())
	default:
		return nil
	}
}

func plainStruct(src reflect.Value, t reflect.Type, rename map[string]string) any {
	if src.Kind() == reflect.Slice {
		if src.Len() == 0 {
			return nil
		}
		return plain(src.Index(0), t, rename)
	}
	if src.Kind() != reflect.Struct {
		return nil
	}
	out := props{}
	for name, p := range properties(t) {
		if f, ok := field(src.Type(), name, rename); ok {
			out[name] = plain(src.FieldByIndex(f.Index), p.Type, rename)
		}
	}
	return out
}

func plainSlice(src reflect.Value, t reflect.Type, rename map[string]string) any {
	if src.Kind() != reflect.Slice {
		return []any{plain(src, t.Elem(), rename)}
	}
	out := make([]any, src.Len())
	for i := range out {
		out[i] = plain(src.Index(i), t.Elem(), rename)
	}
	return out
}

func plainMap(src reflect.Value) any {
	out := props{}
	switch {
	case src.Kind() == reflect.Map:
		for _, k := range src.MapKeys() {
			out[k.String()] = plain(src.MapIndex(k), reflect.TypeFor[string](), nil)
		}
	case src.Kind() == reflect.Slice && isTag(src.Type().Elem()):
		key, _ := tagField(src.Type().Elem(), "Key")
		value, _ := tagField(src.Type().Elem(), "Value")
		for i := range src.Len() {
			e := src.Index(i)
			k, _ := plain(e.FieldByIndex(key.Index), reflect.TypeFor[string](), nil).(string)
			out[k] = plain(e.FieldByIndex(value.Index), reflect.TypeFor[string](), nil)
		}
	default:
		return nil
	}
	return out
}

// sorted returns a map's keys in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
