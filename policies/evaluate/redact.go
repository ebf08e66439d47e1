package evaluate

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// redacted stands where a secret was.
const redacted = "[secret]"

// shortest is the length from which on a secret is found inside other words.
const shortest = 5

// redact takes secrets out of a text that a rule has made, also where it has
// quoted or encoded them. Short ones are taken out where they stand alone: "a"
// is in every sentence.
func redact(text string, secrets []string) string {
	for _, secret := range secrets {
		for _, form := range forms(secret) {
			text = without(text, form)
		}
	}
	return text
}

func without(text, secret string) string {
	if !strings.Contains(text, secret) {
		return text
	}
	if len(secret) >= shortest {
		return strings.ReplaceAll(text, secret, redacted)
	}
	alone := regexp.MustCompile(`(^|[^\pL\pN])` + regexp.QuoteMeta(secret) + `([^\pL\pN]|$)`)
	return alone.ReplaceAllString(text, "${1}"+redacted+"${2}")
}

// forms are the ways in which a message may hold a secret: as it is, within
// JSON, within JSON in JSON, quoted by Rego, and in base64. The longest come
// first.
func forms(secret string) []string {
	all := []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))}
	for _, once := range []string{inJSON(secret, false), inJSON(secret, true), quoted(secret)} {
		all = append(all, once, inJSON(once, false), inJSON(once, true), quoted(once))
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	return slices.Compact(all)
}

func inJSON(text string, forHTML bool) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(forHTML)
	_ = encoder.Encode(text) // a string can always be encoded
	whole := strings.TrimSuffix(out.String(), "\n")
	return whole[1 : len(whole)-1]
}

func quoted(text string) string { q := strconv.Quote(text); return q[1 : len(q)-1] }
