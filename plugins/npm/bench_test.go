package npm_test

import (
	"io"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// What a plugin of 5 MB costs before anything is unpacked.
func BenchmarkFetch(b *testing.B) {
	content := make([]byte, 5<<20)
	_, err := rand.NewChaCha8([32]byte{}).Read(content)
	require.NoError(b, err)
	registry := npmtest.New(b)
	published := registry.Publish(npmtest.Package{Name: "one", Version: "1.0.0", Raw: content})
	for name, cache := range map[string]npm.Cache{"cached": npm.Folder(b.TempDir()), "registry": nil} {
		b.Run(name, func(b *testing.B) {
			c, err := npm.New(npm.Options{Registry: registry.URL, Cache: cache, Folder: b.TempDir()})
			require.NoError(b, err)
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				tarball, err := c.Fetch(b.Context(), published.Ref, published.Integrity)
				require.NoError(b, err)
				_, err = io.Copy(io.Discard, tarball)
				require.NoError(b, err)
				require.NoError(b, tarball.Close())
			}
		})
	}
}

// A document of a package with a thousand versions: one is kept, the others are
// passed over.
func BenchmarkManifest(b *testing.B) {
	registry := npmtest.New(b)
	var published npmtest.Publication
	for i := range 1000 {
		published = registry.Publish(npmtest.Package{Name: "one", Version: "1." + strconv.Itoa(i) + ".0", Raw: []byte("x"), Fields: map[string]any{"readme": string(make([]byte, 1000))}})
	}
	document := registry.Document("one")
	registry.Fault("/one", npmtest.Saying(string(document)))
	c, err := npm.New(npm.Options{Registry: registry.URL})
	require.NoError(b, err)
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := c.Manifest(b.Context(), published.Ref)
		require.NoError(b, err)
	}
}
