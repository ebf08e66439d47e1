package generation_test

import (
	"bytes"
	"crypto/sha512"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/store"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// BenchmarkInstall stages a plugin of 5 MB in 400 files, and assembles the generation
// with it.
func BenchmarkInstall(b *testing.B) {
	files := tarballtest.Plugin("x", "1.0.0")
	random := rand.NewChaCha8([32]byte{})
	for i := range 400 {
		content := make([]byte, 13_000)
		_, _ = random.Read(content)
		files["dist/"+strconv.Itoa(i%20)+"/"+strconv.Itoa(i)+".js"] = string(content)
	}
	packed := tarballtest.Pack(b, files)
	spec := store.Spec{Ref: plugins.Ref{Name: "x", Version: "1.0.0"}, Integrity: plugins.IntegrityOf(sha512.Sum512(packed))}
	for name, kept := range map[string]bool{"new": false, "staged": true} {
		b.Run(name, func(b *testing.B) {
			s := openFor(b, b.TempDir(), nil)
			defer func() { _ = s.store.Close() }()
			for b.Loop() {
				if !kept {
					_ = s.store.Close()
					s = openFor(b, b.TempDir(), nil)
				}
				entry, err := s.store.Stage(b.Context(), spec, bytes.NewReader(packed), tarball.DefaultLimits())
				require.NoError(b, err)
				_, err = s.Assemble(b.Context(), []generation.Plugin{{Entry: entry}}, nil)
				require.NoError(b, err)
			}
		})
	}
}
