package database_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

var day = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// record is an OSV record of a package with one listed version.
func record(id, name, version string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil,
		`{"id":%q,"modified":"2026-11-01T00:00:00Z","details":"not kept","affected":[{"package":{"ecosystem":"npm","name":%q},"versions":[%q]}]}`, id, name, version)}
}

func build(t require.TestingT, files fs.FS) ([]byte, database.Summary) {
	var to bytes.Buffer
	summary, err := database.Build(context.Background(), files, &to, "", database.Limits{})
	require.NoError(t, err)
	return to.Bytes(), summary
}

func open(t require.TestingT, content []byte) *database.Database {
	d, err := database.Open(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	return d
}

func find(t require.TestingT, from advisory.Source, components ...advisory.Component) advisory.Report {
	report, err := from.Find(context.Background(), components)
	require.NoError(t, err)
	return report
}

// pack is the folder as OSV's all.zip.
func pack(t require.TestingT, files fstest.MapFS) []byte {
	var to bytes.Buffer
	w := zip.NewWriter(&to)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file, err := w.Create(name)
		require.NoError(t, err)
		_, err = file.Write(files[name].Data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return to.Bytes()
}

func unpack(t require.TestingT, content []byte) *zip.Reader {
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	return r
}

// Whatever records say: the database finds what OSV's own reader finds, of a folder
// and of a zip, and its bytes depend on the records alone.
func TestItFindsWhatTheRecordsSay(t *testing.T) {
	names := []string{"a", "b", "@s/c", "prototype"}
	versions := []string{"0", "0.1.0", "1.0.0-rc.1", "1.0.0", "1.2.3", "2.0.0", "nonsense"}
	rapid.Check(t, func(t *rapid.T) {
		pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
		files := fstest.MapFS{"npm.json": record("ALWAYS", "z", "1.0.0")}
		for i := range rapid.IntRange(0, 12).Draw(t, "records") {
			r := map[string]any{
				"id": fmt.Sprintf("%s-%d", pick("kind", "GHSA", "MAL", "CVE"), i), "summary": pick("summary", "", "<s> & t", "\u2028"),
				"modified": day.Add(time.Duration(rapid.IntRange(0, 1e6).Draw(t, "modified")) * time.Microsecond),
				"aliases":  rapid.SliceOfN(rapid.SampledFrom([]string{"CVE-1", "CVE-2"}), 0, 2).Draw(t, "aliases"),
				"details":  "long", "database_specific": map[string]any{"severity": pick("severity", "", "HIGH", "moderate"), "more": 1},
			}
			if rapid.IntRange(0, 4).Draw(t, "withdrawn") == 0 {
				r["withdrawn"] = day
			}
			var affected []any
			for range rapid.IntRange(0, 4).Draw(t, "affected") {
				var ranges []any
				for range rapid.IntRange(0, 2).Draw(t, "ranges") {
					var events []any
					for range rapid.IntRange(0, 4).Draw(t, "events") {
						events = append(events, map[string]string{pick("event", "introduced", "fixed", "last_affected", "limit", "other"): pick("at", versions...)})
					}
					ranges = append(ranges, map[string]any{"type": pick("type", "SEMVER", "ECOSYSTEM", "GIT"), "events": events})
				}
				affected = append(affected, map[string]any{
					"package":  map[string]string{"ecosystem": pick("ecosystem", "npm", "npm", "npm", "PyPI", "npm:x"), "name": pick("name", names...)},
					"ranges":   ranges,
					"versions": rapid.SliceOfN(rapid.SampledFrom(versions), 0, 3).Draw(t, "versions"),
					"severity": []any{map[string]string{"type": "CVSS_V3", "score": pick("score", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "bad")}},
				})
			}
			r["affected"] = affected
			content, err := json.Marshal(r)
			require.NoError(t, err)
			files[fmt.Sprintf("f%d/%d.json", i%3, i)] = &fstest.MapFile{Data: content}
		}
		var components []advisory.Component
		for _, name := range append(names, "unknown") {
			for _, version := range versions {
				components = append(components, advisory.Component{Name: name, Version: version})
			}
		}
		want := find(t, advisory.OSV{Files: files}, components...)
		content, summary := build(t, files)
		require.Equal(t, want, find(t, open(t, content), components...))
		require.Equal(t, want.AsOf, summary.AsOf)
		require.Zero(t, summary.Doubts)
		again, _ := build(t, unpack(t, pack(t, files)))
		require.True(t, bytes.Equal(content, again))
	})
}

func TestSummary(t *testing.T) {
	files := fstest.MapFS{
		"a.json": record("GHSA-1", "p", "1.0.0"), "b.json": record("GHSA-2", "p", "1.0.0"), "c.json": record("GHSA-3", "q", "1.0.0"),
		"other.json": {Data: []byte(`{"id":"x","modified":"2027-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"p"}}]}`)},
		"gone.json":  {Data: []byte(`{"id":"x","modified":"2026-11-02T00:00:00.5Z","withdrawn":"2026-11-02T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"w"}}]}`)},
		"bad.json":   {Data: []byte(`{"id":"MAL-1","modified":"soon","affected":[{"package":{"ecosystem":"npm","name":"p"}},{"package":{"ecosystem":"npm","name":"q"}}]}`)},
		"README.md":  {Data: []byte("x")},
	}
	content, summary := build(t, files)
	require.Equal(t, database.Summary{
		AsOf: time.Date(2026, 11, 2, 0, 0, 0, 5e8, time.UTC), Records: 4, Doubts: 1, Packages: 2,
		Size: int64(len(content)), SHA256: fmt.Sprintf("%x", sha256.Sum256(content[:len(content)-sha256.Size])),
	}, summary)
	require.Equal(t, summary, open(t, content).Summary())
	require.NotContains(t, string(content), "not kept")

	one := advisory.Component{Name: "q", Version: "1.0.0"}
	found := find(t, open(t, content), one, one, advisory.Component{Name: "w", Version: "1.0.0"}).Vulnerabilities
	require.Len(t, found, 2)
	require.Equal(t, "GHSA-3", found[0].ID)
	require.Equal(t, "MAL-1", found[1].ID)
	require.Equal(t, advisory.Critical, found[1].Severity)
	require.Contains(t, found[1].Doubt, "soon")
}

func TestWhatCannotBeToldFailsTheBuild(t *testing.T) {
	good := record("GHSA-1", "p", "1.0.0")
	for content, part := range map[string]string{
		`{`: "bad.json", `[]`: "bad.json", `{}`: "it names no package", `{"id":"x"}`: "it names no package",
		`{"affected":[{"package":{"ecosystem":"npm"}}]}`:                                           "no name",
		`{"affected":[{"package":{"name":"p"}}]}`:                                                  "no ecosystem",
		`{"affected":[{"package":{"ecosystem":"npm","name":"p"}},{"package":7}]}`:                  "bad.json",
		`{"id":"x","modified":"2026-11-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm"}}`:  "bad.json",
		`{"id":"x","modified":"yesterday","affected":[{"package":{"ecosystem":["npm"],"name":1}}]`: "bad.json",
	} {
		_, err := database.Build(t.Context(), fstest.MapFS{"bad.json": {Data: []byte(content)}, "good.json": good}, &bytes.Buffer{}, t.TempDir(), database.Limits{})
		require.ErrorContains(t, err, part, content)
	}
	content, summary := build(t, fstest.MapFS{"other.json": {Data: []byte(`{"affected":[{"package":{"ecosystem":"PyPI","name":"p"}}]}`)}, "good.json": good})
	require.Zero(t, summary.Doubts, "it is of no package of npm")
	content2, summary := build(t, fstest.MapFS{"nameless.json": {Data: []byte(`{"id":7,"affected":[{"package":{"ecosystem":"npm","name":"q"}}]}`)}, "good.json": good})
	require.Equal(t, 1, summary.Doubts)
	require.NotEqual(t, content, content2)
	require.Equal(t, "a record without id", find(t, open(t, content2), advisory.Component{Name: "q", Version: "1.0.0"}).Vulnerabilities[0].ID)
}

func TestBuildEnds(t *testing.T) {
	_, err := database.Build(t.Context(), fstest.MapFS{}, &bytes.Buffer{}, "", database.Limits{})
	require.ErrorIs(t, err, advisory.ErrEmpty)
	files := fstest.MapFS{"a.json": record("GHSA-1", "p", "1.0.0"), "b.json": record("GHSA-2", "p", "1.0.0")}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = database.Build(ctx, files, &bytes.Buffer{}, "", database.Limits{})
	require.ErrorIs(t, err, context.Canceled)
	for _, limits := range []database.Limits{{Records: 1}, {Content: 200}} {
		_, err = database.Build(t.Context(), files, &bytes.Buffer{}, "", limits)
		require.ErrorIs(t, err, database.ErrTooLarge)
	}
	files["large.json"] = &fstest.MapFile{Data: make([]byte, advisory.MaxRecord+1)}
	_, err = database.Build(t.Context(), files, &bytes.Buffer{}, "", database.Limits{})
	require.ErrorContains(t, err, "it is no record")
	_, err = database.Build(t.Context(), unpack(t, pack(t, files)), &bytes.Buffer{}, "", database.Limits{})
	require.ErrorContains(t, err, "it is no record")
	delete(files, "large.json")
	_, err = database.Build(t.Context(), files, full{}, "", database.Limits{})
	require.ErrorIs(t, err, errFull)
	_, err = database.Build(t.Context(), files, &bytes.Buffer{}, "/nowhere", database.Limits{})
	require.ErrorContains(t, err, "make a temporary file")

	packed := pack(t, files)
	at := bytes.Index(packed, []byte("a.json")) + len("a.json") + 20 // within its content
	packed[at] ^= 0x40
	_, err = database.Build(t.Context(), unpack(t, packed), &bytes.Buffer{}, "", database.Limits{})
	require.ErrorContains(t, err, "a.json")
}

var errFull = fmt.Errorf("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
