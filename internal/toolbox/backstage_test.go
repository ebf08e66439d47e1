package toolbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/toolbox/backstage"
)

// smallBackstage is a project whose Backstage has no package at all.
func smallBackstage(t *testing.T) (project, folder string) {
	t.Helper()
	project = t.TempDir()
	folder = filepath.Join(project, filepath.FromSlash(backstage.Folder))
	require.NoError(t, os.MkdirAll(folder, 0o700))
	for _, name := range backstage.Files() {
		write(t, filepath.Join(folder, name), "{}")
	}
	write(t, filepath.Join(folder, "package.json"), `{"name":"small","version":"1.0.0","scripts":{"postinstall":"touch ran"}}`)
	write(t, filepath.Join(folder, "package-lock.json"), `{"name":"small","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"small","version":"1.0.0"}}}`)
	return project, folder
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestBackstageIsInstalledOnceByContent(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not on PATH")
	}
	ownCache(t)
	project, source := smallBackstage(t)
	_, err := FindBackstage(project)
	require.ErrorIs(t, err, ErrNoBackstage)

	var said []string
	note := func(line string) { said = append(said, line) }
	folder, err := Backstage(t.Context(), project, note)
	require.NoError(t, err)
	require.Len(t, said, 2)
	require.FileExists(t, filepath.Join(folder, "index.js"))
	require.NoFileExists(t, filepath.Join(folder, "ran"), "scripts are not run")
	found, err := FindBackstage(project)
	require.NoError(t, err)
	require.Equal(t, folder, found)

	again, err := Backstage(t.Context(), project, note)
	require.NoError(t, err)
	require.Equal(t, folder, again)
	require.Len(t, said, 2, "nothing to do, nothing to say")

	write(t, filepath.Join(source, "index.js"), "another")
	_, err = FindBackstage(project)
	require.ErrorIs(t, err, ErrNoBackstage, "another content is another installation")
}

func TestBackstageThatCannotBeInstalled(t *testing.T) {
	ownCache(t)
	project, source := smallBackstage(t)

	t.Run("no node", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := Backstage(t.Context(), project, nil)
		require.ErrorContains(t, err, "node is not on PATH")
	})
	t.Run("not the project's folder", func(t *testing.T) {
		_, err := Backstage(t.Context(), t.TempDir(), nil)
		require.ErrorContains(t, err, "project's folder")
		_, err = FindBackstage(t.TempDir())
		require.ErrorIs(t, err, ErrNoBackstage, "where its sources are not, it is not either")
	})
	t.Run("npm fails and is tried again", func(t *testing.T) {
		if _, err := exec.LookPath("npm"); err != nil {
			t.Skip("npm is not on PATH")
		}
		write(t, filepath.Join(source, "package.json"), "{")
		_, err := Backstage(t.Context(), project, nil)
		require.ErrorContains(t, err, "npm ci")
		require.ErrorContains(t, err, "JSON", "what npm says")
		_, err = FindBackstage(project)
		require.ErrorIs(t, err, ErrNoBackstage, "nothing half is found")
		_, err = Backstage(t.Context(), project, nil)
		require.ErrorContains(t, err, "npm ci", "what the first left is no hindrance")
	})
}

// What is committed must install anywhere: npm puts the configured registry in the
// place of the public one, and of no other.
func TestTheLockFileNamesOnlyThePublicRegistry(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(backstage.Folder), "package-lock.json"))
	require.NoError(t, err)
	resolved := 0
	for line := range strings.Lines(string(text)) {
		if _, url, found := strings.Cut(line, `"resolved": "`); found {
			resolved++
			require.True(t, strings.HasPrefix(url, "https://registry.npmjs.org/"), line)
		}
	}
	require.Greater(t, resolved, 800)
}
