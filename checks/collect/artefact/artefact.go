// Package artefact reads what a pipeline leaves behind: coverage profiles, SARIF
// logs, audits of dependencies, image scans, summaries of load tests and test
// reports. Formats are found by content, not by name.
//
// Files are bounded in size and in number; one that is broken is a problem, and
// the others are read all the same.
package artefact

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// The limits of what is read. A larger report is none that people read.
const (
	mostBytes = 32 << 20
	mostFiles = 200
)

// Collector reads the artefacts of one pipeline. It is safe for concurrent use.
type Collector struct {
	targets target.Artefacts
	folder  string
}

// New makes a collector. Paths that are relative are below folder.
func New(_ context.Context, t target.Artefacts, folder string) (*Collector, error) {
	return &Collector{targets: t, folder: folder}, nil
}

// Readers are those of all artefacts.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{
		reader(c, evidence.ArtefactCoverage, source{
			"coverage", c.targets.Coverage, "coverage report", "coverage/coverage-summary.json", "npm run test:coverage, and copy its report there",
		}, parseCoverage),
		reader(c, evidence.ArtefactScans, source{
			"sarif", c.targets.SARIF, "SARIF log", "reports/*.sarif", "semgrep scan --sarif --output FILE, with such a name as FILE",
		}, parseSARIF),
		reader(c, evidence.ArtefactNPM, source{
			"npmAudit", c.targets.NPMAudit, "npm audit", "reports/npm-audit.json", "npm audit --omit=dev --json > FILE, with such a name as FILE",
		}, parseNPM),
		reader(c, evidence.ArtefactImages, source{
			"trivy", c.targets.Trivy, "Trivy report", "reports/trivy-*.json", "trivy image --format json --output FILE IMAGE, with such a name as FILE",
		}, parseTrivy),
		reader(c, evidence.ArtefactLoad, source{
			"k6", c.targets.K6, "summary of k6", "reports/k6.json", "gatehouse check load -s STACK",
		}, parseK6),
		reader(c, evidence.ArtefactTests, source{
			"junit", c.targets.JUnit, "JUnit report", "reports/junit/*.xml", "the tests with a JUnit reporter, and copy its report there",
		}, parseJUnit),
	}
}

// Identity is nobody: artefacts are files.
func (c *Collector) Identity(context.Context) (string, error) { return "", nil }

// Close has nothing to end.
func (c *Collector) Close() {}

// source is where one kind of artefact is looked for.
type source struct {
	// key is its name in targets.yaml.
	key      string
	patterns []string
	// what it is called, where an example lies, and how it is made.
	what, example, make string
}

// parser reads one file. It fills in when the file was made, where it says so.
type parser[T any] func(file evidence.ArtefactFile, text []byte) ([]T, error)

func reader[T any](c *Collector, q evidence.Query[[]T], s source, parse parser[T]) evidence.Reader {
	statement := strings.Join(s.patterns, " ")
	if statement == "" {
		statement = "artefacts." + s.key
	}
	return evidence.Read(q, statement, func(ctx context.Context) ([]T, error) {
		paths, err := c.find(s)
		if err != nil {
			return nil, err
		}
		all := []T{}
		var failed error
		for _, path := range paths {
			if ctx.Err() != nil {
				return all, errors.Join(failed, ctx.Err())
			}
			file, text, err := c.open(path)
			if err == nil {
				var found []T
				found, err = parse(file, text)
				all = append(all, found...)
			}
			if err != nil {
				failed = errors.Join(failed, explain(c.name(path), err))
			}
		}
		return all, failed
	})
}

// find returns the files of a source, each once.
func (c *Collector) find(s source) ([]string, error) {
	if len(s.patterns) == 0 {
		return nil, evidence.Problem{
			Kind: evidence.NotConfigured, Message: "nobody said where the " + s.what + " is",
			Remedy: fmt.Sprintf("add artefacts.%s to targets.yaml, such as [%s]", s.key, s.example),
		}
	}
	var paths []string
	seen := map[string]bool{}
	for _, pattern := range s.patterns {
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(c.folder, pattern)
		}
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return nil, evidence.Problem{Kind: evidence.NotConfigured, Message: fmt.Sprintf("the pattern %s: %v", c.name(pattern), err)}
		}
		if len(matches) == 0 {
			// Each pattern must find something: the report of one part of the
			// system is not that of another.
			return nil, evidence.Problem{
				Kind: evidence.NotConfigured, Message: "no file is " + c.name(pattern), Remedy: "run " + s.make,
			}
		}
		for _, path := range matches {
			if !seen[path] {
				seen[path] = true
				paths = append(paths, path)
			}
		}
	}
	if len(paths) > mostFiles {
		return nil, evidence.Problem{
			Kind: evidence.Invalid, Message: fmt.Sprintf("artefacts.%s finds %d files, %d are read", s.key, len(paths), mostFiles),
			Remedy: "name them more narrowly",
		}
	}
	return paths, nil
}

// name is a path as people know it: relative to the folder.
func (c *Collector) name(path string) string {
	if short, err := filepath.Rel(c.folder, path); err == nil && !strings.HasPrefix(short, "..") {
		return short
	}
	return path
}

func (c *Collector) open(path string) (evidence.ArtefactFile, []byte, error) {
	// A pipe or a device would be read without end.
	info, err := os.Stat(path)
	if err != nil {
		return evidence.ArtefactFile{}, nil, err
	}
	file := evidence.ArtefactFile{Path: c.name(path), At: info.ModTime().UTC()}
	if !info.Mode().IsRegular() {
		return file, nil, errors.New("it is no file")
	}
	opened, err := os.Open(path)
	if err != nil {
		return file, nil, err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, mostBytes+1))
	if err == nil && len(text) > mostBytes {
		err = fmt.Errorf("it has more than %d MiB", mostBytes>>20)
	}
	return file, text, err
}

// explain names the file of an error. What the system did not refuse is wrong
// with the file itself.
func explain(name string, err error) error {
	switch {
	case errors.Is(err, os.ErrPermission):
		return evidence.Problem{Kind: evidence.Denied, Message: name + ": it may not be read"}
	case errors.Is(err, os.ErrNotExist):
		return evidence.Problem{Kind: evidence.NotConfigured, Message: name + ": it is gone"}
	default:
		return evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf("%s: %v", name, err), Remedy: "make it anew"}
	}
}
