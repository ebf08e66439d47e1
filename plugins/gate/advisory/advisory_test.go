package advisory_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
)

// record is an OSV record of the package p with these fields of its affected entry.
func record(id, affected, rest string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil,
		`{"id":%q,"modified":"2026-11-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"p"},%s}]%s}`, id, affected, rest)}
}

func events(list string) string { return `"ranges":[{"type":"SEMVER","events":[` + list + `]}]` }

func find(t *testing.T, files fs.FS, version string) []advisory.Vulnerability {
	t.Helper()
	report, err := advisory.OSV{Files: files}.Find(context.Background(), []advisory.Component{{Name: "p", Version: version}, {Name: "q", Version: "1.0.0"}})
	require.NoError(t, err)
	return report.Vulnerabilities
}

func TestRanges(t *testing.T) {
	for list, want := range map[string]map[string]bool{
		`{"introduced":"0"}`: {"0.0.1-a": true, "9.9.9": true},
		`{"introduced":"0"},{"fixed":"1.2.0"}`: {
			"1.1.9": true, "1.2.0-rc.1": true, "1.2.0": false, "1.3.0": false,
		},
		`{"introduced":"1.0.0"},{"last_affected":"1.2.0"}`: {
			"0.9.9": false, "1.0.0-rc.1": false, "1.0.0": true, "1.2.0": true, "1.2.1": false,
		},
		`{"introduced":"0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"},{"fixed":"2.1.0"}`: {
			"0.1.0": true, "1.0.0": false, "1.9.0": false, "2.0.0": true, "2.1.0": false,
		},
		`{"fixed":"2.1.0"},{"introduced":"2.0.0"},{"fixed":"1.0.0"},{"introduced":"0"}`: { // in any order
			"0.1.0": true, "1.0.0": false, "2.0.5": true, "2.1.0": false,
		},
		`{"introduced":"1.0.0"},{"fixed":"1.5.0"},{"introduced":"1.5.0"},{"fixed":"2.0.0"}`: {
			"1.4.9": true, "1.5.0": true, "2.0.0": false,
		},
		`{"introduced":"1.0.0"},{"limit":"2.0.0"}`:         {"1.5.0": true, "2.0.0": false},
		`{"introduced":"0"},{"limit":"*"}`:                 {"1.5.0": true},
		`{"introduced":"1.0.0"},{"last_affected":"1.0.0"}`: {"1.0.0": true, "1.0.1": false},
		`{"introduced":"1.0.0+build"},{"fixed":"1.0.2"}`:   {"1.0.0": true},
		``: {"1.0.0": false},
	} {
		files := fstest.MapFS{"a/GHSA-1.json": record("GHSA-1", events(list), "")}
		for version, touched := range want {
			require.Equal(t, touched, len(find(t, files, version)) == 1, "%s of %s", version, list)
		}
	}
}

func TestFixedAndVersions(t *testing.T) {
	files := fstest.MapFS{"x.json": record("GHSA-1", events(`{"introduced":"0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"},{"fixed":"2.1.0"}`)+`,"versions":["1.5.0"]`, `,"summary":"s","aliases":["CVE-1"]`)}
	require.Equal(t, "1.0.0", find(t, files, "0.1.0")[0].Fixed)
	require.Equal(t, "2.1.0", find(t, files, "2.0.0")[0].Fixed)
	found := find(t, files, "1.5.0") // listed, though in no range
	require.Len(t, found, 1)
	require.Equal(t, advisory.Vulnerability{
		ID: "GHSA-1", Aliases: []string{"CVE-1"}, Summary: "s", Component: advisory.Component{Name: "p", Version: "1.5.0"},
	}, found[0])
}

func TestDoubt(t *testing.T) {
	for affected, part := range map[string]string{
		`"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]`: "names no versions",
		`"versions":[]`:                                "names no versions",
		events(`{"introduced":"yesterday"}`):           "is no version",
		events(`{"introduced":"0"},{"ended":"1.0.0"}`): "unknown event",
		events(`{}`):                                   "empty event",
	} {
		found := find(t, fstest.MapFS{"x.json": record("GHSA-1", affected, "")}, "1.0.0")
		require.Len(t, found, 1, affected)
		require.Contains(t, found[0].Doubt, part)
	}
	found := find(t, fstest.MapFS{"x.json": record("GHSA-1", `"versions":["1.0.0"]`, "")}, "no version")
	require.Contains(t, found[0].Doubt, "no version")
}

func TestSeverity(t *testing.T) {
	cvss := func(kind, vector string) string {
		return fmt.Sprintf(`,"severity":[{"type":%q,"score":%q}]`, kind, vector)
	}
	for rest, want := range map[string]advisory.Severity{
		"": advisory.Unrated,
		`,"database_specific":{"severity":"MODERATE"}`:                                                               advisory.Medium,
		`,"database_specific":{"severity":["x"]}`:                                                                    advisory.Unrated,
		cvss("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"):                                              advisory.Critical, // 9.8
		cvss("CVSS_V3", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"):                                              advisory.High,     // 7.5
		cvss("CVSS_V3", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"):                                              advisory.Low,      // 3.1
		cvss("CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"):                           advisory.Critical, // 9.3
		cvss("CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N"):                           advisory.Low,      // 2.3
		cvss("CVSS_V3", "CVSS:3.1/nonsense"):                                                                         advisory.Unrated,
		cvss("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P"):                                                                advisory.Unrated,
		cvss("CVSS_V3", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N") + `,"database_specific":{"severity":"HIGH"}`: advisory.High,
	} {
		found := find(t, fstest.MapFS{"x.json": record("GHSA-1", `"versions":["1.0.0"]`, rest)}, "1.0.0")
		require.Equal(t, want, found[0].Severity, rest)
	}
	found := find(t, fstest.MapFS{"x.json": record("MAL-2026-1", `"versions":["1.0.0"]`, "")}, "1.0.0")
	require.Equal(t, advisory.Critical, found[0].Severity)
	require.Equal(t, "critical", found[0].Severity.String())
	_, err := advisory.ParseSeverity("unrated")
	require.Error(t, err)
}

func TestWhatIsPassedOver(t *testing.T) {
	all := `"versions":["1.0.0"]`
	files := fstest.MapFS{
		"withdrawn.json": record("GHSA-1", all, `,"withdrawn":"2026-11-02T00:00:00Z"`),
		"pypi.json":      {Data: []byte(`{"id":"PYSEC-1","modified":"2027-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"p"},"versions":["1.0.0"]}]}`)},
		"README.md":      {Data: []byte("x")},
	}
	require.Empty(t, find(t, files, "1.0.0"))
	report, err := advisory.OSV{Files: files}.Find(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), report.AsOf, "what is not of npm says nothing of npm's age")
}

func TestWhatCannotBeRead(t *testing.T) {
	good := record("GHSA-1", `"versions":["1.0.0"]`, "")
	for content, part := range map[string]string{
		`{`: "bad.json", `{}`: "no id", `{"id":"x"}`: "no modified", `[]`: "bad.json",
		`{"id":"x","modified":"yesterday"}`: "bad.json",
	} {
		_, err := advisory.OSV{Files: fstest.MapFS{"bad.json": {Data: []byte(content)}, "good.json": good}}.Find(context.Background(), nil)
		require.ErrorContains(t, err, part, content)
	}
	_, err := advisory.OSV{Files: fstest.MapFS{}}.Find(context.Background(), nil)
	require.ErrorIs(t, err, advisory.ErrEmpty)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = advisory.OSV{Files: fstest.MapFS{"good.json": good}}.Find(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestZip(t *testing.T) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i := range 50 {
		file, err := w.Create(fmt.Sprintf("GHSA-%d.json", i))
		require.NoError(t, err)
		_, err = file.Write(record(fmt.Sprintf("GHSA-%02d", i), `"versions":["1.0.0"]`, "").Data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	files, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	require.NoError(t, err)
	found := find(t, files, "1.0.0")
	require.Len(t, found, 50)
	for i, v := range found {
		require.Equal(t, fmt.Sprintf("GHSA-%02d", i), v.ID)
	}
}

// BenchmarkOSV reads 10,000 records for the 300 packages that a large plugin bundles.
func BenchmarkOSV(b *testing.B) {
	files, components := fstest.MapFS{}, make([]advisory.Component, 0, 300)
	for i := range 10_000 {
		files[fmt.Sprintf("GHSA-%d.json", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `{"id":"GHSA-%d","modified":"2026-11-01T00:00:00Z",
			"details":%q,"affected":[{"package":{"ecosystem":"npm","name":"p%d"},%s}]}`, i, strings.Repeat("x", 1500), i, events(`{"introduced":"0"},{"fixed":"1.0.0"}`))}
	}
	for i := range 300 {
		components = append(components, advisory.Component{Name: fmt.Sprintf("p%d", i), Version: "0.1.0"})
	}
	for b.Loop() {
		report, err := advisory.OSV{Files: files}.Find(context.Background(), components)
		require.NoError(b, err)
		require.Len(b, report.Vulnerabilities, 300)
	}
}

func FuzzOSV(f *testing.F) {
	f.Add([]byte(`{"id":"x","modified":"2026-11-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"p"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.0.0"}]}]}]}`), "0.1.0")
	f.Add(record("MAL-1", `"versions":["1"],"severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N"}]`, "").Data, "1")
	f.Fuzz(func(t *testing.T, content []byte, version string) {
		component := advisory.Component{Name: "p", Version: version}
		report, err := advisory.OSV{Files: fstest.MapFS{"x.json": {Data: content}}}.Find(context.Background(), []advisory.Component{component})
		if err != nil {
			require.Empty(t, report)
			return
		}
		for _, v := range report.Vulnerabilities {
			require.Equal(t, component, v.Component)
			require.NotEmpty(t, v.ID)
		}
	})
}
