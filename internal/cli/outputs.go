package cli

import (
	"bytes"
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
	if toStdout > 1 {
		return nil, fmt.Errorf("only one output can go to standard output: give the others a file, as in -o %s=FILE", all[0].format)
	}
	return all, nil
}

// write renders to the output's file, which appears whole or not at all, or to
// standard output.
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
	if err := os.MkdirAll(filepath.Dir(o.file), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", o.file, err)
	}
	if err := renameio.WriteFile(o.file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write %s: %w", o.file, err)
	}
	return nil
}

// coloured tells whether to colour what goes to a writer: a terminal, and
// NO_COLOR (no-color.org) does not ask for none.
func coloured(out io.Writer) bool {
	file, is := out.(*os.File)
	return is && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}
