package aws

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
)

// allowsAll tells whether a policy allows every action on everything, without a
// condition.
func allowsAll(text string) (bool, error) {
	d, err := documentOf(text)
	for _, s := range d.Statement {
		all := slices.Contains(s.Action, "*") || slices.Contains(s.Action, "*:*") || slices.Contains(s.Action, "iam:*")
		if s.Effect == "Allow" && all && slices.Contains(s.Resource, "*") && len(s.Condition) == 0 {
			return true, nil
		}
	}
	return false, err
}

// trustsOf are those that a trust policy lets in.
func trustsOf(text string) ([]evidence.Trust, error) {
	d, err := documentOf(text)
	var trusts []evidence.Trust
	for _, s := range d.Statement {
		if s.Effect != "Allow" {
			continue
		}
		conditions := conditionsOf(s)
		who := map[string]list[string]{}
		var anyone string
		if json.Unmarshal(s.Principal, &anyone) == nil {
			who["AWS"] = list[string]{anyone}
		} else if wrong := json.Unmarshal(s.Principal, &who); wrong != nil {
			return trusts, evidence.Problem{Kind: evidence.Invalid, Message: "a trust policy of IAM names nobody who can be read"}
		}
		for _, kind := range slices.Sorted(maps.Keys(who)) {
			for _, one := range who[kind] {
				trusts = append(trusts, evidence.Trust{Kind: kind, Who: one, Conditions: conditions})
			}
		}
	}
	return trusts, err
}

// conditionsOf are the keys that narrow who is let in. A negation and a value
// that anybody has do not; repo:* is every repository of GitHub.
func conditionsOf(s statement) []string {
	var keys []string
	for test, asked := range s.Condition {
		if strings.Contains(test, "Not") || strings.HasSuffix(test, "IfExists") || strings.HasPrefix(test, "ForAllValues:") {
			continue
		}
		for key, values := range asked {
			open := slices.ContainsFunc(values, func(value any) bool { return value == "*" || value == "repo:*" })
			if len(values) > 0 && !open {
				keys = append(keys, strings.ToLower(key))
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
