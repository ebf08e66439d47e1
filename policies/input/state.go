package input

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// state is a resource of a state or of a preview's step.
type state struct {
	Resource
	// gone is true for what is not, or not for long, a part of the stack: it
	// waits for deletion, or another program manages it.
	gone bool
}

// readState reads a resource as Pulumi writes it (apitype.ResourceV3). A null is
// a state without a URN.
func readState(r *jsonReader) (state, error) {
	var s state
	var id resource.PropertyValue
	flag := func(into *bool) error {
		v, err := r.bare()
		*into = *into || v.IsBool() && v.BoolValue()
		return err
	}
	fields, line := 0, 0
	err := r.object(func(key string) (err error) {
		if fields++; fields == 1 {
			line = r.line
		}
		if _, err := r.peek(); err != nil {
			return err
		}
		switch key {
		case "urn":
			s.URN, err = r.text()
		case "type":
			s.Type, err = r.text()
		case "parent":
			s.Parent, err = r.text()
		case "provider":
			s.Provider, err = r.text()
			s.Provider = providerURN(s.Provider)
		case "custom":
			err = flag(&s.Custom)
		case "protect":
			err = flag(&s.Protect)
		case "delete", "external":
			err = flag(&s.gone)
		case "id":
			id, err = r.value()
		case "inputs":
			s.Properties, err = properties(r)
		case "outputs":
			s.Outputs, err = properties(r)
		case "dependencies":
			s.Dependencies, err = urns(r)
		case "propertyDependencies":
			s.PropertyDependencies = map[string][]string{}
			err = r.object(func(property string) error {
				on, err := urns(r)
				if len(on) > 0 {
					s.PropertyDependencies[property] = on
				}
				return err
			})
		case "sourcePosition":
			var text string
			text, err = r.text()
			s.Location = position(text)
		default:
			err = r.skip()
		}
		return err
	})
	if err != nil || fields == 0 {
		return s, err
	}
	urn := resource.URN(s.URN)
	if !urn.IsValid() {
		return s, at(line, "a resource has no valid URN: export the state anew")
	}
	s.Name = urn.Name()
	if s.Type == "" {
		s.Type = string(urn.Type())
	}
	if s.Properties == nil {
		s.Properties = resource.PropertyMap{}
	}
	s.setID(id)
	return s, nil
}

// setID puts the ID among the outputs. A custom resource without one was never
// created, and what it has for outputs nobody answered.
func (s *state) setID(id resource.PropertyValue) {
	known := id.IsString() && id.StringValue() != ""
	switch {
	case s.Custom && !known:
		s.Outputs = nil
	case known:
		if s.Outputs == nil {
			s.Outputs = resource.PropertyMap{}
		}
		s.Outputs["id"] = id
	}
}

// properties reads inputs or outputs.
func properties(r *jsonReader) (resource.PropertyMap, error) {
	v, err := r.value()
	switch {
	case err != nil:
		return nil, err
	case v.IsNull():
		return nil, nil
	case v.IsObject():
		return v.ObjectValue(), nil
	}
	return nil, at(r.line, "the properties of a resource are no object: export the state anew")
}

func urns(r *jsonReader) ([]string, error) {
	var list []string
	err := r.array(func() error {
		urn, err := r.text()
		list = append(list, urn)
		return err
	})
	return list, err
}

// providerURN is the URN of a provider reference, URN::ID.
func providerURN(reference string) string {
	if i := strings.LastIndex(reference, "::"); i >= 0 {
		return reference[:i]
	}
	return reference
}
