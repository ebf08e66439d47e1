package input

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"gatehouse/report"
)

// part is a value of a document that should be an object or a list of some.
type part struct {
	value resource.PropertyValue
	// file and line are where it begins, places where what is below it is.
	file   string
	line   int
	places places
	// source is the template that Helm rendered it from, "" when it does not
	// say.
	source string
}

// object is a Kubernetes object with its place.
type object struct {
	resource Resource
	part
	// generated is whether the server makes up its name, so that it may come
	// twice.
	generated bool
}

// typeMeta is what the items of a list inherit: kubectl leaves it out of some.
type typeMeta struct{ apiVersion, kind string }

// appendTo appends the object that the part is, or those of its list.
func (p part) appendTo(objects []*object, inherited typeMeta) ([]*object, error) {
	if !p.value.IsObject() {
		return nil, at(p.line, "this is no Kubernetes object: a mapping with apiVersion and kind should be here")
	}
	m := p.value.ObjectValue()
	meta, err := p.meta(m, inherited)
	if err != nil {
		return nil, err
	}
	if isList(m, meta) {
		below := typeMeta{meta.apiVersion, strings.TrimSuffix(meta.kind, "List")}
		if below.kind == "" {
			below = typeMeta{}
		}
		for _, item := range p.items(m["items"]) {
			if objects, err = item.appendTo(objects, below); err != nil {
				return nil, err
			}
		}
		return objects, nil
	}
	o, err := p.object(m, meta)
	if err != nil {
		return nil, err
	}
	return append(objects, o), nil
}

// meta reads apiVersion and kind.
func (p part) meta(m resource.PropertyMap, inherited typeMeta) (typeMeta, error) {
	meta := inherited
	for _, field := range []struct {
		key  resource.PropertyKey
		into *string
	}{{"apiVersion", &meta.apiVersion}, {"kind", &meta.kind}} {
		if v := m[field.key]; v.IsString() {
			*field.into = v.StringValue()
		}
		if *field.into == "" {
			return meta, at(p.line, "this is no Kubernetes object: %s is missing; name the files that are manifests, "+
				"or a folder with nothing else in it", field.key)
		}
		m[field.key] = resource.NewProperty(*field.into)
	}
	return meta, nil
}

// isList tells a list from an object whose kind happens to end like one.
func isList(m resource.PropertyMap, meta typeMeta) bool {
	if meta == (typeMeta{"v1", "List"}) && (m["items"].IsNull() || m["items"].IsArray()) {
		return true
	}
	metadata := m["metadata"]
	named := metadata.IsObject() && metadata.ObjectValue()["name"].IsString()
	return strings.HasSuffix(meta.kind, "List") && m["items"].IsArray() && !named
}

// items are the parts of a list, which may be null.
func (p part) items(list resource.PropertyValue) []part {
	if !list.IsArray() {
		return nil
	}
	_, below, _ := p.places.child("items")
	parts := make([]part, len(list.ArrayValue()))
	for i, v := range list.ArrayValue() {
		parts[i] = p
		parts[i].value = v
		parts[i].line, parts[i].places = int(below[0].line), below[1:below[0].size]
		below = below[below[0].size:]
	}
	return parts
}

// object makes the resource of an object.
func (p part) object(m resource.PropertyMap, meta typeMeta) (*object, error) {
	var metadata resource.PropertyMap
	if v := m["metadata"]; v.IsObject() {
		metadata = v.ObjectValue()
	}
	name, err := p.text(metadata, "name")
	if err != nil {
		return nil, err
	}
	generated := name == ""
	if generated {
		if name, err = p.text(metadata, "generateName"); err != nil {
			return nil, err
		}
	}
	if name == "" {
		return nil, at(p.line, "%s has no metadata.name: give it one", meta.kind)
	}
	namespace, err := p.text(metadata, "namespace")
	if err != nil {
		return nil, err
	}
	if namespace != "" {
		name = namespace + "/" + name
	}
	token := token(meta)
	if token == secretType {
		conceal(m, metadata)
	}
	o := &object{part: p, generated: generated, resource: Resource{
		URN: token + "::" + name, Type: token, Name: name, Properties: m, Custom: true,
		Location: &report.Location{File: p.file, Line: p.line},
		Locate: func(path []any) *report.Location {
			return &report.Location{File: p.file, Line: p.places.line(p.line, path)}
		},
	}}
	// What Helm rendered is written in a template, whose lines nobody knows.
	if p.source != "" {
		o.resource.Location, o.resource.Locate = &report.Location{File: p.source}, nil
	}
	return o, nil
}

// text reads a string of the metadata.
func (p part) text(metadata resource.PropertyMap, key resource.PropertyKey) (string, error) {
	switch v := metadata[key]; {
	case v.IsNull():
		return "", nil
	case v.IsString():
		return v.StringValue(), nil
	}
	return "", at(p.line, "metadata.%s is no string: put it in quotes", key)
}

// token is Pulumi's type of an object. The core group has no name in Kubernetes.
func token(meta typeMeta) string {
	if !strings.Contains(meta.apiVersion, "/") {
		meta.apiVersion = "core/" + meta.apiVersion
	}
	return "kubernetes:" + meta.apiVersion + ":" + meta.kind
}

const (
	secretType  = "kubernetes:core/v1:Secret"
	lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
)

// conceal marks what is secret in a Secret, as Pulumi's provider does.
func conceal(m, metadata resource.PropertyMap) {
	secret := func(m resource.PropertyMap, key resource.PropertyKey) {
		if v, given := m[key]; given {
			m[key] = resource.MakeSecret(v)
		}
	}
	secret(m, "data")
	secret(m, "stringData")
	if annotations := metadata["annotations"]; annotations.IsObject() {
		secret(annotations.ObjectValue(), lastApplied)
	}
}
