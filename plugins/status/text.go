package status

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The schema is made from the types and their doc comments.
//
//go:generate go test -run SchemaIsCurrent$ . -update

//go:embed status.schema.json
var schema []byte

// Schema is the JSON Schema (draft 2020-12) of what [JSON] writes.
func Schema() []byte { return slices.Clone(schema) }

// JSON writes the status.
func JSON(w io.Writer, s Status) error {
	s, err := s.settled()
	if err != nil {
		return fmt.Errorf("write the status: %w", err)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(s)
}

// Text writes the status for people, at most width characters wide (80 for a plain
// terminal): the portal first, then each plugin, then what failed last.
func Text(w io.Writer, s Status, width int) error {
	var out strings.Builder
	put := func(first, text string) { wrap(&out, first, text, width) }
	if s.Phase == "" {
		put("", "The portal never had a plugin.")
	} else {
		put("Generation  ", fmt.Sprintf("%s, %s since %s", orNone(s.Generation), s.Phase, at(s.Since)))
	}
	if s.LastGood.Generation != "" && s.LastGood.Generation != s.Generation {
		put("Last good   ", s.LastGood.Generation)
	}
	if s.Failure.Reason != "" || s.Failure.Generation != "" {
		put("Last failed ", fmt.Sprintf("%s at %s: %s", orNone(s.Failure.Generation), at(s.Failure.Time), s.Failure.Reason))
	}
	if s.TrailHead.Sequence != 0 {
		put("Trail head  ", s.TrailHead.String())
	}
	if s.Phase != "" {
		put("Plugins     ", strconv.Itoa(len(s.Plugins)))
	}
	for _, p := range s.Plugins {
		put("  ", fmt.Sprintf("%s: %s (%s)", p.Ref, p.State, p.Strategy))
		if p.Reason != "" {
			put("      ", p.Reason)
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func orNone(generation string) string {
	if generation == "" {
		return "none"
	}
	return generation
}

// wrap writes text in lines behind a first margin, whose width the others leave free.
// What breaks a line in a stranger's text does not break ours; a word that is longer
// than a line is broken.
func wrap(out *strings.Builder, first, text string, width int) {
	indent := utf8.RuneCountInString(first)
	room := max(width-indent, 1)
	margin, line := first, []rune(nil)
	flush := func(end int) {
		out.WriteString(strings.TrimRight(margin+string(line[:end]), " ") + "\n")
		margin, line = strings.Repeat(" ", indent), line[end:]
	}
	for word := range strings.FieldsSeq(text) {
		if rest := []rune(word); len(line) > 0 && len(line)+1+len(rest) > room {
			flush(len(line))
		} else if len(line) > 0 {
			line = append(line, ' ')
		}
		for line = append(line, []rune(word)...); len(line) > room; {
			flush(room)
		}
	}
	flush(len(line))
}
