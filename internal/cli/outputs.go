package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/term"
)

// output is one -o: a format, and the file it goes to, "" for standard output.
type output struct{ format, file string }

// parseOutputs reads every FORMAT[=FILE]. Only one may go to standard output,
// and without any it is text.
func parseOutputs(given, formats []string) ([]output, error) {
	if len(given) == 0 {
		given = []string{"text"}
	}
	var all []output
	toStdout := 0
	for _, text := range given {
		format, file, named := strings.Cut(text, "=")
		if !slices.Contains(formats, format) {
			return nil, fmt.Errorf("unknown output %q: %s", format, strings.Join(formats, ", "))
		}
		if named && file == "" {
			return nil, fmt.Errorf("output %q names no file: %s=FILE", text, format)
		}
		if file == "" {
			toStdout++
		}
		all = append(all, output{format, file})
	}
	if err := distinct(all); err != nil {
		return nil, err
	}
	if toStdout > 1 {
		return nil, fmt.Errorf("only one output can go to standard output: give the others a file, as in -o %s=FILE", all[0].format)
	}
	return all, nil
}

// distinct refuses two outputs of one file: the later would replace the earlier
// without a word.
func distinct(all []output) error {
	formats := map[string]string{}
	for _, o := range all {
		if o.file == "" {
			continue
		}
		path := destination(o.file)
		if other, twice := formats[path]; twice {
			return fmt.Errorf("%s is named by both %s and %s: give each a file of its own", o.file, other, o.format)
		}
		formats[path] = o.format
	}
	return nil
}

// spared refuses an output that is the file which is read: what was read would
// be gone.
func spared(outputs []output, input string) error {
	read, absent := os.Stat(input)
	if absent != nil {
		return nil //nolint:nilerr // reading it says so
	}
	for _, o := range outputs {
		if written, err := os.Stat(o.file); o.file != "" && err == nil && os.SameFile(read, written) {
			return fmt.Errorf("write %s: it is the file that is read; name another", o.file)
		}
	}
	return nil
}

// destination is where a file lies: what a symbolic link leads to, so that the link
// stays.
func destination(file string) string {
	if led, err := filepath.EvalSymlinks(file); err == nil {
		file = led
	}
	if whole, err := filepath.Abs(file); err == nil {
		file = whole
	}
	return file
}

// write renders to the output's file, which appears whole or not at all, or to
// standard output. What is no plain file, such as a pipe or /dev/null, is written
// into and never replaced.
func (o output) write(stdout io.Writer, render func(io.Writer) error) error {
	var text bytes.Buffer
	if err := render(&text); err != nil {
		return fmt.Errorf("write %s: %w", o.format, err)
	}
	if o.file == "" {
		if _, err := stdout.Write(text.Bytes()); err != nil {
			return fmt.Errorf("write %s: %w", o.format, err)
		}
		return nil
	}
	there, err := os.Stat(o.file)
	switch {
	case strings.HasSuffix(o.file, "/"), err == nil && there.IsDir():
		return fmt.Errorf("write %s: it is a folder: name a file in it", o.file)
	case err == nil && !there.Mode().IsRegular():
		return into(o.file, text.Bytes())
	}
	if err := os.MkdirAll(filepath.Dir(o.file), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", o.file, err)
	}
	if err := renameio.WriteFile(destination(o.file), text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", o.file, err)
	}
	return nil
}

// into writes to a device or a pipe.
func into(file string, text []byte) error {
	device, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = device.Write(text)
	if err := errors.Join(err, device.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// coloured tells whether to colour what goes to a writer: a terminal, and
// NO_COLOR (no-color.org) does not ask for none.
func coloured(out io.Writer) bool {
	file, is := out.(*os.File)
	return is && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}
