package input

import (
	"bytes"
	"errors"
	"path"
	"strings"
)

// document is one document of a file, as written.
type document struct {
	file *file
	data []byte
	// line is where data begins in the file.
	line int
}

// split cuts a file at the lines that begin a document (---) or end one (...).
// YAML allows neither within a value, so nothing needs to be parsed for it.
func split(f *file) []*document {
	var documents []*document
	add := func(data []byte, line int) {
		if !blank(data) {
			documents = append(documents, &document{file: f, data: data, line: line})
		}
	}
	start, startLine := 0, 1
	for pos, line := 0, 1; pos < len(f.data); line++ {
		length := bytes.IndexByte(f.data[pos:], '\n') + 1
		if length == 0 {
			length = len(f.data) - pos
		}
		text := f.data[pos : pos+length]
		switch {
		case marks(text, "---"):
			add(f.data[start:pos], startLine)
			start, startLine = pos, line
		case marks(text, "..."):
			add(f.data[start:pos], startLine)
			start, startLine = pos+length, line+1
		}
		pos += length
	}
	add(f.data[start:], startLine)
	return documents
}

// marks tells whether a line begins with a marker.
func marks(line []byte, marker string) bool {
	return len(line) >= 3 && string(line[:3]) == marker && (len(line) == 3 || strings.IndexByte(" \t\r\n", line[3]) >= 0)
}

// blank tells whether nothing is in a document but comments and directives.
func blank(data []byte) bool {
	for line := range bytes.Lines(data) {
		if marks(line, "---") {
			line = line[3:]
		}
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return false
		}
	}
	return true
}

// parse reads the objects of a document. What begins like JSON may still be
// YAML in braces, unless the file's name says JSON.
func (d *document) parse(budget *budget) ([]*object, error) {
	var parts []part
	err := errors.ErrUnsupported
	isJSON := strings.EqualFold(path.Ext(d.file.name), ".json")
	if start := bytes.TrimLeft(d.data, " \t\r\n"); isJSON || len(start) > 0 && start[0] == '{' {
		parts, err = d.parseJSON(budget)
	}
	if err != nil && !isJSON && !errors.Is(err, errValues) {
		parts, err = d.parseYAML(budget)
	}
	if err != nil {
		return nil, err
	}
	var objects []*object
	source := d.helmSource()
	for _, p := range parts {
		p.file, p.source = d.file.name, source
		if objects, err = p.appendTo(objects, typeMeta{}); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// parseJSON reads JSON values that stand one behind the other.
func (d *document) parseJSON(budget *budget) ([]part, error) {
	var parts []part
	r := newJSONReader(nil, budget.limit).over(d.data)
	r.line = d.line
	for {
		if _, err := r.peek(); errors.Is(err, errTruncated) {
			return parts, nil
		}
		p := part{line: r.line}
		r.places, *r.values = &p.places, 0
		var err error
		if p.value, err = r.value(); err != nil {
			return nil, err
		}
		if err := budget.spend(*r.values); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
}

// helmSource reads the comment with which Helm says what template a document
// comes from.
func (d *document) helmSource() string {
	for line := range bytes.Lines(d.data) {
		line = bytes.TrimSpace(line)
		if source, is := bytes.CutPrefix(line, []byte("# Source: ")); is {
			return string(bytes.TrimSpace(source))
		}
		if len(line) > 0 && line[0] != '#' && !marks(line, "---") {
			break
		}
	}
	return ""
}
