package bundle_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

func TestWriteAndVerify(t *testing.T) {
	for _, algorithm := range signing.Algorithms {
		t.Run(string(algorithm), func(t *testing.T) {
			private, trusted := signer(t, algorithm, "ci", "2026-11-22", "2026-11-22")
			content := write(t, contents(t), private)
			require.Equal(t, content, write(t, contents(t), private), "the same run makes the same bytes")

			_, stranger := goodSigner(t)
			v := verify(t, content, stranger, trusted)
			require.Empty(t, v.Problems)
			require.Equal(t, []bundle.Signatory{{Name: "ci", KeyID: private.KeyID()}}, v.Signers)
			require.Equal(t, results(t, started, evidence()), v.Run)
			require.Equal(t, 9, v.Parts)
			require.Equal(t, 2, v.Evidence)
			p := v.Statement.Predicate
			require.Equal(t, "staging-20261122T101500Z", p.Run)
			require.Equal(t, started.Add(1900*time.Millisecond), p.Finished)
			require.Equal(t, 1, p.Counts.Pass)
			require.True(t, p.Ready)

			var paths []string
			for _, part := range unpack(t, content) {
				paths = append(paths, part.Path)
			}
			require.True(t, slices.IsSorted(paths))
			require.Contains(t, paths, "evidence/kubernetes.pods.json")
			require.NotContains(t, paths, "evidence/dns.caa.json", "nothing was read")
		})
	}
}

// What two runs over the same evidence do not share is what holds the time.
func TestOnlyTheTimeTellsRunsApart(t *testing.T) {
	private, _ := goodSigner(t)
	later := contents(t)
	later.Report = results(t, started.Add(time.Minute), evidence())
	first, second := unpack(t, write(t, contents(t), private)), unpack(t, write(t, later, private))
	require.Len(t, second, len(first))
	var different []string
	for i := range first {
		if !bytes.Equal(first[i].Content, second[i].Content) {
			different = append(different, first[i].Path)
		}
	}
	require.Equal(t, []string{bundle.ManifestPath, bundle.ReportPath, bundle.StatementPath}, different)
}

func TestWriteRefuses(t *testing.T) {
	private, _ := goodSigner(t)
	add := func(path string) func(*bundle.Contents) {
		return func(c *bundle.Contents) { c.Parts = append(c.Parts, bundle.Part{Path: path}) }
	}
	pieces := func(change func([]readiness.Evidence) []readiness.Evidence) func(*bundle.Contents) {
		return func(c *bundle.Contents) { c.Evidence = change(evidence()) }
	}
	for _, c := range []struct {
		name   string
		change func(*bundle.Contents)
		want   string
	}{
		{"changed evidence", pieces(func(e []readiness.Evidence) []readiness.Evidence { e[0].Content = []byte("{}"); return e }), "evidence aws.rds.instances is not what the report was made from"},
		{"evidence left out", pieces(func(e []readiness.Evidence) []readiness.Evidence { return e[1:] }), "evidence aws.rds.instances is not what"},
		{"evidence of another run", pieces(func(e []readiness.Evidence) []readiness.Evidence {
			return append(e, readiness.Evidence{ID: "other"})
		}), `evidence "other" is not in report.json`},
		{"evidence twice", pieces(func(e []readiness.Evidence) []readiness.Evidence { return append(e, e[0]) }), "given twice"},
		{"a hostile ID", func(c *bundle.Contents) {
			e := evidence()
			e[0].ID = "../../etc/passwd"
			c.Evidence, c.Report = e, results(t, started, e)
		}, `evidence "../../etc/passwd": want an ID of`},
		{"an ID twice in the report", func(c *bundle.Contents) {
			c.Report = results(t, started, append(evidence(), evidence()[0]))
		}, "names evidence \"aws.rds.instances\" twice"},
		{"no report", func(c *bundle.Contents) { c.Report = nil }, "read report.json"},
		{"a report of before", func(c *bundle.Contents) { c.Report = []byte(`{"items":[]}`) }, `its format is ""`},
		{"a run without start", func(c *bundle.Contents) { c.Report = results(t, time.Time{}, nil) }, "does not say when"},
		{"own name", add("manifest.json"), "a name of the bundle's own"},
		{"evidence as a part", add("evidence/x.json"), "a name of the bundle's own"},
		{"a part twice", add("report.html"), "given twice"},
		{"traversal", add("policies/../../x"), "does not stay inside"},
		{"absolute", add("/etc/passwd"), "does not stay inside"},
		{"a control character", add("a\x1b[31m"), "characters that a part's may not have"},
		{"a long name", add(strings.Repeat("x", 101)), "longer than 100 bytes"},
		{"no name", add(""), "a part has no name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := contents(t)
			c.change(&given)
			var out bytes.Buffer
			require.ErrorContains(t, bundle.Write(t.Context(), &out, given, private), c.want)
			require.Zero(t, out.Len(), "nothing is written")
		})
	}
	var out bytes.Buffer
	require.ErrorContains(t, bundle.Write(t.Context(), &out, contents(t), nil), "no key to sign it with")
	require.ErrorContains(t, bundle.Write(t.Context(), &out, contents(t), broken{}), "sign the statement: no hand")
	require.Zero(t, out.Len())
	require.ErrorContains(t, bundle.Write(t.Context(), full{}, contents(t), private), "README.txt: disk full")
}

// broken is a key that does not sign, such as one of KMS without permission.
type broken struct{}

func (broken) KeyID() string { return "sha256:0" }

func (broken) Sign(context.Context, []byte) ([]byte, error) { return nil, errors.New("no hand") }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// The steps of README.txt are run as they stand there.
func TestReadmeVerifiesByHand(t *testing.T) {
	for _, tool := range []string{"bash", "tar", "jq", "openssl", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("needs " + tool)
		}
	}
	for algorithm, other := range map[signing.Algorithm]string{signing.Ed25519: "openssl dgst", signing.ECDSAP256: "openssl pkeyutl"} {
		private, trusted := signer(t, algorithm, "ci", "2026-11-01", "2027-10-31")
		_, stranger := signer(t, algorithm, "else", "2026-11-01", "2027-10-31")
		good := write(t, contents(t), private)
		readme := string(part(t, good, bundle.ReadmePath))
		_, steps, found := strings.Cut(readme, "in an empty\nfolder:\n")
		require.True(t, found)
		steps, _, _ = strings.Cut(steps, "\nThe bundle proves")
		before, rest, found := strings.Cut(steps, "  "+other) // each is for one algorithm
		require.True(t, found)
		_, rest, _ = strings.Cut(rest, "key\n")
		for _, c := range []struct {
			name    string
			content []byte
			key     signing.Key
			good    bool
		}{
			{"good", good, trusted, true},
			{"another key", good, stranger, false},
			{"a changed part", with(t, good, "report.html", []byte("x")), trusted, false},
			{"another part", pack(t, append(unpack(t, good), bundle.Part{Path: "zzz.txt", Content: []byte("x")})), trusted, false},
			{"another statement", with(t, good, bundle.StatementPath, bytes.Replace(part(t, good, bundle.StatementPath), []byte(`"sig":"`), []byte(`"sig":"AAAA`), 1)), trusted, false},
		} {
			t.Run(string(algorithm)+" "+c.name, func(t *testing.T) {
				dir := t.TempDir()
				require.NoError(t, os.WriteFile(filepath.Join(dir, "evidence.tar"), c.content, 0o600))
				require.NoError(t, os.WriteFile(filepath.Join(dir, "key.pub"), []byte(c.key.PublicKey), 0o600))
				run := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", before+rest)
				run.Dir = dir
				said, err := run.CombinedOutput()
				require.Equal(t, c.good, err == nil, "%s", said)
			})
		}
	}
}
