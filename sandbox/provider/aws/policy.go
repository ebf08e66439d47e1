package aws

import "encoding/json"

// stored spells a policy as AWS stores it: a list of one as its element, everyone as {"AWS":"*"}. moto's own checks
// of a bucket policy (may S3 deliver access logs?) know no other spelling. What is no JSON object stays as it is.
func stored(policy string) string {
	var document map[string]any
	if json.Unmarshal([]byte(policy), &document) != nil {
		return policy
	}
	text, err := json.Marshal(respell(document))
	if err != nil {
		return policy
	}
	return string(text)
}

// respell is stored for decoded JSON.
func respell(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := props{}
		for k, e := range v {
			e = respell(e)
			if k == "Principal" && e == "*" {
				e = props{"AWS": "*"}
			}
			out[k] = e
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = respell(e)
		}
		if len(out) == 1 {
			if s, ok := out[0].(string); ok {
				return s
			}
		}
		return out
	default:
		return v
	}
}
