package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
)

// Restore reads a dump of the custom format into a database, and ends at the
// first error. With owners, what was whose is so again, which takes a login
// that is a member of the owners; without, all of it is the login's own.
//
// The extension of statistics is left out: it holds no data, who drills may not
// make it, and [Server.EnsureLogins] makes it anew.
func (p Programs) Restore(ctx context.Context, s Server, database string, dump io.Reader, owners bool) error {
	contents, dump, err := p.contents(ctx, dump)
	if err != nil {
		return fmt.Errorf("restore %s: %w", database, err)
	}
	list, err := writeTemporary(withoutStatistics(contents))
	if err != nil {
		return fmt.Errorf("restore %s: %w", database, err)
	}
	defer func() { _ = os.Remove(list) }()
	args := []string{"--exit-on-error", "--no-password", "--use-list=" + list, "--dbname=" + database}
	if !owners {
		args = append(args, "--no-owner", "--no-privileges")
	}
	if err := feed(p.command(ctx, "pg_restore", s.environment(database), args...), dump); err != nil {
		return fmt.Errorf("restore %s: %w", database, err)
	}
	return nil
}

// contents is what pg_restore lists of a dump, and the dump again as it was:
// the list stands at its head, and no more than that is read and kept.
func (p Programs) contents(ctx context.Context, dump io.Reader) (list []byte, whole io.Reader, err error) {
	watched, head, stderr := &watched{input: dump}, &bytes.Buffer{}, &tail{}
	cmd := p.command(ctx, "pg_restore", nil, "--list")
	cmd.Stdin, cmd.Stderr = io.TeeReader(watched, head), stderr
	// A read that is under way when the program ends is waited for: nobody else
	// may read the dump until then.
	cmd.WaitDelay = 0
	list, failed := cmd.Output()
	if failed != nil && watched.err == nil {
		_, _ = io.Copy(io.Discard, watched) // a dump that is damaged says so at its end
	}
	switch {
	case watched.err != nil && !errors.Is(watched.err, io.EOF):
		return nil, nil, watched.err
	case failed != nil:
		return nil, nil, programError(cmd, failed, stderr)
	}
	if watched.err == nil { // the list did not need all of it
		return list, io.MultiReader(head, dump), nil
	}
	return list, head, nil
}

// statisticsLine matches the lines of a list that are about the extension: it
// itself, its comment, and rights that RDS has given on what is in it.
var statisticsLine = regexp.MustCompile(`(?m)^\d+; \d+ \d+ (EXTENSION - |COMMENT - EXTENSION |ACL \S+ [A-Z]+ )` + statisticsExtension + `.*\n`)

func withoutStatistics(list []byte) []byte { return statisticsLine.ReplaceAll(list, nil) }

func writeTemporary(content []byte) (path string, err error) {
	file, err := os.CreateTemp("", "keeper-contents-")
	if err != nil {
		return "", fmt.Errorf("keep the list of contents: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("keep the list of contents: %w", err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}
