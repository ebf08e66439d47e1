package results_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/results"
	"gatehouse/report/results/resultstest"
)

func read(data []byte) (readiness.Run, error) { return results.Read("run.json", bytes.NewReader(data)) }

func TestWhatIsWrittenIsRead(t *testing.T) {
	run := resultstest.Run("staging", resultstest.Start)
	data := resultstest.JSON(t, run)
	got, err := read(data)
	require.NoError(t, err)
	require.Equal(t, string(data), string(resultstest.JSON(t, got)))

	path := filepath.Join(t.TempDir(), "run.json")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	got, err = results.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, run.ID, got.ID)
	_, err = results.ReadFile(path + ".gone")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A file from before a key was added has none of it.
func TestAbsentKeysAreEmpty(t *testing.T) {
	data := edit(t, func(run map[string]any) {
		for _, key := range []string{"trend", "next", "access", "deployed", "frameworks", "comparison"} {
			delete(run, key)
		}
	})
	_, err := read(data)
	require.NoError(t, err)
}

func TestWhatIsNoRunIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ data, want string }{
		"empty":             {" \n", "the file is empty"},
		"compressed":        {"\x1f\x8b\x08\x00", "compressed with gzip"},
		"byte-order mark":   {"\xef\xbb\xbf{}", "byte-order mark"},
		"html":              {"<html>", "HTML or XML"},
		"list":              {"[]", "a JSON list"},
		"text":              {"\n  \x1b[31mhello", `line 2, column 3 (byte 3): not a JSON object: it begins with "\x1b[31mhello"`},
		"nothing inside":    {"{}", "it has no format, and no keys at all"},
		"unknown":           {`{"a":1,"\u001b[2J":2}`, `it has no format, and the keys "a", "\x1b[2J"`},
		"sarif":             {`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[]}`, "looks like a SARIF log"},
		"oscal":             {`{"assessment-results":{}}`, "OSCAL assessment results"},
		"dsse":              {`{"payloadType":"x","payload":"eA==","signatures":[]}`, "DSSE"},
		"policies":          {`{"source":"state","findings":[],"summary":{}}`, "gatehouse policy check"},
		"trivy":             {`{"SchemaVersion":2,"Results":[]}`, "Trivy"},
		"before the format": {`{"environment":"staging","started":"2026-11-22T10:34:32Z","items":[],"evidence":[],"summary":{}}`, "before its format had a number; run gatehouse check again"},
		"newer":             {`{"format":"gatehouse.readiness/2","unheard":{}}`, `format: "gatehouse.readiness/2" was written by a newer gatehouse, this one reads up to gatehouse.readiness/1; upgrade`},
		"older":             {`{"format":"gatehouse.readiness/0"}`, `format: "gatehouse.readiness/0" is not a run's`},
		"another's format":  {`{"format":"other/1"}`, `format: "other/1" is not a run's`},
		"format is empty":   {`{"format":""}`, "format: is empty"},
		"format is no text": {`{"format":1}`, `format: want "gatehouse.readiness/1", not "1"`},
		"trailing data":     {"{\"format\":\"gatehouse.readiness/1\"}\n{}", "line 2, column 1 (byte 35): more follows after the end of the run"},
		"invalid UTF-8":     {"{\"format\":\"\xff\"}", "line 1, column 12 (byte 11), at format: invalid UTF-8"},
		"deep":              {strings.Repeat(`{"a":`, 20000), "exceeded max depth"},
		"deep lists":        {`{"a":` + strings.Repeat(`[`, 20000), "exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read([]byte(c.data))
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "read results run.json: ")
			require.NotContains(t, err.Error(), "\x1b")
			require.Less(t, len(err.Error()), 600)
		})
	}
}

func TestWhatIsCutOffIsSaidWhere(t *testing.T) {
	data := resultstest.JSON(t, resultstest.Run("staging", resultstest.Start))
	for _, at := range []int{1, 20, len(data) / 3, len(data) / 2, len(data) - 3} {
		_, err := read(data[:at])
		require.ErrorContains(t, err, "cut off at line ", "%d of %d bytes", at, len(data))
	}
	_, err := read(data[:bytes.Index(data, []byte(`"DB-2"`))+3])
	require.ErrorContains(t, err, ", at items[1].id: the end is missing")
}

func TestReadersThatFailOrNeverEnd(t *testing.T) {
	_, err := results.Read("run.json", iotest.ErrReader(io.ErrClosedPipe))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	if testing.Short() {
		t.Skip("long: reads 128 MiB")
	}
	_, err = results.Read("run.json", endless{})
	require.ErrorContains(t, err, "more than 128 MiB")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func BenchmarkRead(b *testing.B) {
	run := resultstest.Run("staging", resultstest.Start)
	for range 10000 {
		run.Policies.Findings = append(run.Policies.Findings, run.Policies.Findings[0])
	}
	run.Policies.Summary.Deny = len(run.Policies.Findings)
	data := resultstest.JSON(b, run)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := read(data)
		require.NoError(b, err)
	}
}

// What the other renderers are tried with is read too.
func TestEveryKindOfRunIsRead(t *testing.T) {
	for name, run := range map[string]readiness.Run{
		"rich": readinesstest.Rich(), "ready": readinesstest.Ready(), "bare": readinesstest.Bare(), "many": readinesstest.Many(200),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(resultstest.JSON(t, run))
			require.NoError(t, err)
			data := resultstest.JSON(t, got)
			again, err := read(data)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, resultstest.JSON(t, again)))
		})
	}
}
