package component

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Inputs turns a typed value into Pulumi inputs by its json tags: structs and
// maps become maps, slices arrays, and whatever is an input already (an output
// of another resource, say) stays as it is. Chart values and the specs of custom
// resources are written as Go types with it, not as maps of anything.
//
// Nil pointers, and empty values tagged omitempty, are left out. A kind that
// JSON has not (a channel, a function) is a mistake of the caller and panics.
func Inputs(value any) pulumi.Map {
	made, ok := input(reflect.ValueOf(value)).(pulumi.Map)
	if !ok {
		panic(fmt.Sprintf("component: inputs of %T, which is no struct or map", value))
	}
	return made
}

func input(v reflect.Value) pulumi.Input {
	if !v.IsValid() {
		return nil
	}
	if v.CanInterface() {
		if (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && v.IsNil() {
			return nil
		}
		if already, ok := v.Interface().(pulumi.Input); ok {
			return already
		}
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return input(v.Elem())
	case reflect.Struct:
		fields := pulumi.Map{}
		addFields(fields, v)
		return fields
	case reflect.Map:
		entries := pulumi.Map{}
		for _, key := range v.MapKeys() {
			if entry := input(v.MapIndex(key)); entry != nil {
				entries[key.String()] = entry
			}
		}
		return entries
	case reflect.Slice, reflect.Array:
		items := pulumi.Array{}
		for i := range v.Len() {
			items = append(items, input(v.Index(i)))
		}
		return items
	case reflect.String:
		return pulumi.String(v.String())
	case reflect.Bool:
		return pulumi.Bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return pulumi.Int(v.Int())
	case reflect.Float32, reflect.Float64:
		return pulumi.Float64(v.Float())
	default:
		panic(fmt.Sprintf("component: no input is made of a %s", v.Type()))
	}
}

// addFields adds the exported fields of a struct; those of embedded structs
// without a name stand beside them, as in JSON.
func addFields(fields pulumi.Map, v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			addFields(fields, reflect.Indirect(v.Field(i)))
			continue
		case !field.IsExported() || name == "-":
			continue
		case name == "":
			name = field.Name
		}
		if strings.Contains(options, "omitempty") && empty(v.Field(i)) {
			continue
		}
		if made := input(v.Field(i)); made != nil {
			fields[name] = made
		}
	}
}

// empty is encoding/json's: false, zero, nil, and what has no elements.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}
