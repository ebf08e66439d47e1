package waivers

import (
	"fmt"

	"github.com/agext/levenshtein"
)

// meant ends a message with the known name that was most likely meant, or with
// nothing when none is near.
func meant(given string, known []string) string {
	best, score := "", 0.5
	for _, name := range known {
		if s := levenshtein.Match(given, name, nil); s > score {
			best, score = name, s
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
