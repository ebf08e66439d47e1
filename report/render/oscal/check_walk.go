package oscal

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	types "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"
	"github.com/google/uuid"
)

// place is where in the document a value stands. It is written out only when
// something is wrong there.
type place struct {
	above *place
	name  string
	index int // -1 outside lists
}

func (p *place) String() string {
	if p == nil {
		return ""
	}
	name := p.name
	if p.index >= 0 {
		name = fmt.Sprintf("[%d]", p.index)
	} else if p.above != nil {
		name = "." + name
	}
	return p.above.String() + name
}

// walk looks at every value of the document, whatever part of OSCAL it is in.
func (c *check) walk(r *types.AssessmentResults) {
	c.value(reflect.ValueOf(r), nil)
}

func (c *check) value(v reflect.Value, at *place) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(v.Elem(), at)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			c.say(at.String(), "is a list without members")
		}
		for i := range v.Len() {
			c.value(v.Index(i), &place{at, "", i})
		}
	case reflect.Struct:
		if t, is := v.Interface().(time.Time); is {
			if t.Year() < 1900 || t.Year() > 2999 {
				c.say(at.String(), "is no time that OSCAL can write: "+t.Format(time.RFC3339))
			}
			return
		}
		for i, f := range c.fieldsOf(v.Type()) {
			if value := v.Field(i); !f.optional || !value.IsZero() {
				here := &place{at, f.name, -1}
				c.named(v.Type(), f.name, value, here)
				c.value(value, here)
			}
		}
	}
}

// field is a field of a type by its name in the document.
type field struct {
	name     string
	optional bool
}

func (c *check) fieldsOf(of reflect.Type) []field {
	all, known := c.fields[of]
	if !known {
		for i := range of.NumField() {
			name, options, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			all = append(all, field{name, options == "omitempty"})
		}
		c.fields[of] = all
	}
	return all
}

// named looks at what a value's name demands.
func (c *check) named(of reflect.Type, name string, v reflect.Value, at *place) {
	switch {
	case name == "uuid":
		c.define(v.String(), at)
	case strings.HasSuffix(name, "-uuid"):
		c.refer(v.String(), at)
	case strings.HasSuffix(name, "-uuids"):
		for i := range reflect.Indirect(v).Len() {
			c.refer(reflect.Indirect(v).Index(i).String(), &place{at, "", i})
		}
	case name == "href":
		if id, local := strings.CutPrefix(v.String(), "#"); local {
			c.refer(id, at)
		}
	case name == "role-id":
		if !c.roles[v.String()] {
			c.say(at.String(), fmt.Sprintf("the role %q is defined nowhere", v.String()))
		}
	case name == "control-id" || name == "objective-id" || name == "target-id" || name == "name" && tokenNamed[of]:
		if !tokens.MatchString(v.String()) {
			c.say(at.String(), fmt.Sprintf("%q is no token: it begins with a letter or _ and holds letters, digits and ._- only", v.String()))
		}
	}
}

// tokenNamed are the types whose name is a token; a party's is any text.
var tokenNamed = map[reflect.Type]bool{
	reflect.TypeFor[types.Property](): true, reflect.TypeFor[types.Facet](): true,
	reflect.TypeFor[types.Part](): true, reflect.TypeFor[types.AssessmentPart](): true,
}

func (c *check) define(id string, at *place) {
	if err := uuid.Validate(id); err != nil {
		c.say(at.String(), fmt.Sprintf("%q is no UUID", id))
	}
	if first := c.defined[id]; first != nil {
		c.say(at.String(), "has the UUID of "+first.String())
		return
	}
	c.defined[id] = at
}

func (c *check) refer(id string, at *place) {
	c.references = append(c.references, reference{at, id})
}
