package report

import "github.com/agext/levenshtein"

// Nearest is the known name that was most likely meant, "" when none is near.
func Nearest(given string, known []string) string {
	best, score := "", 0.5
	for _, name := range known {
		if s := levenshtein.Match(given, name, nil); s > score {
			best, score = name, s
		}
	}
	return best
}
