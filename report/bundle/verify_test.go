package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

// found is a problem as a test expects it: the message holds says.
type found struct {
	kind bundle.Kind
	part string
	says string
}

func TestEveryProblemIsFound(t *testing.T) {
	private, trusted := goodSigner(t)
	good := write(t, contents(t), private)
	day := func(from, expires, revoked string) signing.Key {
		key, err := signing.NewKey("ci", private.Public(), from, expires)
		require.NoError(t, err)
		key.Revoked = revoked
		return key
	}
	statement := func(change func(map[string]any)) []byte { return restate(t, good, private, change) }
	predicate := func(key string, value any) []byte {
		return statement(func(s map[string]any) { s["predicate"].(map[string]any)[key] = value })
	}
	envelope := func(change func(*dsse.Envelope)) []byte {
		var e dsse.Envelope
		require.NoError(t, json.Unmarshal(part(t, good, bundle.StatementPath), &e))
		change(&e)
		text, err := json.Marshal(e)
		require.NoError(t, err)
		return with(t, good, bundle.StatementPath, append(text, '\n'))
	}
	manifest := func(old, replacement string) []byte {
		before := string(part(t, good, bundle.ManifestPath))
		after := strings.Replace(before, old, replacement, 1)
		require.NotEqual(t, before, after)
		// The statement is about this manifest: only what it says is wrong.
		content := with(t, good, bundle.ManifestPath, []byte(after))
		return restate(t, content, private, func(s map[string]any) {
			for _, subject := range s["subject"].([]any) {
				if subject := subject.(map[string]any); subject["name"] == bundle.ManifestPath {
					subject["digest"] = map[string]any{"sha256": sum([]byte(after))}
				}
			}
		})
	}
	noContent := evidence()
	noContent[0].SHA256 = sum([]byte("something else"))
	fewer := results(t, started, evidence()[1:])
	htmlSum := sum([]byte("<!doctype html>"))

	cases := []struct {
		name    string
		content []byte
		keys    []signing.Key
		want    []found
	}{
		{"a changed page", with(t, good, "report.html", []byte("all good")), nil, []found{{bundle.Changed, "report.html", "it has SHA-256 " + sum([]byte("all good")) + "; the statement says " + htmlSum}}},
		{"changed evidence", with(t, good, "evidence/kubernetes.pods.json", []byte("y")), nil, []found{{bundle.Changed, "evidence/kubernetes.pods.json", ""}}},
		{"a changed report", with(t, good, bundle.ReportPath, fewer), nil, []found{{bundle.Changed, bundle.ReportPath, ""}}},
		{"a missing part", with(t, good, "checklist.yaml", nil), nil, []found{{bundle.Missing, "checklist.yaml", "the statement names it"}}},
		{"missing evidence", with(t, good, "evidence/kubernetes.pods.json", nil), nil, []found{{bundle.Missing, "evidence/kubernetes.pods.json", ""}}},
		{"a missing report", with(t, good, bundle.ReportPath, nil), nil, []found{{bundle.Missing, bundle.ReportPath, ""}}},
		{"a missing manifest", with(t, good, bundle.ManifestPath, nil), nil, []found{{bundle.Missing, bundle.ManifestPath, ""}}},
		{"a missing statement", with(t, good, bundle.StatementPath, nil), nil, []found{{bundle.Missing, bundle.StatementPath, "nobody vouches"}}},
		{"two parts without statement", with(t, with(t, good, bundle.StatementPath, nil), "report.html", nil), nil, []found{{bundle.Missing, bundle.StatementPath, ""}, {bundle.BadManifest, bundle.ManifestPath, `"report.html" is not in the bundle`}}},
		{"an extra part", pack(t, append(unpack(t, good), bundle.Part{Path: "zz.txt"})), nil, []found{{bundle.Extra, "zz.txt", ""}}},
		{"extra evidence", pack(t, slices.Insert(unpack(t, good), 3, bundle.Part{Path: "evidence/a.json"})), nil, []found{{bundle.Extra, "evidence/a.json", ""}, {bundle.Repacked, "", ""}}},

		{"no key", good, []signing.Key{}, []found{{bundle.UnknownKey, bundle.StatementPath, `is signed with key "` + private.KeyID() + `", which is none of the 0`}}},
		{"no signature", envelope(func(e *dsse.Envelope) { e.Signatures = nil }), nil, []found{{bundle.Unsigned, bundle.StatementPath, "no signature"}}},
		{"an empty list of signatures", envelope(func(e *dsse.Envelope) { e.Signatures = []dsse.Signature{} }), nil, []found{{bundle.Unsigned, bundle.StatementPath, ""}}},
		{"a wrong signature", envelope(func(e *dsse.Envelope) { e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(make([]byte, 64)) }), nil, []found{{bundle.BadSignature, bundle.StatementPath, `names the key of "ci"`}}},
		{"the name of another key", envelope(func(e *dsse.Envelope) { e.Signatures[0].KeyID = "sha256:\x1b[2J" }), nil, []found{{bundle.UnknownKey, bundle.StatementPath, `"sha256:\x1b[2J"`}}},
		{"a good and an unknown signature", envelope(func(e *dsse.Envelope) {
			e.Signatures = append(e.Signatures, dsse.Signature{KeyID: "sha256:0", Sig: "AAAA"})
		}), nil, nil},
		{"an expired key", good, []signing.Key{day("2026-11-01", "2026-11-21", "")}, []found{{bundle.ExpiredKey, bundle.StatementPath, "2026-11-22T10:15:02Z; the key of \"ci\" (" + private.KeyID() + ") expired on 2026-11-21"}}},
		{"an early key", good, []signing.Key{day("2026-11-23", "2027-11-21", "")}, []found{{bundle.EarlyKey, bundle.StatementPath, "from 2026-11-23 on"}}},
		{"a revoked key", good, []signing.Key{day("2026-11-01", "2027-11-21", "2026-11-22")}, []found{{bundle.RevokedKey, bundle.StatementPath, "is revoked since 2026-11-22"}}},
		{"a key that will be revoked", good, []signing.Key{day("2026-11-01", "2027-11-21", "2026-11-23")}, nil},
		{"another run", predicate("run", "production-1"), nil, []found{{bundle.BadReport, bundle.ReportPath, "something else of the run: run"}}},
		{"a better outcome", predicate("ready", false), nil, []found{{bundle.BadReport, bundle.ReportPath, "of the run: ready"}}},
		{"the future", predicate("finished", "2026-11-22T11:30:00Z"), nil, []found{{bundle.Future, bundle.StatementPath, "after now (2026-11-22T11:15:00Z)"}, {bundle.BadReport, bundle.ReportPath, "finished"}}},

		{"no envelope", with(t, good, bundle.StatementPath, []byte("x")), nil, []found{{bundle.BadStatement, bundle.StatementPath, "read the envelope"}}},
		{"another payload", envelope(func(e *dsse.Envelope) { e.PayloadType = "text/html" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, `it holds "text/html"`}}},
		{"a damaged payload", envelope(func(e *dsse.Envelope) { e.Payload = "*" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "decode the payload"}}},
		{"a damaged signature", envelope(func(e *dsse.Envelope) { e.Signatures[0].Sig = "*" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "decode signature 1"}}},
		{"more in the envelope", with(t, good, bundle.StatementPath, append(part(t, good, bundle.StatementPath), ' ')), nil, []found{{bundle.BadStatement, bundle.StatementPath, "not written as gatehouse"}}},
		{"no statement in it", envelope(func(e *dsse.Envelope) { e.Payload = base64.StdEncoding.EncodeToString([]byte("[]")) }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "no in-toto statement"}}},
		{"an older statement", statement(func(s map[string]any) { s["_type"] = "https://in-toto.io/Statement/v0.1" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "wrong statement type"}}},
		{"a newer predicate", statement(func(s map[string]any) { s["predicateType"] = "https://gatehouse.dev/readiness/v2" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "a newer gatehouse reads"}}},
		{"another predicate", statement(func(s map[string]any) { s["predicateType"] = "https://slsa.dev/provenance/v1" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "not a readiness run"}}},
		{"a predicate of texts", predicate("started", 3), nil, []found{{bundle.BadStatement, bundle.StatementPath, "read the statement"}}},
		{"a part twice", statement(func(s map[string]any) { s["subject"] = append(s["subject"].([]any), s["subject"].([]any)[0]) }), nil, []found{{bundle.BadStatement, bundle.StatementPath, "it names README.txt twice"}}},
		{"a hostile subject", statement(func(s map[string]any) { s["subject"].([]any)[0].(map[string]any)["name"] = "../x" }), nil, []found{{bundle.BadStatement, bundle.StatementPath, `"../x" does not stay inside`}}},
		{"another digest", statement(func(s map[string]any) {
			s["subject"].([]any)[0].(map[string]any)["digest"] = map[string]any{"md5": strings.Repeat("0", 32)}
		}), nil, []found{{bundle.BadStatement, bundle.StatementPath, ""}}},
		{"more keys", predicate("weather", "fine"), nil, nil},

		{"another size in the manifest", manifest(`"size": 15,`, `"size": 16,`), nil, []found{{bundle.BadManifest, bundle.ManifestPath, "report.html has 16 bytes, in the bundle 15"}}},
		{"another digest in the manifest", manifest(htmlSum, sum(nil)), nil, []found{{bundle.BadManifest, bundle.ManifestPath, "report.html has SHA-256 \"" + sum(nil)}}},
		{"another name in the manifest", manifest("checklist.yaml", "checklost.yaml"), nil, []found{{bundle.BadManifest, bundle.ManifestPath, `"checklost.yaml" is not in the statement; checklist.yaml is not listed`}}},
		{"a name twice in the manifest", manifest("checklist.yaml", "README.txt"), nil, []found{{bundle.BadManifest, bundle.ManifestPath, `"README.txt" is listed twice; checklist.yaml is not listed`}}},
		{"no manifest", manifest("{", "<"), nil, []found{{bundle.BadManifest, bundle.ManifestPath, "read the manifest"}}},
		{"an unknown key in the manifest", manifest(`"files"`, `"signed": true, "files"`), nil, []found{{bundle.BadManifest, bundle.ManifestPath, `unknown field "signed"`}}},
		{"a newer manifest", manifest("bundle/1", "bundle/2"), nil, []found{{bundle.BadManifest, bundle.ManifestPath, `its format is "gatehouse.bundle/2"`}}},
		{"two manifests", resignManifest(t, good, private, " {}"), nil, []found{{bundle.BadManifest, bundle.ManifestPath, "something follows it"}}},

		{"no report that can be read", resign(t, good, private, bundle.Part{Path: bundle.ReportPath, Content: []byte("{")}), nil, []found{{bundle.BadReport, bundle.ReportPath, "read report.json"}}},
		{"a newer report", resign(t, good, private, bundle.Part{Path: bundle.ReportPath, Content: []byte(`{"format":"gatehouse.readiness/2"}`)}), nil, []found{{bundle.BadReport, bundle.ReportPath, `its format is "gatehouse.readiness/2"`}}},
		{"signed without evidence", resign(t, good, private, bundle.Part{Path: "evidence/kubernetes.pods.json"}), nil, []found{{bundle.Dangling, "evidence/kubernetes.pods.json", "it is not in the bundle"}}},
		{"signed with other evidence", resign(t, good, private, bundle.Part{Path: bundle.ReportPath, Content: results(t, started, noContent)}), nil, []found{{bundle.Dangling, "evidence/aws.rds.instances.json", "the report was made from"}}},
		{"signed with a hostile ID", resign(t, good, private, bundle.Part{Path: bundle.ReportPath, Content: results(t, started, append(evidence(), readiness.Evidence{ID: "../x", SHA256: "0"}))}), nil, []found{{bundle.Dangling, bundle.ReportPath, `evidence "../x"`}}},
		{"signed with evidence that nothing names", resign(t, good, private, bundle.Part{Path: bundle.ReportPath, Content: fewer}), nil, []found{{bundle.Unnamed, "evidence/aws.rds.instances.json", ""}}},

		{"longer", append(slices.Clone(good), make([]byte, 512)...), nil, []found{{bundle.Repacked, "", "follow 1024 bytes in place of 512"}}},
		{"shorter by a block", good[:len(good)-512], nil, []found{{bundle.Repacked, "", "follow 0 bytes"}}},
	}
	seen := map[bundle.Kind]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			keys := c.keys
			if keys == nil {
				keys = []signing.Key{trusted}
			}
			v := verify(t, c.content, keys...)
			require.Len(t, v.Problems, len(c.want), "%+v", v.Problems)
			for _, want := range c.want {
				at := slices.IndexFunc(v.Problems, func(p bundle.Problem) bool { return p.Kind == want.kind && (p.Part == want.part || want.part == "") })
				require.GreaterOrEqual(t, at, 0, "%+v", v.Problems)
				require.Contains(t, v.Problems[at].Message, want.says)
				require.NotEmpty(t, v.Problems[at].Remedy)
				seen[want.kind] = true
			}
		})
	}
	for _, kind := range bundle.Kinds {
		require.True(t, seen[kind], "no test shows %s", kind)
	}
}

// resignManifest adds to the manifest's end what no manifest has there.
func resignManifest(t *testing.T, content []byte, key signing.FileKey, more string) []byte {
	t.Helper()
	text := append(part(t, content, bundle.ManifestPath), more...)
	return restate(t, with(t, content, bundle.ManifestPath, text), key, func(s map[string]any) {
		for _, subject := range s["subject"].([]any) {
			if subject := subject.(map[string]any); subject["name"] == bundle.ManifestPath {
				subject["digest"] = map[string]any{"sha256": sum(text)}
			}
		}
	})
}

// Every single byte of a bundle is covered: by the signature, by a SHA-256 that
// is signed, or by the one way to write the rest.
func TestAnyFlippedByteIsFound(t *testing.T) {
	private, trusted := goodSigner(t)
	pieces := evidence()[:1]
	good := write(t, bundle.Contents{Report: results(t, started, pieces), Evidence: pieces}, private)
	require.True(t, verify(t, good, trusted).Verified)
	check := func(at int, bit byte) {
		content := slices.Clone(good)
		content[at] ^= bit
		v, err := bundle.Verify(bytes.NewReader(content), []signing.Key{trusted}, now)
		require.True(t, err != nil || len(v.Problems) > 0, "byte %d, bit %x: verified", at, bit)
	}
	if !testing.Short() {
		random := rand.New(rand.NewPCG(1, 2))
		for at := range good {
			check(at, 1<<random.IntN(8))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		check(rapid.IntRange(0, len(good)-1).Draw(t, "at"), 1<<rapid.IntRange(0, 7).Draw(t, "bit"))
	})
}

func TestReportOfABundle(t *testing.T) {
	private, _ := goodSigner(t)
	good := write(t, contents(t), private)
	text, err := bundle.Report(bytes.NewReader(good))
	require.NoError(t, err)
	require.Equal(t, results(t, started, evidence()), text)
	_, err = bundle.Report(bytes.NewReader(with(t, good, bundle.ReportPath, nil)))
	require.ErrorContains(t, err, "none of its 9 files is report.json")
	_, err = bundle.Report(bytes.NewReader([]byte(`{"items":[]}`)))
	require.ErrorContains(t, err, "it is JSON")
}

func TestTheClockMayBeALittleOff(t *testing.T) {
	private, trusted := goodSigner(t)
	v, err := bundle.Verify(bytes.NewReader(write(t, contents(t), private)), []signing.Key{trusted}, started.Add(-4*time.Minute))
	require.NoError(t, err)
	require.True(t, v.Verified)
}
