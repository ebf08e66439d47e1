package input

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// file is one file of manifests.
type file struct {
	// name is as the user gave it, with slashes.
	name string
	data []byte
}

// stdinName stands for standard input in places.
const stdinName = "standard input"

// readFiles reads all files that paths name, in order, each once.
func readFiles(ctx context.Context, paths []string, stdin io.Reader, limit limits) ([]*file, error) {
	var files []*file
	left := limit.total
	read := func(name string, from io.Reader) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		data, err := readCapped(from, limit, left)
		if err != nil {
			return in(name, err)
		}
		left -= int64(len(data))
		files = append(files, &file{name: name, data: data})
		return nil
	}
	for _, path := range paths {
		if path == "-" {
			if err := read(stdinName, stdin); err != nil {
				return nil, err
			}
			continue
		}
		names, err := list(path)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			f, err := os.Open(name)
			if err != nil {
				return nil, fmt.Errorf("read manifests: %w", err)
			}
			err = errors.Join(read(filepath.ToSlash(name), f), f.Close())
			if err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// readCapped reads a whole file, unless it is too large or no text.
func readCapped(r io.Reader, limit limits, left int64) ([]byte, error) {
	size := min(limit.file, left)
	var data []byte
	err := errTooLarge
	if sizeOf(r) <= size {
		data, err = io.ReadAll(&capped{r, size})
	}
	switch {
	case errors.Is(err, errTooLarge) && size < limit.file:
		return nil, fmt.Errorf("the manifests are larger than %s in all: judge them in parts", mebibytes(limit.total))
	case errors.Is(err, errTooLarge):
		return nil, fmt.Errorf("the file is larger than %s: split it", mebibytes(limit.file))
	case err != nil:
		return nil, err
	}
	data = bytes.TrimPrefix(data, utf8BOM)
	if err := encoded(data[:min(len(data), 4)]); err != nil {
		return nil, err
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return nil, at(lineOf(data, i), "a NUL byte is in it: this is a binary file, leave it out")
	}
	if !utf8.Valid(data) {
		return nil, at(lineOf(data, invalid(data)), "this is not UTF-8: save the file as UTF-8")
	}
	return data, nil
}

// sizeOf is the size of a regular file, 0 when nobody knows.
func sizeOf(r io.Reader) int64 {
	if f, is := r.(interface{ Stat() (fs.FileInfo, error) }); is {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// invalid is the index of the first byte that is not UTF-8.
func invalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

func lineOf(data []byte, index int) int {
	return bytes.Count(data[:index], []byte{'\n'}) + 1
}

// list names the files of a path: itself, or the manifests of a folder.
func list(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	f := folder{seen: map[string]bool{}}
	if err := f.walk(filepath.Clean(path)); err != nil {
		return nil, err
	}
	if len(f.names) == 0 {
		return nil, fmt.Errorf("read %s: there is no *.yaml, *.yml or *.json in the folder", path)
	}
	return f.names, nil
}

// folder gathers the manifests of a folder. It follows links, and reads what is
// reached in several ways once.
type folder struct {
	names []string
	// seen holds the real paths.
	seen map[string]bool
}

func (f *folder) walk(dir string) error {
	if again, err := f.again(dir); err != nil || again {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read manifests: %w", err)
	}
	for _, entry := range entries {
		if err := unrendered(dir, entry.Name()); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		name := filepath.Join(dir, entry.Name())
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		info, err := os.Stat(name)
		manifest := slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name)))
		switch {
		case errors.Is(err, fs.ErrNotExist) && !manifest:
			continue // a dangling link to something else
		case err != nil:
			return fmt.Errorf("read manifests: %w", err)
		case info.IsDir():
			if err := f.walk(name); err != nil {
				return err
			}
		case manifest && info.Mode().IsRegular():
			again, err := f.again(name)
			if err != nil {
				return err
			}
			if !again {
				f.names = append(f.names, name)
			}
		}
	}
	return nil
}

func (f *folder) again(name string) (bool, error) {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return false, fmt.Errorf("read manifests: %w", err)
	}
	again := f.seen[path]
	f.seen[path] = true
	return again, nil
}

// unrendered refuses a folder whose files are not what would be applied.
func unrendered(dir, name string) error {
	switch name {
	case "Chart.yaml":
		return fmt.Errorf("read %s: this is a Helm chart: render it (helm template %s) and pass what comes out, - for a pipe", dir, dir)
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return fmt.Errorf("read %s: this is a kustomization: render it (kubectl kustomize %s) and pass what comes out, - for a pipe", dir, dir)
	}
	return nil
}
