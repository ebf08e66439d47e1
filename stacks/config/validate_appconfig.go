package config

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gatehouse/plugins/appconfig"
	"gatehouse/plugins/trail"
)

// appConfigs checks the fragments of app-config, which nobody but Backstage reads:
// each is written to a volume and merged with the others.
func (v validator) appConfigs() {
	said := map[string]statement{}
	for i, pkg := range v.Config.Portal.Plugins.Packages {
		path := item(pluginsPath+".packages", i) + ".appConfig"
		if !v.readable(path) {
			continue
		}
		for _, p := range appconfig.Check(pkg.AppConfig) {
			v.refuse(below(path, p.Path), "%s", p.Why)
		}
		v.fragment(path, "", pkg.AppConfig)
		for _, s := range statements(path, "", pkg.AppConfig) {
			s.by = pkg.Name
			v.agrees(s, said)
		}
	}
}

// below is the place in the file of a key in a fragment.
func below(path string, keys []string) string {
	for _, key := range keys {
		if strings.HasPrefix(key, "[") {
			path += key
			continue
		}
		path = join(path, key)
	}
	return path
}

// statement is one value of a fragment.
type statement struct {
	// key is the value's key in app-config, path its place in the file.
	key, path string
	value     any
	by        PackageName
}

// statements are the values of a fragment by key. A list is one value, because
// Backstage does not merge lists.
func statements(path, key string, value any) []statement {
	mapping, isMapping := value.(map[string]any)
	if !isMapping || len(mapping) == 0 && key != "" {
		return []statement{{key: key, path: path, value: value}}
	}
	var all []statement
	for _, name := range slices.Sorted(maps.Keys(mapping)) {
		all = append(all, statements(join(path, name), join(key, name), mapping[name])...)
	}
	return all
}

// agrees refuses a value that an earlier package has set otherwise, or that lies
// below or above another's value: one of the two would be lost.
func (v validator) agrees(s statement, said map[string]statement) {
	for _, key := range slices.Sorted(maps.Keys(said)) {
		other := said[key]
		if other.by == s.by || key == s.key && reflect.DeepEqual(other.value, s.value) {
			continue
		}
		if within(s.key, key) || within(key, s.key) {
			v.refuse(s.path, "%s of app-config is set otherwise by %s%s; all fragments become one file: agree on one value", s.key, other.by, v.line(other.path))
		}
	}
	if _, known := said[s.key]; !known {
		said[s.key] = s
	}
}

var (
	// substitution is what Backstage replaces by a variable of its environment.
	substitution = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)
	secretKey    = regexp.MustCompile(`(?i)(password|passwd|secret|token|api_?key|access_?key|private_?key|credential)s?$`)
)

// fragment refuses secrets, wherever in the value they are.
func (v validator) fragment(path, name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		if _, encrypted := value["secure"].(string); encrypted && len(value) == 1 {
			v.refuse(path, "is encrypted, but Backstage reads app-config as it is; write ${VARIABLE}, and give the variable to the portal by %s", namespace+"foundation.secrets")
			return
		}
		for _, inner := range slices.Sorted(maps.Keys(value)) {
			v.fragment(join(path, inner), inner, value[inner])
		}
	case []any:
		for i, inner := range value {
			v.fragment(item(path, i), name, inner)
		}
	case string:
		v.noSecret(path, name, value)
	}
}

// noSecret refuses a literal that looks like a secret. It is never quoted.
func (v validator) noSecret(path, name, value string) {
	literal := substitution.ReplaceAllString(value, "")
	if strings.TrimSpace(literal) == "" {
		return
	}
	if secretKey.MatchString(name) || trail.Redact(literal) != literal {
		v.refuse(path, "looks like a secret, and this file is no place for one; write %s", fmt.Sprintf("${%s}", variable(name)))
	}
}

// variable is the name that a variable for the key could have.
func variable(key string) string {
	name := strings.ToUpper(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(
		regexp.MustCompile(`([a-z0-9])([A-Z])`).ReplaceAllString(key, "${1}_$2"), "_"))
	if name = strings.Trim(name, "_"); name == "" {
		return "VARIABLE"
	}
	return name
}
