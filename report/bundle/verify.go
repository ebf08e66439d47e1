package bundle

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"gatehouse/report/bundle/signing"
)

// skew is how far the clocks of two machines may be apart.
const skew = 5 * time.Minute

// Verification is what is known of a bundle.
type Verification struct {
	// Statement is what is signed; empty when it could not be read. Unless
	// Verified it is only what somebody says.
	Statement Statement `json:"statement"`
	// Run is report.json; nil when it is not there.
	Run []byte `json:"-"`
	// Signers are who signed, with a key that is trusted for the run's time.
	Signers []Signatory `json:"signers"`
	// Parts counts the parts that are as the statement says, Evidence the pieces
	// of evidence of the report that are there, as they were read.
	Parts    int `json:"parts"`
	Evidence int `json:"evidence"`
	// Verified is whether there is no problem.
	Verified bool `json:"verified"`
	// Problems are all that is wrong, those of signatures first.
	Problems []Problem `json:"problems"`
}

// Signatory is who signed a bundle.
type Signatory struct {
	Name  string `json:"name"`
	KeyID string `json:"keyid"`
}

// Verify reads a bundle whole, keeps nothing of it but the report, and says
// everything that is wrong with it. The error is of what is no bundle, or breaks
// off, or wants more than any bundle does; it names the place.
//
// A key must be good for the time that the statement gives. That time is the
// signer's word: who holds an expired key can put it back. A revoked key is
// therefore good for no time; now says whether it is revoked already.
func Verify(r io.Reader, keys []signing.Key, now time.Time) (Verification, error) {
	return verify(r, keys, now, bounds)
}

func verify(r io.Reader, keys []signing.Key, now time.Time, b limits) (Verification, error) {
	archive, err := readArchive(r, b, "", ReportPath, ManifestPath, StatementPath)
	if err != nil {
		return Verification{}, err
	}
	if !archive.has(ReportPath) && !archive.has(ManifestPath) && !archive.has(StatementPath) {
		return Verification{}, fmt.Errorf("read bundle: it is no evidence bundle: none of its %d files is %s, %s or %s", len(archive.files), ReportPath, ManifestPath, StatementPath)
	}
	v := verifier{archive: archive, keys: keys, now: now, blamed: map[string]bool{}, out: Verification{Signers: []Signatory{}, Problems: []Problem{}}}
	v.statement()
	v.parts()
	v.manifest()
	v.report()
	v.packing()
	v.out.Verified = len(v.out.Problems) == 0
	return v.out, nil
}

// Report is the report.json of a bundle, of which nothing is verified.
func Report(r io.Reader) ([]byte, error) {
	archive, err := readArchive(r, bounds, ReportPath, ReportPath)
	if err != nil {
		return nil, err
	}
	if !archive.has(ReportPath) {
		return nil, fmt.Errorf("read bundle: none of its %d files is %s", len(archive.files), ReportPath)
	}
	return archive.held[ReportPath], nil
}

// verifier collects what is wrong.
type verifier struct {
	archive archive
	keys    []signing.Key
	now     time.Time
	// blamed are the parts that have a problem: another about the same is noise.
	blamed map[string]bool
	// stated are the statement's SHA-256 by part; nil without a statement.
	stated map[string]string
	out    Verification
}

func (v *verifier) problem(kind Kind, part, format string, args ...any) {
	message := strings.Map(visible, fmt.Sprintf(format, args...))
	v.out.Problems = append(v.out.Problems, Problem{Kind: kind, Part: part, Message: message, Remedy: remedies[kind]})
	v.blamed[part] = true
}

// visible keeps what a hostile bundle says from steering a terminal.
func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// statement reads who states what.
func (v *verifier) statement() {
	if !v.archive.has(StatementPath) {
		v.problem(Missing, StatementPath, "there is no %s: nobody vouches for anything in the bundle", StatementPath)
		return
	}
	payload, signatures, err := open(v.archive.held[StatementPath])
	if err != nil {
		v.problem(BadStatement, StatementPath, "its envelope: %s", err)
		return
	}
	statement, err := parseStatement(payload)
	if err != nil {
		v.problem(BadStatement, StatementPath, "%s", err)
		return
	}
	v.signatures(payload, signatures, statement.Predicate)
	v.out.Statement = statement
	v.stated = map[string]string{}
	for _, s := range statement.Subject {
		v.stated[s.Name] = s.Digest.SHA256
	}
	if end := statement.Predicate.Finished; end.After(v.now.Add(skew)) {
		v.problem(Future, StatementPath, "the run ended at %s, which is after now (%s)", utc(end), utc(v.now))
	}
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }
