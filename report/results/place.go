package results

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// mostShown is how many bytes of a file's own text an error repeats.
const mostShown = 80

var (
	number = regexp.MustCompile(`^[0-9]+$`)
	tame   = regexp.MustCompile(`^[A-Za-z0-9_./:-]+$`)
)

// place is a JSON pointer (RFC 6901) as people write it: items[12].verdict.
func place(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		switch {
		case b.Len() > 2*mostShown:
			return b.String() + "…"
		case number.MatchString(token):
			b.WriteString("[" + cut(token) + "]")
		case tame.MatchString(token) && b.Len() > 0:
			b.WriteString("." + cut(token))
		case tame.MatchString(token):
			b.WriteString(cut(token))
		default:
			b.WriteString("[" + quoted(token) + "]")
		}
	}
	return b.String()
}

// lineColumn is a byte's place for people; both count from 1, columns in bytes.
func lineColumn(data []byte, offset int64) string {
	before := data[:min(max(offset, 0), int64(len(data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d (byte %d)", line, column, len(before))
}

// quoted is a text of the file as an error may repeat it: short, and without
// what a terminal would obey.
func quoted(text string) string { return strconv.QuoteToGraphic(cut(text)) }

// printable is a file's name: as it is, unless it would do something to a
// terminal.
func printable(name string) string {
	if q := strconv.QuoteToGraphic(name); q != `"`+name+`"` {
		return q
	}
	return name
}

func cut(text string) string {
	if len(text) > mostShown {
		return strings.ToValidUTF8(text[:mostShown], "") + "…"
	}
	return text
}

// nameOf is a field's key in JSON, "" when it has none of its own.
func nameOf(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}
