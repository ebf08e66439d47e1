// Package results reads a results file, the JSON of a run, back strictly: what
// is not whole, not ours, newer or contradicts itself is an error that names the
// place.
//
// Where files come from is the business of its callers; writing one is
// report/render's.
package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Max is how many bytes a results file may have: some six times what a run with
// 10,000 findings takes. It bounds the memory of [Read].
const Max = 128 << 20

// ReadFile reads the results file at a path.
func ReadFile(path string) (readiness.Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return readiness.Run{}, fmt.Errorf("read results: %w", err)
	}
	defer file.Close()
	return Read(path, file)
}

// Read reads a run as gatehouse check -o json writes it. Errors begin with name.
// Unknown keys are refused: a file of the same format has none, and a misspelt
// one would be silence. Keys that are absent are empty, so that files from
// before a key was added can still be read.
func Read(name string, r io.Reader) (readiness.Run, error) {
	run, err := read(r)
	if err != nil {
		return readiness.Run{}, fmt.Errorf("read results %s: %w", printable(name), err)
	}
	return run, nil
}

func read(r io.Reader) (readiness.Run, error) {
	data, err := io.ReadAll(io.LimitReader(r, Max+1))
	if err != nil {
		return readiness.Run{}, err
	}
	if len(data) > Max {
		return readiness.Run{}, fmt.Errorf("more than %d MiB: no run of the checks is that long", Max>>20)
	}
	if err := ours(data); err != nil {
		return readiness.Run{}, err
	}
	var run readiness.Run
	if err := json.Unmarshal(data, &run, json.RejectUnknownMembers(true)); err != nil {
		return readiness.Run{}, misfit(data, err)
	}
	if err := check(run); err != nil {
		return readiness.Run{}, err
	}
	return run, nil
}

// misfit words an error of the decoder, with its place in the data.
func misfit(data []byte, err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		at := lineColumn(data, syntax.ByteOffset)
		if inside := place(syntax.JSONPointer); inside != "" {
			at += ", at " + inside
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("cut off at %s: the end is missing; write the file again with gatehouse check -o json=FILE", at)
		}
		return fmt.Errorf("%s: %w", at, syntax.Err)
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		key := semantic.JSONPointer.LastToken()
		why := fmt.Sprintf("unknown key %s", quoted(key))
		if near := report.Nearest(key, keysOf(semantic.GoType)); near != "" {
			why += fmt.Sprintf("; did you mean %q?", near)
		}
		return fmt.Errorf("%s: %s", place(semantic.JSONPointer), why)
	case errors.As(err, &semantic):
		if semantic.Err != nil {
			return fmt.Errorf("%s: %w", place(semantic.JSONPointer), semantic.Err)
		}
		return fmt.Errorf("%s: want %s, not a JSON %s", place(semantic.JSONPointer), kindOf(semantic.GoType), semantic.JSONKind)
	}
	return err
}

// whole tells whether the data are one JSON value and nothing else.
func whole(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	if err := d.SkipValue(); err != nil {
		if errors.Is(err, io.EOF) {
			err = &jsontext.SyntacticError{ByteOffset: int64(len(data)), Err: io.ErrUnexpectedEOF}
		}
		return misfit(data, err)
	}
	end := d.InputOffset()
	if rest := bytes.TrimLeft(data[end:], " \t\r\n"); len(rest) > 0 {
		return fmt.Errorf("%s: more follows after the end of the run", lineColumn(data, int64(len(data)-len(rest))))
	}
	return nil
}

// keysOf are the JSON names of a struct's fields.
func keysOf(t reflect.Type) []string {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for _, field := range reflect.VisibleFields(t) {
		if name := nameOf(field); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// kindOf is what a Go type is called in JSON.
func kindOf(t reflect.Type) string {
	if t == nil {
		return "another value"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "a list"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	default:
		return "another value"
	}
}
