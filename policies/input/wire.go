package input

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
)

// floatSig marks numbers that JSON cannot write; the SDK does not export it.
const floatSig = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c"

// blinded is what a preview shows in place of a secret.
const blinded = "[secret]"

// sentinel tells whether a string stands for a value that is not known yet.
func sentinel(s string) bool {
	if len(s) != len(plugin.UnknownStringValue) {
		return false
	}
	switch s {
	case plugin.UnknownStringValue, plugin.UnknownBoolValue, plugin.UnknownNumberValue, plugin.UnknownArrayValue,
		plugin.UnknownAssetValue, plugin.UnknownArchiveValue, plugin.UnknownObjectValue:
		return true
	}
	return false
}

func computed() resource.PropertyValue {
	return resource.MakeComputed(resource.NewProperty(""))
}

// ofState turns what stands in a state into the values that it stands for.
func ofState(r *jsonReader, v resource.PropertyValue) (resource.PropertyValue, error) {
	switch {
	case v.IsString() && sentinel(v.StringValue()):
		return computed(), nil
	case v.IsObject():
		if signature, signed := v.ObjectValue()[sig.Key]; signed {
			decoded, err := unwrap(r, signature, v.ObjectValue())
			if err != nil {
				return v, at(r.line, "%w", err)
			}
			return decoded, nil
		}
	}
	return v, nil
}

// ofPreview does so for a preview, which shows no secrets.
func ofPreview(r *jsonReader, v resource.PropertyValue) (resource.PropertyValue, error) {
	if v.IsString() && v.StringValue() == blinded {
		return resource.MakeSecret(computed()), nil
	}
	return ofState(r, v)
}

// unwrap decodes an object that says by its signature what it is. No error
// repeats a value: it may be a secret.
func unwrap(r *jsonReader, signature resource.PropertyValue, m resource.PropertyMap) (resource.PropertyValue, error) {
	var null resource.PropertyValue
	text := func(key resource.PropertyKey) string {
		if m[key].IsString() {
			return m[key].StringValue()
		}
		return ""
	}
	if !signature.IsString() {
		return null, fmt.Errorf("decode a signed value: its signature is no string")
	}
	switch signature.StringValue() {
	case sig.Secret:
		if !m.HasValue("plaintext") {
			return resource.MakeSecret(computed()), nil
		}
		inner := r.over([]byte(text("plaintext")))
		v, err := inner.value()
		if err == nil {
			err = inner.end()
		}
		if err != nil {
			return null, fmt.Errorf("decode a secret: its plaintext is not JSON")
		}
		return resource.MakeSecret(v), nil
	case sig.OutputValue:
		v, known := m["value"]
		if !known {
			v = computed()
		}
		if m["secret"].IsBool() && m["secret"].BoolValue() {
			v = resource.MakeSecret(v)
		}
		return v, nil
	case sig.ResourceReference:
		ref := resource.ResourceReference{URN: resource.URN(text("urn")), PackageVersion: text("packageVersion"), ID: m["id"]}
		return resource.NewProperty(ref), nil
	case sig.AssetSig:
		a, _, err := asset.Deserialize(plain(m))
		return resource.NewProperty(a), err
	case sig.ArchiveSig:
		a, _, err := archive.Deserialize(plain(m))
		return resource.NewProperty(a), err
	case sig.ByteString:
		raw, err := base64.StdEncoding.DecodeString(text("value"))
		if err != nil {
			return null, fmt.Errorf("decode a string of bytes: it is not base64")
		}
		return resource.NewProperty(string(raw)), nil
	case floatSig:
		bits, err := strconv.ParseUint(text("value"), 16, 64)
		if err != nil {
			return null, fmt.Errorf("decode a number: it is not hexadecimal")
		}
		return resource.NewProperty(math.Float64frombits(bits)), nil
	}
	return null, fmt.Errorf("decode a signed value: its kind is newer than this program, update it")
}

// plain undoes property values for the SDK's decoders of assets and archives,
// which want the parts of an archive as they are in JSON or decoded.
func plain(m resource.PropertyMap) map[string]any {
	return m.MapRepl(nil, nil)
}
