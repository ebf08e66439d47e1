package npm

import (
	"encoding/json"
	"strings"
)

// licence is the expression in any of the forms that npm has had: license as a
// string, as {type, url} or as a list of those, and licenses.
func licence(f fields) string {
	for _, name := range []string{"license", "licence", "licenses"} {
		if all := licences(f[name]); len(all) == 1 {
			return all[0]
		} else if len(all) > 1 {
			return "(" + strings.Join(all, " OR ") + ")"
		}
	}
	return ""
}

func licences(value json.RawMessage) (all []string) {
	var text string
	if json.Unmarshal(value, &text) == nil {
		if text = strings.TrimSpace(text); text != "" {
			all = append(all, text)
		}
		return all
	}
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		for _, each := range list {
			all = append(all, licences(each)...)
		}
		return all
	}
	if object, err := readFields(value); err == nil {
		for _, name := range []string{"type", "name"} {
			if text := strings.TrimSpace(object.text(name)); text != "" {
				return []string{text}
			}
		}
	}
	return nil
}
