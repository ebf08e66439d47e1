package tree

import (
	"fmt"
	"io/fs"
	"strings"
)

// Kind is how a file differs: a word that does not change, for programs and the
// audit trail.
type Kind string

// The kinds.
const (
	// Missing: it should be there.
	Missing Kind = "missing"
	// Extra: it should not be there.
	Extra Kind = "extra"
	// Changed: its content, its mode or its kind is another.
	Changed Kind = "changed"
)

// Difference is one file that is not as it should be.
type Difference struct {
	Path string `json:"path"`
	Kind Kind   `json:"kind"`
	// Detail says how, for people.
	Detail string `json:"detail"`
}

func (d Difference) String() string { return fmt.Sprintf("%s %q: %s", d.Kind, d.Path, d.Detail) }

// Compare names every difference, by path.
func Compare(want, got Tree) []Difference {
	var found []Difference
	for len(want) > 0 || len(got) > 0 {
		switch {
		case len(got) == 0 || len(want) > 0 && want[0].Path < got[0].Path:
			found = append(found, Difference{want[0].Path, Missing, "it is not there"})
			want = want[1:]
		case len(want) == 0 || got[0].Path < want[0].Path:
			found = append(found, Difference{got[0].Path, Extra, "nobody put it there: " + kind(got[0].Mode)})
			got = got[1:]
		default:
			if detail := differ(want[0], got[0]); detail != "" {
				found = append(found, Difference{want[0].Path, Changed, detail})
			}
			want, got = want[1:], got[1:]
		}
	}
	return found
}

func differ(want, got File) string {
	switch {
	case !got.Mode.IsRegular():
		return "it is " + kind(got.Mode) + ", no file"
	case want.Size != got.Size:
		return fmt.Sprintf("it has %d bytes, not %d", got.Size, want.Size)
	case want.SHA256 != got.SHA256:
		return fmt.Sprintf("its SHA-256 is %.12s..., not %.12s...", got.SHA256, want.SHA256)
	case want.Mode != got.Mode:
		return fmt.Sprintf("its mode is %v, not %v", got.Mode, want.Mode)
	}
	return ""
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "a device, a FIFO or a socket"
}

// shown is how many differences a sentence names.
const shown = 5

// Sentence names the first few differences in one line, and counts the others.
func Sentence(found []Difference) string {
	var parts []string
	for _, d := range found[:min(len(found), shown)] {
		parts = append(parts, d.String())
	}
	if more := len(found) - shown; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(parts, "; ")
}
