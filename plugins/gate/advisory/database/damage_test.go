package database_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

// No byte can be another one, and none missing or more.
func TestDamage(t *testing.T) {
	content, _ := build(t, fstest.MapFS{"a.json": record("GHSA-1", "p", "1.0.0"), "b.json": record("GHSA-2", "@s/q", "1.0.0")})
	opened := func(content []byte) error {
		_, err := database.Open(bytes.NewReader(content), int64(len(content)))
		return err
	}
	for i := range content {
		wrong := slices.Clone(content)
		wrong[i] ^= 1
		if i == len("gatehouse npm advisories") {
			require.ErrorIs(t, opened(wrong), database.ErrVersion)
			continue
		}
		require.ErrorIs(t, opened(wrong), database.ErrDamaged, i)
	}
	for i := range content {
		require.ErrorIs(t, opened(content[:i]), database.ErrDamaged, i)
	}
	require.ErrorIs(t, opened(append(slices.Clone(content), 0)), database.ErrDamaged)
	_, err := database.Open(bytes.NewReader(content[:40]), int64(len(content)))
	require.Error(t, err, "it is shorter than it says")
}

// A byte between the blocks and the index belongs to nothing, though the sum is right.
func TestBlocksWithoutIndex(t *testing.T) {
	content, _ := build(t, fstest.MapFS{"a.json": record("GHSA-1", "p", "1.0.0")})
	const numbers = 6 * 8
	foot := len(content) - sha256.Size - numbers
	at := binary.BigEndian.Uint64(content[foot:])
	wrong := slices.Concat(content[:at], []byte{0}, content[at:len(content)-sha256.Size])
	binary.BigEndian.PutUint64(wrong[foot+1:], at+1)
	sum := sha256.Sum256(wrong)
	wrong = append(wrong, sum[:]...)
	_, err := database.Open(bytes.NewReader(wrong), int64(len(wrong)))
	require.ErrorIs(t, err, database.ErrDamaged)
	require.ErrorContains(t, err, "other blocks")
}

// A file with the right sum may still be nonsense: nobody signs it.
func FuzzOpen(f *testing.F) {
	content, _ := build(f, fstest.MapFS{"a.json": record("GHSA-1", "p", "1.0.0"), "b.json": record("GHSA-2", "q", "1.0.0")})
	f.Add(content[:len(content)-sha256.Size])
	f.Fuzz(func(t *testing.T, content []byte) {
		sum := sha256.Sum256(content)
		content = append(slices.Clone(content), sum[:]...)
		d, err := database.Open(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		_, _ = d.Find(context.Background(), []advisory.Component{{Name: "p", Version: "1.0.0"}, {Name: "q", Version: "1"}})
	})
}

func TestFindEnds(t *testing.T) {
	content, _ := build(t, fstest.MapFS{"a.json": record("GHSA-1", "p", "1.0.0")})
	d := open(t, content)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.Find(ctx, []advisory.Component{{Name: "p", Version: "1.0.0"}})
	require.ErrorIs(t, err, context.Canceled)
	clear(content) // changed under it
	_, err = d.Find(t.Context(), []advisory.Component{{Name: "p", Version: "1.0.0"}})
	require.ErrorIs(t, err, database.ErrDamaged)
}
