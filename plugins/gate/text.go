package gate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// isExact is a version that stands alone as a range.
var isExact = regexp.MustCompile(`^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$`)

// short keeps a stranger's text from filling a report.
func short(text string) string {
	if len(text) > 100 {
		return text[:97] + "..."
	}
	return text
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// list is some names, and how many more there are.
func list(names []string) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
