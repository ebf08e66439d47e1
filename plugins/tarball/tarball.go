// Package tarball reads the tarballs of npm packages (.tgz) that nobody trusts
// yet: it hands out their regular files, and refuses what could reach outside of
// the folder, fill it, or be read in two ways by two programs.
//
// Nothing is written and nothing fetched here: the shared volume is
// plugins/store's, the registry is plugins/npm's, and what a package must have to
// be admitted is plugins/gate's.
package tarball

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
)

// Entry is one regular file of a package. Folders are not entries: as with npm,
// they come into being with the files in them.
type Entry struct {
	// Path is below the package's folder, with slashes: dist/index.cjs.js. The
	// archive's first path element (package/) is gone, as npm drops it.
	Path string `json:"path"`
	// Size is in bytes.
	Size int64 `json:"size"`
	// Mode is 0755 for what its owner may execute, else 0644. Nothing else of the
	// archive's mode, owner or times counts.
	Mode fs.FileMode `json:"mode"`
}

// Walk reads a package from its first byte to its last and calls visit for every
// regular file, in the archive's order, with a reader of its content that is good
// until visit returns. What visit leaves unread is read for it.
//
// What must not be installed ends it with a [*Refusal]. It can come after visits
// (damage shows at its place, trailing bytes at the end), so what visit makes
// counts only once Walk has returned nil. A failure of r or the end of ctx is no
// refusal: whether the package is good is not known then. ctx is looked at between
// reads; a read of r that stalls is for r's owner to end. An error of visit ends
// it and is returned as it is.
func Walk(ctx context.Context, r io.Reader, limits Limits, visit func(Entry, io.Reader) error) error {
	if err := limits.check(); err != nil {
		return err
	}
	s, err := open(ctx, r, limits)
	if err != nil {
		return err
	}
	archive := tar.NewReader(s)
	seen := names{limits: limits, dirs: map[string]bool{}, spelled: map[string]spelling{}}
	last := ""
	for entries := 0; ; entries++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return s.end()
		}
		if err != nil {
			return s.explain(last, err)
		}
		last = header.Name
		if entries == limits.Entries {
			return refuse(TooManyEntries, last, "it has more than %d entries", limits.Entries)
		}
		entry, file, err := seen.admit(header, s.tail[:])
		if err != nil {
			return err
		}
		if !file {
			continue
		}
		content := &content{archive: archive, stream: s, name: last}
		err = visit(entry, content)
		if content.err != nil { // the cause of whatever visit made of it
			return content.err
		}
		if err != nil {
			return err
		}
	}
}

// content reads one file, and remembers why it could not.
type content struct {
	archive *tar.Reader
	stream  *stream
	name    string
	err     error
}

func (c *content) Read(p []byte) (int, error) {
	n, err := c.archive.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = c.stream.explain(c.name, err)
		err = c.err
	}
	return n, err
}
