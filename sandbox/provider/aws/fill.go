package aws

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// fill sets the fields of an AWS SDK input struct from properties of the same name (see field). Properties that
// the struct lacks are left out: many are for Pulumi only, such as skipFinalSnapshot.
func fill(dst any, src props, rename map[string]string) error {
	return fillStruct(reflect.ValueOf(dst).Elem(), src, rename)
}

func fillStruct(dst reflect.Value, src props, rename map[string]string) error {
	for name, v := range src {
		f, ok := field(dst.Type(), name, rename)
		if !ok || v == nil {
			continue
		}
		if err := set(dst.FieldByIndex(f.Index), v, rename); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// set converts a plain value to the type of an SDK field. AWS and Pulumi differ in small ways that are bridged here:
// numbers as strings, a struct for a list of one, {Items, Quantity} for a list, and tag lists for maps.
func set(dst reflect.Value, v any, rename map[string]string) error {
	if dst.Type() == reflect.TypeFor[time.Time]() {
		t, err := time.Parse(time.RFC3339, fmt.Sprint(v))
		dst.Set(reflect.ValueOf(t))
		return err
	}
	switch dst.Kind() {
	case reflect.Pointer:
		p := reflect.New(dst.Type().Elem())
		if err := set(p.Elem(), v, rename); err != nil {
			return err
		}
		dst.Set(p)
		return nil
	case reflect.String:
		dst.SetString(text(v))
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(text(v))
		dst.SetBool(b)
		return err
	case reflect.Int, reflect.Int32, reflect.Int64:
		n, err := strconv.ParseFloat(text(v), 64)
		dst.SetInt(int64(n))
		return err
	case reflect.Float32, reflect.Float64:
		n, err := strconv.ParseFloat(text(v), 64)
		dst.SetFloat(n)
		return err
	case reflect.Struct:
		return setStruct(dst, v, rename)
	case reflect.Slice:
		return setSlice(dst, v, rename)
	case reflect.Map:
		return setMap(dst, v, rename)
	default:
		return fmt.Errorf("no way from %T to %s", v, dst.Type())
	}
}

func setStruct(dst reflect.Value, v any, rename map[string]string) error {
	if items := dst.FieldByName("Items"); items.IsValid() {
		if list, ok := v.([]any); ok {
			if q := dst.FieldByName("Quantity"); q.IsValid() {
				if err := set(q, float64(len(list)), rename); err != nil {
					return err
				}
			}
			return set(items, v, rename)
		}
	}
	switch v := v.(type) {
	case map[string]any:
		return fillStruct(dst, v, rename)
	case []any:
		if len(v) == 1 {
			return setStruct(dst, v[0], rename)
		}
	}
	return fmt.Errorf("no way from %T to %s", v, dst.Type())
}

func setSlice(dst reflect.Value, v any, rename map[string]string) error {
	elem := dst.Type().Elem()
	if elem.Kind() == reflect.Uint8 {
		dst.SetBytes([]byte(text(v)))
		return nil
	}
	list, ok := v.([]any)
	if m, isMap := v.(map[string]any); isMap {
		if isTag(elem) {
			list = tagList(m, elem)
		} else {
			list = []any{m}
		}
	} else if !ok {
		list = []any{v}
	}
	out := reflect.MakeSlice(dst.Type(), len(list), len(list))
	for i, e := range list {
		if err := set(out.Index(i), e, rename); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	dst.Set(out)
	return nil
}

// tagList turns a map into the list of keys and values that most services use for tags.
func tagList(m map[string]any, elem reflect.Type) []any {
	key, _ := tagField(elem, "Key")
	value, _ := tagField(elem, "Value")
	list := make([]any, 0, len(m))
	for _, k := range sorted(m) {
		list = append(list, props{key.Name: k, value.Name: m[k]})
	}
	return list
}

func setMap(dst reflect.Value, v any, rename map[string]string) error {
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("no way from %T to %s", v, dst.Type())
	}
	out := reflect.MakeMap(dst.Type())
	for k, e := range m {
		value := reflect.New(dst.Type().Elem()).Elem()
		if err := set(value, e, rename); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		out.SetMapIndex(reflect.ValueOf(k), value)
	}
	dst.Set(out)
	return nil
}

// text renders a scalar as AWS writes it; anything else as JSON, which is how policies given as objects are sent.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strings.TrimSuffix(strconv.FormatFloat(v, 'f', -1, 64), ".0")
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(b)
	}
}
