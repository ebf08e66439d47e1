package registered

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// blinded is what the engine's events show in place of a secret.
const blinded = "[secret]"

// merge returns the properties of an event, which are whole, with the secrets that
// the event hides and a call has sent.
func merge(shown map[string]any, sent resource.PropertyMap) resource.PropertyMap {
	made := make(resource.PropertyMap, len(shown))
	for name, value := range shown {
		key := resource.PropertyKey(name)
		if !strings.HasPrefix(name, "__") { // bookkeeping of providers
			made[key] = merged(value, sent[key])
		}
	}
	return made
}

// merged is one value; sent is null where none was sent.
func merged(shown any, sent resource.PropertyValue) resource.PropertyValue {
	switch shown := shown.(type) {
	case bool:
		return resource.NewProperty(shown)
	case float64:
		return resource.NewProperty(shown)
	case string:
		return text(shown, sent)
	case []any:
		var elements []resource.PropertyValue
		if plain := bare(sent); plain.IsArray() {
			elements = plain.ArrayValue()
		}
		made := make([]resource.PropertyValue, len(shown))
		for i, value := range shown {
			made[i] = merged(value, at(elements, i))
		}
		return resource.NewProperty(made)
	case map[string]any:
		switch {
		case shown[sig.Key] == sig.Secret:
			return secret(sent)
		case shown[sig.Key] != nil: // an asset or a reference, of which an event shows a part
			return sent
		}
		var properties resource.PropertyMap
		if plain := bare(sent); plain.IsObject() {
			properties = plain.ObjectValue()
		}
		return resource.NewProperty(merge(shown, properties))
	default:
		return resource.NewNullProperty()
	}
}

// text is a text, which the engine writes for what is not known, too.
func text(shown string, sent resource.PropertyValue) resource.PropertyValue {
	plain := bare(sent)
	switch {
	case unknown(shown):
		return resource.MakeComputed(resource.NewProperty(""))
	case !strings.Contains(shown, blinded):
		return resource.NewProperty(shown)
	case plain.IsString():
		// The engine blinds the secrets of the configuration in every text, also in
		// one that is none itself.
		return plain
	default:
		return secret(sent)
	}
}

// secret is a secret that was sent; nobody can read another one.
func secret(sent resource.PropertyValue) resource.PropertyValue {
	switch {
	case sent.IsSecret():
		return sent
	case sent.IsNull():
		return resource.MakeSecret(resource.MakeComputed(resource.NewProperty("")))
	default:
		return resource.MakeSecret(sent)
	}
}

// bare is what a secret wraps.
func bare(v resource.PropertyValue) resource.PropertyValue {
	for v.IsSecret() {
		v = v.SecretValue().Element
	}
	return v
}

// at is an element, null beyond the end.
func at(elements []resource.PropertyValue, i int) resource.PropertyValue {
	if i < len(elements) {
		return elements[i]
	}
	return resource.NewNullProperty()
}

// unknown tells whether a text stands for a value that is not known yet.
func unknown(text string) bool {
	switch text {
	case plugin.UnknownStringValue, plugin.UnknownBoolValue, plugin.UnknownNumberValue, plugin.UnknownArrayValue,
		plugin.UnknownAssetValue, plugin.UnknownArchiveValue, plugin.UnknownObjectValue:
		return true
	}
	return false
}
