package drill_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/drill"
	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
)

var made = time.Date(2026, 11, 22, 1, 30, 5, 0, time.UTC)

type scene struct {
	keepertest.Portal
	archive *archive.Archive
	client  *s3.Client
	backup  backup.Manifest
	log     *slog.Logger
}

// scenes runs tests that share a server, each with a backup in a bucket of its
// own.
func scenes(t *testing.T, tests map[string]func(*testing.T, scene)) {
	portal, _ := keepertest.NewPortal(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a, client := keepertest.Bucket(t)
			test(t, scene{portal, a, client, portal.BackUp(t, a, made), keepertest.Log(t)})
			for _, database := range keepertest.Query(t, portal.Master, "postgres", "SELECT datname::text FROM pg_database") {
				require.NotContains(t, database, "keeper_scratch", "nothing is left")
			}
		})
	}
}

// drill drills an hour after the backup.
func (s scene) drill() drill.Drill {
	begun, at := time.Now(), made.Add(time.Hour)
	return drill.Drill{
		Archive: s.archive, Scratch: s.As("drill"), Programs: s.Programs(), MaxAge: 12 * time.Hour, MaxDuration: time.Hour,
		Now: func() time.Time { return at.Add(time.Since(begun)) }, Random: rand.Reader, Log: s.log,
	}
}

func (s scene) damage(t *testing.T, part int, change func([]byte) []byte) {
	keepertest.Overwrite(t, s.client, s.archive.Bucket, s.backup.Parts[part].Object.Key, change)
}

// rewrite puts another manifest in the place of the backup's.
func (s scene) rewrite(t *testing.T, change func(*backup.Manifest)) {
	m := s.backup
	change(&m)
	text, err := json.Marshal(m)
	require.NoError(t, err)
	keepertest.Overwrite(t, s.client, s.archive.Bucket, s.backup.Key(), func([]byte) []byte { return text })
}

// kept is the result in the archive.
func (s scene) kept(t *testing.T) drill.Result {
	t.Helper()
	entries, err := s.archive.List(t.Context(), "drills/2026/11/22/")
	require.NoError(t, err)
	require.Len(t, entries, 1)
	text, err := s.archive.Get(t.Context(), entries[0].Key)
	require.NoError(t, err)
	var r drill.Result
	require.NoError(t, json.Unmarshal(text, &r))
	return r
}

func TestDrill(t *testing.T) {
	scenes(t, map[string]func(*testing.T, scene){
		"passes": func(t *testing.T, s scene) {
			r, err := s.drill().Run(t.Context())
			require.NoError(t, err)
			require.True(t, r.Passed)
			require.Equal(t, s.backup.Key(), r.Backup)
			require.Equal(t, 3, r.Databases)
			require.Equal(t, 5, r.Tables)
			require.EqualValues(t, 2001+1000+2+300, r.Rows)
			require.InDelta(t, 3600, r.BackupAgeSeconds, 60)
			require.Positive(t, r.DurationSeconds)
			require.Equal(t, r, s.kept(t))
		},
		"takes the newest that is complete": func(t *testing.T, s scene) {
			s.BackUp(t, s.archive, made.Add(30*time.Minute))
			_, err := s.archive.Put(t.Context(), "database/2026/11/22/backup_023000-portal.dump", []byte("its manifest never came"))
			require.NoError(t, err)
			r, err := s.drill().Run(t.Context())
			require.NoError(t, err)
			require.Equal(t, "database/2026/11/22/backup_020005.manifest.json", r.Backup)
		},
		"clears away what a killed drill left": func(t *testing.T, s scene) {
			keepertest.Exec(t, s.As("drill"), "postgres", "CREATE DATABASE keeper_scratch_20261121t000000_00")
			_, err := s.drill().Run(t.Context())
			require.NoError(t, err)
		},
		"two at once": func(t *testing.T, s scene) {
			var group sync.WaitGroup
			errs := make([]error, 2)
			for i := range errs {
				group.Go(func() { _, errs[i] = s.drill().Run(t.Context()) })
			}
			group.Wait()
			require.NoError(t, errs[0])
			require.NoError(t, errs[1])
		},
	})
}

// Each fault fails the drill with words that name it, and the result is kept.
func TestDrillFindsFaults(t *testing.T) {
	cases := map[string]struct {
		want  string
		fault func(*testing.T, scene, *drill.Drill)
	}{
		"cut off": {"it is cut off", func(t *testing.T, s scene, _ *drill.Drill) {
			s.damage(t, 2, func(content []byte) []byte { return content[:len(content)/2] })
		}},
		"cut off by a byte": {"it is cut off", func(t *testing.T, s scene, _ *drill.Drill) {
			s.damage(t, 2, func(content []byte) []byte { return content[:len(content)-1] })
		}},
		"longer": {"bytes came", func(t *testing.T, s scene, _ *drill.Drill) {
			s.damage(t, 2, func(content []byte) []byte { return append(content, 0) })
		}},
		"a bit has flipped": {"the object is damaged", func(t *testing.T, s scene, _ *drill.Drill) {
			s.damage(t, 2, func(content []byte) []byte { content[len(content)-1] ^= 1; return content })
		}},
		"another dump in its place": {"SHA-256", func(t *testing.T, s scene, _ *drill.Drill) {
			s.damage(t, 2, func(content []byte) []byte { return bytes.Repeat([]byte{7}, len(content)) })
		}},
		"an object is gone": {"there is no such object", func(t *testing.T, s scene, _ *drill.Drill) {
			_, err := s.client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.archive.Bucket, Key: &s.backup.Parts[0].Object.Key})
			require.NoError(t, err)
		}},
		"no manifest": {"there is no complete backup", func(t *testing.T, s scene, _ *drill.Drill) {
			key := s.backup.Key()
			_, err := s.client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.archive.Bucket, Key: &key})
			require.NoError(t, err)
		}},
		"manifest is damaged": {"read the manifest", func(t *testing.T, s scene, _ *drill.Drill) {
			keepertest.Overwrite(t, s.client, s.archive.Bucket, s.backup.Key(), func(content []byte) []byte { return content[:100] })
		}},
		"a table is missing": {"database backstage: table public.lost is missing", func(t *testing.T, s scene, _ *drill.Drill) {
			s.rewrite(t, func(m *backup.Manifest) {
				tables := &m.Parts[0].Inventory.Tables
				*tables = append(*tables, m.Parts[2].Inventory.Tables[0])
				(*tables)[0].Schema, (*tables)[0].Name = "public", "lost"
			})
		}},
		"rows differ": {"has 2001 rows, the backup 5", func(t *testing.T, s scene, _ *drill.Drill) {
			s.rewrite(t, func(m *backup.Manifest) { change(m, "plugins").Rows = 5 })
		}},
		"contents differ": {"other contents than the backup", func(t *testing.T, s scene, _ *drill.Drill) {
			s.rewrite(t, func(m *backup.Manifest) { change(m, "plugins").Checksum = "1" })
		}},
		"too old":  {"the newest backup is 1h0m0s old, 59m0s is allowed", func(_ *testing.T, _ scene, d *drill.Drill) { d.MaxAge = 59 * time.Minute }},
		"too slow": {"is allowed; use a larger instance", func(_ *testing.T, _ scene, d *drill.Drill) { d.MaxDuration = time.Nanosecond }},
	}
	tests := map[string]func(*testing.T, scene){}
	for name, c := range cases {
		tests[name] = func(t *testing.T, s scene) {
			d := s.drill()
			c.fault(t, s, &d)
			r, err := d.Run(t.Context())
			require.ErrorIs(t, err, drill.ErrFailed)
			require.False(t, r.Passed)
			require.Contains(t, strings.Join(r.Problems, "\n"), c.want)
			require.Equal(t, r, s.kept(t))
		}
	}
	scenes(t, tests)
}

func change(m *backup.Manifest, table string) *postgres.Table {
	tables := m.Parts[2].Inventory.Tables
	for i := range tables {
		if tables[i].Name == table {
			return &tables[i]
		}
	}
	panic("no table " + table)
}

// What says nothing about the backup is no failed drill.
func TestDrillThatCannotRun(t *testing.T) {
	scenes(t, map[string]func(*testing.T, scene){
		"stopped in the middle": func(t *testing.T, s scene) {
			ctx, cancel := context.WithCancel(t.Context())
			d := s.drill()
			d.Random = readerFunc(func(p []byte) (int, error) { // asked for as restoring begins
				time.AfterFunc(50*time.Millisecond, cancel)
				return io.ReadFull(rand.Reader, p)
			})
			d.MaxDuration = 0
			_, err := d.Run(ctx)
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, drill.ErrFailed)
		},
		"no server": func(t *testing.T, s scene) {
			d := s.drill()
			d.Scratch.Port = "1"
			_, err := d.Run(t.Context())
			require.ErrorContains(t, err, "connect to 127.0.0.1:1")
			require.NotErrorIs(t, err, drill.ErrFailed)
		},
		"no bucket": func(t *testing.T, s scene) {
			d := s.drill()
			gone := *s.archive
			gone.Bucket = "there-is-none"
			d.Archive = &gone
			_, err := d.Run(t.Context())
			require.ErrorContains(t, err, "correct the name of the bucket")
			require.NotErrorIs(t, err, drill.ErrFailed)
		},
		"may not make databases": func(t *testing.T, s scene) {
			d := s.drill()
			d.Scratch = s.As("portal")
			r, err := d.Run(t.Context())
			require.ErrorIs(t, err, drill.ErrFailed)
			require.Contains(t, r.Problems[0], "permission denied to create database")
		},
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
