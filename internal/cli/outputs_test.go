package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func says(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestOutputsNameEachFileOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("a", nil, 0o600))
	require.NoError(t, os.Symlink("a", "link"))
	formats := []string{"html", "json"}
	for _, given := range [][]string{{"html=a", "json=a"}, {"html=a", "json=./a"}, {"html=a", "json=link"}, {"html=new", "json=x/../new"}} {
		_, err := parseOutputs(given, formats)
		require.ErrorContains(t, err, "is named by both html and json", "%v", given)
	}
	for _, given := range [][]string{{"html=a", "json=b"}, {"html=a", "json"}, nil} {
		if given == nil {
			formats = append(formats, "text")
		}
		_, err := parseOutputs(given, formats)
		require.NoError(t, err, "%v", given)
	}
}

func TestOutputIsNoFileThatIsRead(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("run.json", nil, 0o600))
	require.NoError(t, os.Symlink("run.json", "link"))
	for file, refused := range map[string]bool{"run.json": true, "link": true, "other.json": false, "": false} {
		err := spared([]output{{"html", file}}, "run.json")
		require.Equal(t, refused, err != nil, file)
	}
	require.NoError(t, spared([]output{{"html", "run.json"}}, "-"))
}

func TestOutputGoes(t *testing.T) {
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "new", "file"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")

	t.Run("into a folder that is made", func(t *testing.T) {
		require.NoError(t, output{"text", file}.write(io.Discard, says("one")))
		require.Equal(t, "one", content(t, file))
	})
	t.Run("through a link, which stays", func(t *testing.T) {
		require.NoError(t, os.Symlink(file, link))
		require.NoError(t, output{"text", link}.write(io.Discard, says("two")))
		require.Equal(t, "two", content(t, file))
		info, err := os.Lstat(link)
		require.NoError(t, err)
		require.Equal(t, os.ModeSymlink, info.Mode().Type())
	})
	t.Run("into a pipe, which stays", func(t *testing.T) {
		require.NoError(t, syscall.Mkfifo(pipe, 0o600))
		read := make(chan string, 1)
		go func() {
			text, _ := os.ReadFile(pipe)
			read <- string(text)
		}()
		require.NoError(t, output{"text", pipe}.write(io.Discard, says("three")))
		require.Equal(t, "three", <-read)
		info, err := os.Lstat(pipe)
		require.NoError(t, err)
		require.Equal(t, os.ModeNamedPipe, info.Mode().Type())
	})
	t.Run("into no folder", func(t *testing.T) {
		require.ErrorContains(t, output{"text", dir}.write(io.Discard, says("four")), "it is a folder: name a file in it")
		require.ErrorContains(t, output{"text", dir + "/sub/"}.write(io.Discard, says("four")), "it is a folder")
	})
	t.Run("nowhere when rendering fails", func(t *testing.T) {
		broken := func(w io.Writer) error { return errors.Join(says("half")(w), errors.New("broken")) }
		require.ErrorContains(t, output{"text", file}.write(io.Discard, broken), "broken")
		require.Equal(t, "two", content(t, file))
	})
}

func content(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}
