package waivers

import (
	"fmt"

	"gatehouse/report"
)

// meant ends a message with the known name that was most likely meant, or with
// nothing when none is near.
func meant(given string, known []string) string {
	best := report.Nearest(given, known)
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
