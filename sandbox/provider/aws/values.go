package aws

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// unwrap turns Pulumi's property values into plain ones. Secrets lose their wrapping (conceals them again: see
// wrap), unknown values are dropped: only previews have them, and previews call no API.
func unwrap(m resource.PropertyMap) props {
	out := props{}
	for k, v := range m {
		if k == "__defaults" {
			continue
		}
		if p, known := unwrapValue(v); known {
			out[string(k)] = p
		}
	}
	return out
}

func unwrapValue(v resource.PropertyValue) (any, bool) {
	switch {
	case v.IsSecret():
		return unwrapValue(v.SecretValue().Element)
	case v.IsOutput():
		if !v.OutputValue().Known {
			return nil, false
		}
		return unwrapValue(v.OutputValue().Element)
	case v.IsComputed():
		return nil, false
	case v.IsArray():
		out := make([]any, 0, len(v.ArrayValue()))
		for _, e := range v.ArrayValue() {
			if p, known := unwrapValue(e); known {
				out = append(out, p)
			}
		}
		return out, true
	case v.IsObject():
		return unwrap(v.ObjectValue()), true
	default:
		return v.V, true
	}
}

// wrap turns plain values into Pulumi's, and marks as secret what the row declares and what is secret in the values
// that the engine gave.
func wrap(row *Resource, p props, given ...resource.PropertyMap) resource.PropertyMap {
	out := resource.NewPropertyMapFromMap(p)
	secret := map[resource.PropertyKey]bool{}
	for _, name := range row.Secret {
		secret[resource.PropertyKey(name)] = true
	}
	for _, m := range given {
		for k, v := range m {
			secret[k] = secret[k] || v.ContainsSecrets()
		}
	}
	for k, v := range out {
		if secret[k] && !v.IsSecret() {
			out[k] = resource.MakeSecret(v)
		}
	}
	return out
}
