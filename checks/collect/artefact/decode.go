package artefact

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"time"

	"gatehouse/checks/evidence"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// trim is a text without what stands before it.
func trim(text []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(text, byteOrderMark), " \t\r\n")
}

// fromJSON reads JSON; its errors say the line.
func fromJSON(text []byte, into any) error {
	text = bytes.TrimPrefix(text, byteOrderMark)
	err := json.Unmarshal(text, into)
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	at := int64(0)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &shape):
		at = shape.Offset
	default:
		return err
	}
	at = min(at, int64(len(text)))
	return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:at], []byte("\n")), err)
}

// fromXML reads XML whose root has one of the names; its errors say the line.
func fromXML(text []byte, into any, roots ...string) error {
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, byteOrderMark)))
	for {
		token, err := decoder.Token()
		if err != nil {
			return place(decoder, err)
		}
		start, is := token.(xml.StartElement)
		if !is {
			continue
		}
		for _, root := range roots {
			if start.Name.Local == root {
				return place(decoder, decoder.DecodeElement(into, &start))
			}
		}
		return fmt.Errorf("its root is <%s>, <%s> is wanted", start.Name.Local, roots[0])
	}
}

func place(d *xml.Decoder, err error) error {
	var syntax *xml.SyntaxError
	if err == nil || errors.As(err, &syntax) { // which says the line itself
		return err
	}
	line, _ := d.InputPos()
	return fmt.Errorf("line %d: %w", line, err)
}

// stated sets when a file was made, if it says so.
func stated(file *evidence.ArtefactFile, at time.Time) {
	if !at.IsZero() && (!file.Stated || at.After(file.At)) {
		file.At, file.Stated = at.UTC(), true
	}
}

// mostCounted bounds every figure that is added up.
const mostCounted = 1 << 40

// counts refuses figures that no tool writes.
func counts(figures ...int) error {
	for _, n := range figures {
		if n < 0 || n > mostCounted {
			return fmt.Errorf("%d is no count", n)
		}
	}
	return nil
}

// some are the first of many, enough to show.
const some = 100
