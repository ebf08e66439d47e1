package status

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"

	"gatehouse/plugins/trail"
)

// variable is a reference to one of the environment, as app-config has them in a
// secret's place.
var variable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// veil stands before a reference while secrets are looked for: none of them has a
// space in it.
const veil = "\x00 \x00"

// redact replaces what looks like a secret; a reference to a variable is none.
func redact(text string) string {
	text = variable.ReplaceAllStringFunc(text, func(name string) string { return veil + name })
	return strings.ReplaceAll(trail.Redact(text), veil, "")
}

// redactJSON does so in all strings of a document. One without secrets stays as it
// is, to the byte.
func redactJSON(document json.RawMessage) (json.RawMessage, error) {
	if len(document) == 0 {
		return json.RawMessage("null"), nil
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind it")
	}
	value, changed := redactValue("", value)
	if !changed {
		return document, nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
}

// redactValue looks at a string together with its key, which may say that it is a
// secret.
func redactValue(key string, value any) (_ any, changed bool) {
	switch v := value.(type) {
	case string:
		if clean := redact(v); clean != v {
			return clean, true
		}
		if named := key + ": " + v; redact(named) != named {
			return "[redacted: secret]", true
		}
	case []any:
		for i := range v {
			var one bool
			v[i], one = redactValue("", v[i])
			changed = changed || one
		}
	case map[string]any:
		for key := range v {
			var one bool
			v[key], one = redactValue(key, v[key])
			changed = changed || one
		}
	}
	return value, changed
}
