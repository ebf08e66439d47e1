package tarball_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// npm reads the same packages, and finds the same in them.
func TestListAgreesWithNPM(t *testing.T) {
	if testing.Short() {
		t.Skip("long: asks the npm registry")
	}
	for _, ref := range []string{
		"is-number@7.0.0",                         // of 2018
		"@backstage/plugin-catalog-backend@4.0.0", // packed by yarn
		"npm@10.8.2",                              // bundles its dependencies
	} {
		t.Run(ref, func(t *testing.T) {
			packed, theirs := pack(t, ref)
			listing, err := tarball.List(t.Context(), bytes.NewReader(packed), tarball.DefaultLimits())
			require.NoError(t, err)
			require.Equal(t, theirs.Integrity, listing.Integrity.String())
			require.Equal(t, theirs.Size, listing.Size)
			require.Equal(t, theirs.UnpackedSize, listing.Unpacked)
			ours := map[string]int64{}
			for _, file := range listing.Files {
				ours[file.Path] = file.Size
			}
			want := map[string]int64{}
			for _, file := range theirs.Files {
				want[file.Path] = file.Size
			}
			require.Equal(t, want, ours)
			manifest, found := listing.Manifest(tarball.ManifestName)
			require.True(t, found)
			var said plugins.Ref
			require.NoError(t, json.Unmarshal(manifest, &said))
			require.Equal(t, ref, said.String())
		})
	}
}

// packed is what npm pack --json says.
type packed struct {
	Filename           string
	Integrity          string
	Size, UnpackedSize int64
	Files              []struct {
		Path string
		Size int64
		Mode fs.FileMode
	}
}

// pack has npm fetch a package, with npm's own configuration.
func pack(t *testing.T, ref string) ([]byte, packed) {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is not installed")
	}
	dir := t.TempDir()
	var problem strings.Builder
	fetch := exec.CommandContext(t.Context(), npm, "pack", ref, "--json", "--fetch-retries=0", "--pack-destination", dir)
	fetch.Dir, fetch.Stderr = dir, &problem
	out, err := fetch.Output()
	if err != nil {
		require.NotContains(t, problem.String(), "code ETARGET", "the registry answers, and has no such version")
		t.Skip("the npm registry does not answer: ", problem.String())
	}
	var all []packed
	require.NoError(t, json.Unmarshal(out, &all), string(out))
	require.Len(t, all, 1)
	content, err := os.ReadFile(filepath.Join(dir, all[0].Filename))
	require.NoError(t, err)
	return content, all[0]
}

// BenchmarkList reads a plugin of 5 MB, packed, as JavaScript packs: to a quarter.
func BenchmarkList(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 4096)
	for i := range words {
		words[i] = strings.Repeat(string(rune('a'+random.IntN(26))), 2) + string(rune('a'+random.IntN(26))) + strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(5)) + " = "
	}
	files := tarballtest.Plugin("@example/plugin", "1.0.0")
	for len(files) < 380 {
		var text strings.Builder
		for text.Len() < 40<<10 {
			text.WriteString(words[random.IntN(len(words))])
		}
		files["dist/"+strings.Repeat("x", len(files)%40)+string(rune('a'+len(files)%26))+"/"+words[len(files)][:3]+".js"] = text.String()
	}
	packed := tarballtest.Pack(b, files)
	b.SetBytes(int64(len(packed)))
	for b.Loop() {
		_, err := tarball.List(b.Context(), bytes.NewReader(packed), tarball.DefaultLimits())
		require.NoError(b, err)
	}
}
