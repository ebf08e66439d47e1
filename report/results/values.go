package results

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// words are the values of the types that have only some.
var words = map[reflect.Type][]string{
	typeOf(readiness.Verdicts):         texts(readiness.Verdicts),
	typeOf(readiness.Directions):       texts(readiness.Directions),
	typeOf(readiness.ControlStatuses):  texts(readiness.ControlStatuses),
	typeOf(report.Severities):          texts(report.Severities),
	reflect.TypeFor[readiness.Phase](): {string(readiness.PreDeploy), string(readiness.PostDeploy), string(readiness.Periodic)},
	reflect.TypeFor[report.Verdict]():  {string(report.Deny), string(report.Undecided), string(report.Error)},
	reflect.TypeFor[report.Level]():    {string(report.Advisory), string(report.Mandatory), string(report.Remediate), string(report.Disabled)},
}

// kinds are the values of fields named Kind that are plain strings, by the type
// that holds them.
var kinds = map[reflect.Type][]string{
	reflect.TypeFor[readiness.Overlay]():  {readiness.Waived, readiness.Attested},
	reflect.TypeFor[readiness.Expiring](): {readiness.Waived, readiness.Attested},
	reflect.TypeFor[readiness.Step]():     {"fix", "read", "state", "renew"},
}

// days are the fields that hold a day, as 2027-02-01, by the type that holds
// them. On may be empty.
var days = map[reflect.Type][]string{
	reflect.TypeFor[readiness.Overlay]():  {"Expires", "On"},
	reflect.TypeFor[readiness.Expiring](): {"Expires"},
}

func typeOf[T any]([]T) reflect.Type { return reflect.TypeFor[T]() }

func texts[T ~string](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// values looks at every value by its type alone: words that nobody knows, counts
// and times below nothing, days that are none.
func values(at string, v reflect.Value) error {
	if known, limited := words[v.Type()]; limited {
		return oneOf(at, v.String(), known)
	}
	switch v.Kind() {
	case reflect.Int:
		if v.Int() < 0 {
			return fmt.Errorf("%s: %d is below 0", at, v.Int())
		}
	case reflect.Float64:
		if v.Float() < 0 {
			return fmt.Errorf("%s: %g is below 0", at, v.Float())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return values(at, v.Elem())
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String && v.Type().Elem().PkgPath() == "" {
			return nil
		}
		for i := range v.Len() {
			if err := values(fmt.Sprintf("%s[%d]", at, i), v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return entries(at, v)
	case reflect.Struct:
		return fields(at, v)
	}
	return nil
}

// entries looks at a map's keys and values, in the keys' order.
func entries(at string, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		within := at + "[" + quoted(key.String()) + "]"
		for _, part := range []reflect.Value{key, v.MapIndex(key)} {
			if err := values(within, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func fields(at string, v reflect.Value) error {
	t := v.Type()
	if t == reflect.TypeFor[time.Time]() {
		return nil
	}
	for i := range t.NumField() {
		field, within := t.Field(i), at
		name := nameOf(field)
		if name != "" {
			within = strings.TrimPrefix(at+"."+name, ".")
		} else if !field.Anonymous {
			continue
		}
		value := v.Field(i)
		switch {
		case field.Name == "Days":
			continue // below 0 when it has ended
		case field.Name == "Kind" && kinds[t] != nil:
			if err := oneOf(within, value.String(), kinds[t]); err != nil {
				return err
			}
		case slices.Contains(days[t], field.Name):
			if _, err := time.Parse(time.DateOnly, value.String()); err != nil && (value.String() != "" || field.Name != "On") {
				return fmt.Errorf("%s: %s is no day: want one such as 2027-02-01", within, quoted(value.String()))
			}
		default:
			if err := values(within, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func oneOf(at, given string, known []string) error {
	switch {
	case slices.Contains(known, given):
		return nil
	case given == "":
		return fmt.Errorf("%s: is missing: one of %s", at, strings.Join(known, ", "))
	}
	why := fmt.Sprintf("%s is none of %s", quoted(given), strings.Join(known, ", "))
	if near := report.Nearest(given, known); near != "" {
		why += fmt.Sprintf("; did you mean %s?", near)
	}
	return fmt.Errorf("%s: %s", at, why)
}
