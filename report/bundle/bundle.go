// Package bundle writes and verifies evidence bundles: one tar that holds a
// readiness report, the raw evidence that it was judged on, what it was judged
// by, and a signed statement of the SHA-256 of every part. Somebody else can
// check it with this package, or by hand with what README.txt in it says.
//
// Keys are report/bundle/signing's, what is in a report is report/readiness's.
// Nothing here reads or writes files: commands do.
package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	_ "embed"
)

// Format names the shape of a bundle and its version. A change that readers of
// the version before would misread raises the number.
const Format = "gatehouse.bundle/1"

// The parts that every bundle has. The others are named by who writes it, such
// as report.html, checklist.yaml and policies/….
const (
	// ReportPath is the results file: the JSON of the run.
	ReportPath = "report.json"
	// ReadmePath says how to verify the bundle by hand.
	ReadmePath = "README.txt"
	// ManifestPath lists every part but itself and the statement.
	ManifestPath = "manifest.json"
	// StatementPath is the DSSE envelope of the in-toto statement about every
	// part but itself.
	StatementPath = "statement.dsse.json"
)

// evidenceFolder holds the content of each piece of evidence, by its ID.
const evidenceFolder = "evidence/"

//go:embed README.txt
var readme []byte

// Part is one file of a bundle.
type Part struct {
	// Path is relative, with slashes, of visible ASCII and not above 100 bytes:
	// "policies/aws/rds.rego".
	Path    string
	Content []byte
}

// limits keep a hostile bundle from taking the reader's memory or day.
type limits struct {
	parts int
	// part and total are bytes; report and meta are of the parts that are kept in
	// memory: the report, and the manifest and the statement.
	part, total, report, meta int64
}

// bounds are far above any real bundle. Writing keeps to them too.
var bounds = limits{parts: 20_000, part: 512 << 20, total: 4 << 30, report: 128 << 20, meta: 16 << 20}

// of is how many bytes a part may have.
func (l limits) of(path string) int64 {
	switch path {
	case ReportPath:
		return l.report
	case ManifestPath, StatementPath:
		return l.meta
	default:
		return l.part
	}
}

// maxPath is what the name field of a ustar header holds.
const maxPath = 100

// checkPath refuses the names that no part may have.
func checkPath(path string) error {
	switch visible := func(r rune) bool { return r > ' ' && r <= '~' && r != '\\' && r != ':' }; {
	case path == "":
		return errors.New("a part has no name")
	case len(path) > maxPath:
		return fmt.Errorf("the name %q is longer than %d bytes", path, maxPath)
	case strings.IndexFunc(path, func(r rune) bool { return !visible(r) }) >= 0:
		return fmt.Errorf("the name %q has characters that a part's may not have", path)
	case path == "." || !fs.ValidPath(path):
		return fmt.Errorf("the name %q does not stay inside the bundle", path)
	}
	return nil
}

// evidenceID is what the ID of a piece of evidence may be, because its part is
// named by it.
var evidenceID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$`)

// EvidencePath is the part that holds a piece of evidence: evidence/ID.json.
func EvidencePath(id string) (string, error) {
	if !evidenceID.MatchString(id) {
		return "", fmt.Errorf("evidence %q: want an ID of letters, digits, dots, dashes and underscores", id)
	}
	return evidenceFolder + id + ".json", nil
}
