package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// field is what the tags of one struct field say.
type field struct {
	// name is the key in the file.
	name  string
	index int
	typ   reflect.Type
	// fallback is the default as YAML; hasFallback tells an empty one from none.
	fallback    string
	hasFallback bool
	// optional tells that a list or a mapping may be absent, and is then nil.
	optional bool
	// minimum and maximum bound a number; nil leaves a side open.
	minimum, maximum *int
	// allowed lists the only numbers that may be given.
	allowed []int
}

// required says that the key must be given.
func (f field) required() bool {
	return !f.hasFallback && !f.optional && f.typ.Kind() != reflect.Pointer
}

// fieldsOf reads the tags of a struct type. A tag that makes no sense is a
// mistake of the programmer, hence the panic.
func fieldsOf(t reflect.Type) []field {
	fields := make([]field, t.NumField())
	for i := range fields {
		f, err := parseField(t.Field(i), i)
		if err != nil {
			panic(fmt.Sprintf("config: read the tags of %s.%s: %v", t, t.Field(i).Name, err))
		}
		fields[i] = f
	}
	return fields
}

func parseField(from reflect.StructField, index int) (field, error) {
	f := field{name: from.Tag.Get("yaml"), index: index, typ: from.Type}
	for _, item := range splitTag(from.Tag.Get("jsonschema")) {
		key, value, _ := strings.Cut(item, "=")
		if key == "default" {
			f.fallback, f.hasFallback = value, true
			continue
		}
		if key == "optional" {
			f.optional = true
			continue
		}
		number, err := strconv.Atoi(value)
		if err != nil {
			return field{}, err
		}
		switch key {
		case "minimum":
			f.minimum = &number
		case "maximum":
			f.maximum = &number
		case "enum":
			f.allowed = append(f.allowed, number)
		default:
			return field{}, fmt.Errorf("unknown tag %q", key)
		}
	}
	return f, nil
}

// splitTag splits at the commas that are not inside brackets or braces.
func splitTag(tag string) []string {
	depth := 0
	return strings.FieldsFunc(tag, func(r rune) bool {
		switch r {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		return r == ',' && depth == 0
	})
}

func names(fields []field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.name
	}
	return list
}

// keysNamed lists the keys anywhere under the type that have the name; `*`
// stands for the keys of a map.
func keysNamed(name string, t reflect.Type, under string) []string {
	switch t.Kind() {
	case reflect.Pointer:
		return keysNamed(name, t.Elem(), under)
	case reflect.Map:
		return keysNamed(name, t.Elem(), join(under, "*"))
	case reflect.Struct:
	default:
		return nil
	}
	if _, isScalar := reflect.New(t).Interface().(scalar); isScalar || t == secretType {
		return nil
	}
	var found []string
	for _, f := range fieldsOf(t) {
		if f.name == name {
			found = append(found, join(under, f.name))
		}
		found = append(found, keysNamed(name, f.typ, join(under, f.name))...)
	}
	return slices.DeleteFunc(found, func(key string) bool { return strings.HasPrefix(key, sandboxSection) })
}
