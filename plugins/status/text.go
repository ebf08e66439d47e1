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

// Schema is the JSON Schema (draft 2020-12) of a [View], as [JSON] writes it.
func Schema() []byte { return slices.Clone(schema) }

// View is a status beside what is wanted of it, as people and scripts are shown it.
type View struct {
	Status
	// Differs is why the portal is not proved to have what configuration wants, in
	// sentences; empty when it is.
	Differs []string `json:"differs"`
}

// JSON writes a view.
func JSON(w io.Writer, v View) error {
	var err error
	if v.Status, err = v.settled(); err != nil {
		return fmt.Errorf("write the status: %w", err)
	}
	if v.Differs == nil {
		v.Differs = []string{} // a reader may rely on a list
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// Text writes a view for people, at most width characters wide (80 for a plain
// terminal): the portal first, then what failed last, then each plugin, and at the end
// what differs.
func Text(w io.Writer, v View, width int) error {
	var out strings.Builder
	s := v.Status
	put := func(first, text string) { wrap(&out, first, text, width) }
	if s.Phase == "" {
		put("", "The portal never had a plugin.")
	} else {
		put("Generation  ", fmt.Sprintf("%s, %s since %s", orNone(s.Generation), s.said(), at(s.Since)))
	}
	switch {
	case s.Check.Problem != "":
		put("Looked at   ", fmt.Sprintf("%s: NOT as it was proved: %s", at(s.Check.Time), s.Check.Problem))
	case !s.Check.Time.IsZero():
		put("Looked at   ", at(s.Check.Time)+": as it was proved")
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
	for _, each := range v.Differs {
		put("! ", each)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// said is the phase for people: whoever went back is proved to be there.
func (s Status) said() string {
	if s.Phase == RolledBack {
		return "proved (went back to it)"
	}
	return string(s.Phase)
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
