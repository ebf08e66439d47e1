package backup_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/keepertest"
	"gatehouse/keeper/postgres"
)

var now = time.Date(2026, 11, 22, 1, 30, 5, 0, time.UTC)

func TestDatabaseBackupHasTheGuidesLayout(t *testing.T) {
	portal, _ := keepertest.NewPortal(t)
	a, client := keepertest.Bucket(t)
	m := portal.BackUp(t, a, now)
	require.Equal(t, []string{
		"database/2026/11/22/backup_013005-backstage.dump",
		"database/2026/11/22/backup_013005-backstage_plugin_catalog.dump",
		"database/2026/11/22/backup_013005-portal.dump",
		"database/2026/11/22/backup_013005.manifest.json",
	}, keepertest.Keys(t, client, a.Bucket))

	read, err := backup.Latest(t.Context(), a, backup.Database)
	require.NoError(t, err)
	require.Equal(t, m, read)
	require.Equal(t, "15", strings.SplitN(m.ServerVersion, ".", 2)[0])
	require.Contains(t, m.Program, "pg_dump (PostgreSQL) 15")
	require.EqualValues(t, 2001+1000+2, m.Parts[2].Inventory.Rows())
	require.Equal(t, "portal", m.Parts[2].Database.Owner)
	text, err := a.Get(t.Context(), m.Key())
	require.NoError(t, err)
	for _, password := range portal.Passwords {
		require.NotContains(t, string(text), password)
	}

	listed, err := backup.List(t.Context(), a, backup.Database, now.Add(90*time.Minute))
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.True(t, listed[0].Intact, listed[0].Problem)
	require.Equal(t, 1.5, listed[0].AgeHours)
	keepertest.Overwrite(t, client, a.Bucket, m.Parts[0].Object.Key, func(content []byte) []byte { return content[:50] })
	listed, err = backup.List(t.Context(), a, backup.Database, now)
	require.NoError(t, err)
	require.False(t, listed[0].Intact)
	require.Contains(t, listed[0].Problem, "it has 50 bytes")
}

// Whatever goes wrong: no manifest, and so no backup.
func TestFailedBackupsDoNotExist(t *testing.T) {
	portal, stop := keepertest.NewPortal(t)
	programs := t.TempDir()
	script := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\n"+text), 0o755))
	}
	real := filepath.Join(portal.Data.Bin, "pg_dump")
	for name, c := range map[string]struct{ dump, want string }{
		"exits with an error at its end": {real + ` "$@"; case $1 in --version) exit 0;; esac; echo 'no space' >&2; exit 1`, "pg_dump: exit status 1: no space"},
		"is killed in the middle":        {`case $1 in --version) exec ` + real + ` --version;; esac; ` + real + ` "$@" | head -c 2000; kill -KILL $$`, "pg_dump: signal: killed"},
		"says nothing":                   {`case $1 in --version) exec ` + real + ` --version;; esac; exit 3`, "pg_dump: exit status 3"},
	} {
		t.Run(name, func(t *testing.T) {
			a, client := keepertest.Bucket(t)
			script("pg_dump", c.dump)
			k := portal.Keeper(t, a, now)
			k.Programs = postgres.Programs(programs)
			_, err := k.Database(t.Context(), "portal")
			require.ErrorContains(t, err, c.want)
			require.Empty(t, keepertest.Keys(t, client, a.Bucket))
			_, err = backup.Latest(t.Context(), a, backup.Database)
			require.ErrorIs(t, err, backup.ErrNone)
		})
	}
	t.Run("a database fails after another was sent", func(t *testing.T) {
		a, client := keepertest.Bucket(t)
		keepertest.Exec(t, portal.As("portal"), "portal", "ALTER TABLE plugins ENABLE ROW LEVEL SECURITY")
		defer keepertest.Exec(t, portal.As("portal"), "portal", "ALTER TABLE plugins DISABLE ROW LEVEL SECURITY")
		_, err := portal.Keeper(t, a, now).Database(t.Context())
		require.ErrorContains(t, err, `query would be affected by row-level security policy for table "plugins"`)
		require.Equal(t, []string{
			"database/2026/11/22/backup_013005-backstage.dump", "database/2026/11/22/backup_013005-backstage_plugin_catalog.dump",
		}, keepertest.Keys(t, client, a.Bucket))
		_, err = backup.Latest(t.Context(), a, backup.Database)
		require.ErrorIs(t, err, backup.ErrNone)
	})
	t.Run("an unknown database", func(t *testing.T) {
		a, _ := keepertest.Bucket(t)
		_, err := portal.Keeper(t, a, now).Database(t.Context(), "portall")
		require.ErrorContains(t, err, "find database portall")
	})
	t.Run("the server is gone", func(t *testing.T) {
		a, _ := keepertest.Bucket(t)
		stop()
		_, err := portal.Keeper(t, a, now).Database(t.Context())
		require.ErrorContains(t, err, "connect to 127.0.0.1:")
	})
}

// Two runs of one second write the same keys: one of them is a backup, the
// other fails and leaves it whole.
func TestTwoBackupsAtOnce(t *testing.T) {
	portal, _ := keepertest.NewPortal(t)
	a, _ := keepertest.Bucket(t)
	var group sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		group.Go(func() { _, errs[i] = portal.Keeper(t, a, now).Database(t.Context(), "portal") })
	}
	group.Wait()
	require.Error(t, errors.Join(errs...))
	listed, err := backup.List(t.Context(), a, backup.Database, now)
	require.NoError(t, err)
	if errs[0] == nil || errs[1] == nil {
		require.Len(t, listed, 1)
		require.True(t, listed[0].Intact, listed[0].Problem)
	}
}

func TestBaseBackupIsWhole(t *testing.T) {
	portal, _ := keepertest.NewPortal(t)
	a, client := keepertest.Bucket(t)
	k := portal.Keeper(t, a, now)
	_, err := k.BaseBackup(t.Context())
	require.ErrorContains(t, err, "pg_basebackup", "the login of dumps may not")
	require.Empty(t, keepertest.Keys(t, client, a.Bucket))

	k.Server = keepertest.Superuser(portal.Data)
	m, err := k.BaseBackup(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{
		"basebackup/2026/11/22/basebackup_013005.manifest.json", "basebackup/2026/11/22/basebackup_013005.tar.gz",
	}, keepertest.Keys(t, client, a.Bucket))
	content, err := a.Open(t.Context(), m.Parts[0].Object)
	require.NoError(t, err)
	defer content.Close()
	folder := t.TempDir()
	untar := exec.Command("tar", "-xzC", folder)
	untar.Stdin = content
	out, err := untar.CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command(filepath.Join(portal.Data.Bin, "pg_verifybackup"), folder).CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestConfigurationBackup(t *testing.T) {
	a, client := keepertest.Bucket(t)
	k := backup.Keeper{Archive: a, Now: func() time.Time { return now }, Version: "test", Log: keepertest.Log(t)}
	m, err := k.Configuration(t.Context(), "https://cluster", []byte("zipped"), []backup.Secret{{Namespace: "n", Name: "s", Keys: []string{"k"}}})
	require.NoError(t, err)
	require.Equal(t, []string{"configs/2026/11/22/configs_013005.manifest.json", "configs/2026/11/22/configs_013005.yaml.gz"}, keepertest.Keys(t, client, a.Bucket))
	read, err := backup.Latest(t.Context(), a, backup.Configuration)
	require.NoError(t, err)
	require.Equal(t, m, read)
}

// The bucket encrypts with another key than it should: that is no backup.
func TestWrongEncryptionIsNoBackup(t *testing.T) {
	a, client := keepertest.Bucket(t)
	k := backup.Keeper{Archive: a, Now: func() time.Time { return now }, Log: keepertest.Log(t)}
	object, err := a.Put(t.Context(), "configs/2026/11/22/x", []byte("x"))
	require.NoError(t, err)
	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &a.Bucket, Key: &object.Key, Body: bytes.NewReader([]byte("x")), ServerSideEncryption: types.ServerSideEncryptionAes256,
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	require.NoError(t, err)
	require.ErrorContains(t, k.Archive.Check(t.Context(), object), "it is encrypted with AES256")
}

func TestManifestsAreReadStrictly(t *testing.T) {
	good := backup.Manifest{Format: backup.Format, Kind: backup.Configuration, Started: now, Parts: []backup.Part{{}}}
	good.Parts[0].Object.Key, good.Parts[0].Object.SHA256 = "configs/x", "00"
	text := func(change func(*backup.Manifest)) string {
		m := good
		m.Parts = append([]backup.Part(nil), good.Parts...)
		change(&m)
		text, err := json.Marshal(m)
		require.NoError(t, err)
		return string(text)
	}
	for name, c := range map[string]struct{ text, want string }{
		"good":         {text(func(*backup.Manifest) {}), ""},
		"cut off":      {text(func(*backup.Manifest) {})[:50], "use another backup"},
		"newer":        {text(func(m *backup.Manifest) { m.Format = 2 }), "it has format 2 and this program knows 1"},
		"unknown key":  {strings.Replace(text(func(*backup.Manifest) {}), `"kind"`, `"sort":1,"kind"`, 1), `unknown field "sort"`},
		"no parts":     {text(func(m *backup.Manifest) { m.Parts = nil }), "names no objects"},
		"no checksum":  {text(func(m *backup.Manifest) { m.Parts[0].Object.SHA256 = "" }), "is not complete"},
		"no inventory": {text(func(m *backup.Manifest) { m.Kind = backup.Database }), "is not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := backup.ParseManifest([]byte(c.text))
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		})
	}
	require.Equal(t, "configs/2026/11/22/configs_013005.manifest.json", good.Key())
}
