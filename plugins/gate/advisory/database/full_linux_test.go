package database_test

import (
	"archive/zip"
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

// records is about how many npm's export has; nine of ten are of malware.
const records = 250_000

// fullExport is an export of that size, as a file.
func fullExport(t testing.TB, records int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "all.zip")
	file, err := os.Create(path)
	require.NoError(t, err)
	to := bufio.NewWriter(file)
	w := zip.NewWriter(to)
	for i := range records {
		id, affected := fmt.Sprintf("MAL-2026-%d", i), fmt.Sprintf(`"name":"some-package-%d"},"versions":["1.0.0","99.9.%d"]`, i, i)
		if i%10 == 0 {
			id = fmt.Sprintf("GHSA-aaaa-bbbb-%d", i)
			affected = fmt.Sprintf(`"name":"popular-%d"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.%d.0"}]}]`, i%50_000, i%9)
		}
		entry, err := w.Create(id + ".json")
		require.NoError(t, err)
		_, err = fmt.Fprintf(entry, `{"id":%q,"modified":"2026-11-01T00:00:00Z","summary":"Malicious code in a package (npm)","details":%q,
			"affected":[{"package":{"ecosystem":"npm",%s}],"references":[{"type":"WEB","url":"https://example.com/%d"}],
			"database_specific":{"severity":"HIGH","malicious-packages-origins":[{"sha256":%q}]}}`,
			id, strings.Repeat("words and more words ", 20+i%40), affected, i, strings.Repeat(fmt.Sprint(i%10), 64))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, to.Flush())
	require.NoError(t, file.Close())
	return path
}

// some are the 500 packages that a very large plugin bundles.
func some() []advisory.Component {
	components := make([]advisory.Component, 0, 500)
	for i := range 250 {
		components = append(components,
			advisory.Component{Name: fmt.Sprintf("popular-%d", i*10), Version: "0.1.0"},
			advisory.Component{Name: fmt.Sprintf("good-package-%d", i), Version: "1.0.0"})
	}
	return components
}

func buildFile(t testing.TB, export string) (*os.File, database.Summary) {
	t.Helper()
	packed, err := zip.OpenReader(export)
	require.NoError(t, err)
	defer func() { require.NoError(t, packed.Close()) }()
	to, err := os.Create(filepath.Join(t.TempDir(), "npm.db"))
	require.NoError(t, err)
	summary, err := database.Build(t.Context(), &packed.Reader, to, t.TempDir(), database.Limits{})
	require.NoError(t, err)
	return to, summary
}

// The most that a process ever held, in KiB (proc(5), VmHWM).
func TestMemoryOfAFullExport(t *testing.T) {
	if testing.Short() {
		t.Skip("long: writes and reads 250,000 records")
	}
	if export := os.Getenv("EXPORT"); export != "" {
		began := time.Now()
		file, summary := buildFile(t, export)
		require.Equal(t, records, summary.Records)
		fmt.Printf("built in %s, %d bytes\n", time.Since(began).Round(time.Millisecond), summary.Size)
		require.NoError(t, file.Close())
		status, err := os.ReadFile("/proc/self/status")
		require.NoError(t, err)
		var held int
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		_, err = fmt.Sscan(rest, &held)
		require.NoError(t, err)
		fmt.Printf("held %d KiB at most\n", held)
		require.Less(t, held, 256<<10)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMemoryOfAFullExport$")
	child.Env = append(os.Environ(), "EXPORT="+fullExport(t, records))
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))
	t.Log(string(out))
}

func BenchmarkOpenFull(b *testing.B) {
	file, summary := buildFile(b, fullExport(b, records))
	for b.Loop() {
		_, err := database.Open(file, summary.Size)
		require.NoError(b, err)
	}
}

func BenchmarkFindFull(b *testing.B) {
	file, summary := buildFile(b, fullExport(b, records))
	d, err := database.Open(file, summary.Size)
	require.NoError(b, err)
	for b.Loop() {
		require.Len(b, find(b, d, some()...).Vulnerabilities, 1250)
	}
}

// BenchmarkOSVFull is what a database saves.
func BenchmarkOSVFull(b *testing.B) {
	packed, err := zip.OpenReader(fullExport(b, records))
	require.NoError(b, err)
	for b.Loop() {
		require.Len(b, find(b, advisory.OSV{Files: packed}, some()...).Vulnerabilities, 1250)
	}
	require.NoError(b, packed.Close())
}
