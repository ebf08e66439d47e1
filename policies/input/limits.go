package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// limits bound what hostile or mistaken input can cost. They are far above what
// real programs have: a Kubernetes object is at most 1.5 MiB, and nothing that
// is judged nests deeper than 40 levels.
type limits struct {
	// file is the size of one manifest file, total that of all of them and of
	// one state or preview (unpacked); in bytes.
	file, total int64
	// depth is how many levels values may nest.
	depth int
	// values is how many values the whole input may hold; expanded how many of
	// them may come out of YAML aliases.
	values, expanded int64
}

var standard = limits{
	file:     64 << 20,
	total:    256 << 20,
	depth:    200,
	values:   5_000_000,
	expanded: 1_000_000,
}

// errTooLarge is what a capped reader answers beyond its limit.
var errTooLarge = errors.New("too large")

// capped reads at most left bytes of r, and fails when there are more.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}

// mebibytes writes a limit for people.
func mebibytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// placed is an error at a line of a file; 0 is the file as a whole.
type placed struct {
	line int
	err  error
}

func at(line int, format string, args ...any) error {
	return placed{line, fmt.Errorf(format, args...)}
}

// Error shortens what quotes a hostile file at length.
func (p placed) Error() string {
	const most = 400
	text := p.err.Error()
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most/2]+" … "+text[len(text)-most/2:], "")
	}
	return text
}

func (p placed) Unwrap() error { return p.err }

// in names the file, and the line where it is known, before what is wrong.
func in(file string, err error) error {
	var p placed
	if errors.As(err, &p) && p.line > 0 {
		return fmt.Errorf("read %s:%d: %w", file, p.line, err)
	}
	return fmt.Errorf("read %s: %w", file, err)
}

// utf8BOM is the byte order mark that some editors begin a file with.
var utf8BOM = []byte("\xef\xbb\xbf")

// encoded refuses files whose first bytes say that they are no UTF-8 text.
func encoded(head []byte) error {
	switch {
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte{0xff, 0xfe}),
		len(head) >= 2 && (head[0] == 0) != (head[1] == 0):
		return errors.New("this is UTF-16: save it as UTF-8 (PowerShell: | Out-File -Encoding utf8)")
	case bytes.HasPrefix(head, []byte{0, 0}):
		return errors.New("this is a binary file, no text: leave it out")
	}
	return nil
}
