package aws

import (
	"reflect"
	"strings"
)

// field finds the struct field for a property: by the row's renames ("A|B" where calls and answers spell it in two
// ways), else by name without regard to case, with or without the plural s that Pulumi adds to lists.
func field(t reflect.Type, name string, rename map[string]string) (reflect.StructField, bool) {
	candidates := []string{name, name + "s", strings.TrimSuffix(name, "s")}
	if to, ok := rename[name]; ok {
		candidates = strings.Split(to, "|")
	} else if name == "tags" {
		candidates = []string{"Tags", "TagList", "TagSet", "TagsList"}
	}
	for _, n := range candidates {
		if f, ok := t.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, n) }); ok && f.IsExported() {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// elementTyper is what SDK inputs and outputs have in common.
type elementTyper interface{ ElementType() reflect.Type }

// inputsOf returns the struct type that describes a row's inputs.
func inputsOf(row *Resource) reflect.Type { return row.Args.(elementTyper).ElementType() }

// outputsOf returns the plain Go type of each output of a row.
func outputsOf(row *Resource) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	t := reflect.TypeOf(row.State)
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := f.Tag.Lookup("pulumi")
		if !ok {
			continue
		}
		if e, ok := reflect.Zero(f.Type).Interface().(elementTyper); ok {
			out[name] = e.ElementType()
		}
	}
	return out
}

// properties returns the pulumi-tagged fields of a plain SDK struct by property name.
func properties(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for i := range t.NumField() {
		if name, ok := t.Field(i).Tag.Lookup("pulumi"); ok {
			out[name] = t.Field(i)
		}
	}
	return out
}

// deref strips pointers.
func deref(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// isTag reports whether a struct is a key and a value.
func isTag(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	_, key := tagField(t, "Key")
	_, value := tagField(t, "Value")
	return key && value
}

// tagField finds the Key or Value field of a tag; budgets, KMS and others prefix it with Tag.
func tagField(t reflect.Type, name string) (reflect.StructField, bool) {
	if f, ok := t.FieldByName(name); ok {
		return f, true
	}
	return t.FieldByName("Tag" + name)
}
