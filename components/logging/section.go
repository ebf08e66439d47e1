package logging

import (
	"fmt"
	"strings"
)

// section is one section of Fluent Bit's classic configuration: its settings
// in their order, which matters to filters.
type section struct {
	// kind is SERVICE, INPUT, FILTER or OUTPUT.
	kind     string
	settings []setting
}

// setting is one line. A key may be there more than once, as Rule is.
type setting struct{ key, value string }

// render writes sections as Fluent Bit reads them.
func render(sections ...section) string {
	var text strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&text, "[%s]\n", s.kind)
		for _, line := range s.settings {
			fmt.Fprintf(&text, "    %-26s %s\n", line.key, line.value)
		}
	}
	return text.String()
}
