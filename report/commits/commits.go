// Package commits says which revision of a project's repository wrote what: the
// last commit of each line of a file, and the commit that a project is at. It
// asks the git command and changes nothing.
//
// What cannot be told, because there is no git or no repository, is an error
// that says why. It is for the report; it stops no run.
package commits

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/report/readiness"
)

// Lines are the last commits of a file's lines. The zero value knows none.
type Lines struct {
	of []*readiness.Commit // by line; nil when it is not committed
}

// At is the newest commit of the lines from line to endLine, which count from 1;
// nil when one of them is not committed or not in the file. An endLine before
// line stands for line alone.
func (l Lines) At(line, endLine int) *readiness.Commit {
	endLine = max(line, endLine)
	if line < 1 || endLine > len(l.of) {
		return nil
	}
	lines := l.of[line-1 : endLine]
	if slices.Contains(lines, nil) {
		return nil
	}
	newest := slices.MaxFunc(lines, func(a, b *readiness.Commit) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Hash, b.Hash)
	})
	commit := *newest
	return &commit
}

// Blame finds the last commit of each line of a file of the project at root, as
// the file is now. File is a path relative to root. An error says why it cannot
// be told: no git, no repository, a history that is not whole, a file that was
// never committed.
func Blame(ctx context.Context, root, file string) (Lines, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	at := repository{root}
	shallow, err := at.ask(ctx, nil, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return Lines{}, fmt.Errorf("find the commits of %s: %w", file, err)
	}
	if strings.TrimSpace(string(shallow)) == "true" {
		return Lines{}, fmt.Errorf("find the commits of %s: the clone is shallow, and its oldest commit stands for all before it; run git fetch --unshallow", file)
	}
	// No commit is passed over, as blame.ignoreRevsFile would have it.
	blamed, err := at.ask(ctx, nil, "blame", "--porcelain", "--no-textconv", "--no-ext-diff", "--ignore-revs-file=", "--", file)
	if err != nil {
		return Lines{}, fmt.Errorf("find the commits of %s: %w", file, err)
	}
	hashes, err := hashesOf(blamed)
	if err != nil {
		return Lines{}, fmt.Errorf("find the commits of %s: %w", file, err)
	}
	known, err := at.commits(ctx, hashes)
	if err != nil {
		return Lines{}, fmt.Errorf("find the commits of %s: %w", file, err)
	}
	var lines Lines
	for _, hash := range hashes {
		lines.of = append(lines.of, known[hash])
	}
	return lines, nil
}

// Head is the commit that the project at root is at; Dirty says whether a file
// of the project, known to git or not, differs from it. An error says why it
// cannot be told.
func Head(ctx context.Context, root string) (*readiness.Commit, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	at := repository{root}
	hash, err := at.ask(ctx, nil, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return nil, fmt.Errorf("find the project's commit: %w", err)
	}
	name := strings.TrimSpace(string(hash))
	known, err := at.commits(ctx, []string{name})
	if err != nil {
		return nil, fmt.Errorf("find the project's commit: %w", err)
	}
	changed, err := at.ask(ctx, nil, "status", "--porcelain", "--untracked-files=normal", "--", ".")
	if err != nil {
		return nil, fmt.Errorf("tell whether the project differs from its commit: %w", err)
	}
	commit := *known[name]
	commit.Dirty = len(changed) > 0
	return &commit, nil
}

// hashesOf takes the commit of each line out of what git blame --porcelain
// prints (git-blame, "The porcelain format"): a header "HASH BEFORE LINE
// [COUNT]", lines about the commit, and the line itself after a tab.
func hashesOf(blamed []byte) ([]string, error) {
	var hashes []string
	header := true
	for text := range bytes.Lines(blamed) {
		switch {
		case header:
			words := strings.Fields(string(text))
			if len(words) < 3 || words[2] != strconv.Itoa(len(hashes)+1) {
				return nil, errors.New("git blame answered what cannot be understood")
			}
			hashes = append(hashes, words[0])
			header = false
		case text[0] == '\t':
			header = true
		}
	}
	return hashes, nil
}

// uncommitted tells whether a hash is the one that git blame gives to lines that
// are in no commit.
func uncommitted(hash string) bool { return strings.Trim(hash, "0") == "" }

// commits reads the commits of some hashes, each once; what is not committed has
// none.
func (r repository) commits(ctx context.Context, hashes []string) (map[string]*readiness.Commit, error) {
	wanted := slices.DeleteFunc(slices.Clone(hashes), uncommitted)
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	found := map[string]*readiness.Commit{}
	if len(wanted) == 0 {
		return found, nil
	}
	answer, err := r.ask(ctx, []byte(strings.Join(wanted, "\n")+"\n"), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	for _, hash := range wanted {
		// HASH commit SIZE, and the object with a line end after it.
		head, rest, _ := bytes.Cut(answer, []byte("\n"))
		words := strings.Fields(string(head))
		if len(words) != 3 || words[0] != hash || words[1] != "commit" {
			return nil, fmt.Errorf("the commit %s is not there", hash)
		}
		size, err := strconv.Atoi(words[2])
		if err != nil || size < 0 || size >= len(rest) {
			return nil, fmt.Errorf("the commit %s cannot be read whole", hash)
		}
		if found[hash], err = parse(hash, rest[:size]); err != nil {
			return nil, err
		}
		answer = rest[size+1:]
	}
	return found, nil
}

// parse reads a commit object (gitformat-signature, git-commit-tree): headers,
// an empty line, and the message. At is the committer's time: that of the author
// may be of long before it came into the history.
func parse(hash string, object []byte) (*readiness.Commit, error) {
	commit := readiness.Commit{Hash: hash}
	headers, _, _ := bytes.Cut(object, []byte("\n\n"))
	for text := range bytes.Lines(headers) {
		key, value, _ := strings.Cut(strings.TrimSuffix(string(text), "\n"), " ")
		switch key {
		case "author":
			commit.Author, _ = person(value)
		case "committer":
			_, commit.At = person(value)
		case "gpgsig", "gpgsig-sha256":
			commit.Signed = true
		}
	}
	if commit.At.IsZero() {
		return nil, fmt.Errorf("the commit %s cannot be understood", hash)
	}
	return &commit, nil
}

// person takes "NAME <ADDRESS> SECONDS ZONE" apart.
func person(text string) (name string, at time.Time) {
	end := strings.LastIndexByte(text, '>') + 1
	name = strings.ToValidUTF8(text[:end], "\uFFFD")
	when, _, _ := strings.Cut(strings.TrimSpace(text[end:]), " ")
	if seconds, err := strconv.ParseInt(when, 10, 64); err == nil {
		at = time.Unix(seconds, 0).UTC()
	}
	return name, at
}
