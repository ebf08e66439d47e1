package config

import (
	"strings"

	"github.com/agext/levenshtein"
)

// nearest is the candidate that was most likely meant, or "" when none is
// near enough: a third of the letters may differ.
func nearest(given string, candidates []string) string {
	best, bestDistance := "", max(2, len(given)/3)+1
	if len(given) > 100 || len(given) < 2 {
		return ""
	}
	for _, candidate := range candidates {
		distance := levenshtein.Distance(strings.ToLower(given), strings.ToLower(candidate), nil)
		// A short name is near to every other short name.
		if distance < bestDistance && distance < len(candidate)-1 {
			best, bestDistance = candidate, distance
		}
	}
	return best
}

// withSuggestion ends a message with the nearest valid name or value.
func withSuggestion(message, suggestion string) string {
	if suggestion == "" {
		return message
	}
	return message + `; did you mean "` + suggestion + `"?`
}
