package kubernetes

import (
	"encoding/base64"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// hideSecretData marks what a Secret holds as secret, whoever wrote it.
func hideSecretData(kind schema.GroupKind, props resource.PropertyMap) {
	if kind != (schema.GroupKind{Kind: "Secret"}) {
		return
	}
	for _, key := range []resource.PropertyKey{"data", "stringData"} {
		if value, ok := props[key]; ok && !value.IsSecret() {
			props[key] = resource.MakeSecret(value)
		}
	}
}

// writeOnly puts beside a Secret's data the stringData that it came from, which
// the API server never gives back, so that the two can be compared.
func writeOnly(inputs resource.PropertyMap, objects ...map[string]any) {
	given := reveal(inputs["stringData"])
	if !given.IsObject() {
		return
	}
	for _, object := range objects {
		if _, has := object["stringData"]; !has && object["kind"] == "Secret" {
			object["stringData"] = decoded(given.ObjectValue(), object)
		}
	}
}

func decoded(keys resource.PropertyMap, secret map[string]any) map[string]any {
	out := map[string]any{}
	for key := range keys {
		encoded, found, _ := unstructured.NestedString(secret, "data", string(key))
		if !found {
			continue
		}
		if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			out[string(key)] = string(plain)
		}
	}
	return out
}

// concealed is an error whose text quotes no secret.
type concealed struct {
	error
	text string
}

func (c concealed) Error() string { return c.text }
func (c concealed) Unwrap() error { return c.error }

// conceal strikes the secrets among inputs out of an error: the API server
// quotes the values that it refuses.
func conceal(inputs resource.PropertyMap, err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, secret := range secretStrings(resource.NewProperty(inputs), false) {
		text = strings.ReplaceAll(text, secret, "[secret]")
	}
	if text == err.Error() {
		return err
	}
	return concealed{err, text}
}

func secretStrings(v resource.PropertyValue, secret bool) (out []string) {
	switch {
	case v.IsSecret():
		return secretStrings(reveal(v), true)
	case v.IsObject():
		for _, below := range v.ObjectValue() {
			out = append(out, secretStrings(below, secret)...)
		}
	case v.IsArray():
		for _, below := range v.ArrayValue() {
			out = append(out, secretStrings(below, secret)...)
		}
	case v.IsString() && secret && v.StringValue() != "":
		out = append(out, v.StringValue())
	}
	return out
}
