// Package appconfig says what a plugin's fragment of app-config may not say: what is
// the portal's own, and what makes Backstage read or believe something else than is
// written there. A fragment is merged over the portal's own files, so that without
// these rules a plugin could switch authentication off or point the portal at another
// database.
//
// What a plugin may do once it runs is not decided here: it shares the process.
// Merging is plugins/generation's, secrets in a fragment are stacks/config's.
package appconfig

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is one key that a fragment may not have.
type Problem struct {
	// Path leads to the key: the keys of mappings, and "[0]" for an item of a list.
	Path []string
	// Why says what is wrong with it and what to do, to follow the key's name.
	Why string
}

func (p Problem) String() string { return strings.Join(p.Path, ".") + " " + p.Why }

// own are the keys of the portal itself, with why. One below them all the same may be
// a plugin's: those in but.
var own = map[string]struct {
	why string
	but []string
}{
	"dynamicPlugins": {why: "says where plugins are, which the installer alone does; remove it"},
	"backend":        {why: "is the portal's own: how it listens, whom it believes and where its data are; set it in the app-config of the portal's image"},
	"discovery":      {why: "says who answers for which plugin, which the installer alone does; remove it"},
	"auth":           {why: "is the portal's own: who is let in, and how; only auth.providers may be a plugin's", but: []string{"providers"}},
}

// parts are keys of the portal below a mapping that plugins may have otherwise.
var parts = map[string][]string{
	"app":        {"baseUrl", "listen", "packages"},
	"permission": {"enabled"},
}

// Check finds what a fragment may not say, in the order of keys; nil is good.
func Check(fragment map[string]any) []Problem {
	var found []Problem
	for _, key := range slices.Sorted(maps.Keys(fragment)) {
		found = append(found, portal(key, fragment[key])...)
	}
	found = append(found, walk(nil, fragment)...)
	slices.SortStableFunc(found, func(a, b Problem) int { return cmp.Compare(strings.Join(a.Path, "."), strings.Join(b.Path, ".")) })
	return found
}

// portal finds the portal's own keys.
func portal(key string, value any) (found []Problem) {
	below, mapping := value.(map[string]any)
	if rule, is := own[key]; is {
		if rule.but == nil || !mapping {
			return []Problem{{[]string{key}, rule.why}}
		}
		for _, name := range slices.Sorted(maps.Keys(below)) {
			if !slices.Contains(rule.but, name) {
				found = append(found, Problem{[]string{key, name}, rule.why})
			}
		}
		return found
	}
	names, is := parts[key]
	if is && !mapping {
		return []Problem{{[]string{key}, "would take the place of all that the portal says there; give a mapping"}}
	}
	for _, name := range names {
		if _, there := below[name]; there {
			found = append(found, Problem{[]string{key, name}, "is the portal's own; set it in the app-config of the portal's image"})
		}
	}
	return found
}

// walk finds keys that mean something else than a value, wherever they are.
func walk(path []string, value any) (found []Problem) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			at := append(slices.Clone(path), key)
			if why := meaning(key); why != "" {
				found = append(found, Problem{at, why})
				continue
			}
			found = append(found, walk(at, value[key])...)
		}
	case []any:
		for i, each := range value {
			found = append(found, walk(append(slices.Clone(path), fmt.Sprintf("[%d]", i)), each)...)
		}
	case map[any]any: // YAML allows it, and JSON, which Backstage's own values are, does not
		found = append(found, Problem{path, "has a key that is no text; put it in quotes"})
	}
	return found
}

// meaning is why a key is refused, "" when it is not.
func meaning(key string) string {
	switch {
	case strings.HasPrefix(key, "$"):
		return "has Backstage read another file or variable in its place; write the value, or ${VARIABLE}"
	case strings.HasPrefix(strings.ToLower(key), "dangerously"):
		return "switches a protection off, and is not a plugin's to say; set it in the app-config of the portal's image"
	case slices.Contains([]string{"__proto__", "constructor", "prototype"}, key):
		return "means something else to JavaScript; remove it"
	}
	return ""
}
