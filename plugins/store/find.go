package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
)

// maxEntry is the most bytes of an entry.json: some 250 for each of a package's
// files, of which plugins/tarball allows 50,000 by default.
const maxEntry = 64 << 20

// Find reads a staged plugin and hashes all of it again. [ErrAbsent] says that it is
// not there, a [*DamagedError] that it is not as it was staged; any other error that
// it could not be read. Nothing is written.
func (s *Store) Find(ctx context.Context, spec Spec) (Entry, error) {
	if err := spec.check(); err != nil {
		return Entry{}, err
	}
	entry, _, err := s.find(ctx, spec)
	return entry, err
}

func (spec Spec) check() error {
	if err := spec.Ref.Check(); err != nil {
		return fmt.Errorf("find a plugin in the store: %w", err)
	}
	if spec.Integrity.IsZero() {
		return fmt.Errorf("find %s in the store: no integrity is given: want that of the registry's manifest (dist.integrity)", spec.Ref)
	}
	return nil
}

// find also gives the folder as it was before it was read, so that nothing else is
// taken for it later.
func (s *Store) find(ctx context.Context, spec Spec) (Entry, fs.FileInfo, error) {
	at := path.Join(folder, FolderOf(spec.Ref, spec.Integrity))
	info, err := s.volume.Root().Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return Entry{}, nil, fmt.Errorf("find %s in the store: %w", spec.Ref, ErrAbsent)
	}
	if err != nil {
		return Entry{}, nil, volume.Explain("find "+spec.Ref.String()+" in the store", err)
	}
	if !info.IsDir() {
		return Entry{}, info, &DamagedError{Ref: spec.Ref, Folder: at, Differences: []tree.Difference{{Path: ".", Kind: tree.Changed, Detail: "it is no folder"}}}
	}
	got, err := tree.Scan(ctx, s.volume.Root(), at)
	if err != nil {
		return Entry{}, nil, volume.Explain("find "+spec.Ref.String()+" in the store", err)
	}
	entry, problem, err := s.read(at)
	if err != nil {
		return Entry{}, nil, volume.Explain("find "+spec.Ref.String()+" in the store", err)
	}
	if problem == "" && (entry.Ref != spec.Ref || entry.Integrity != spec.Integrity) {
		problem = fmt.Sprintf("it is about %s with the integrity %s", entry.Ref, entry.Integrity)
	}
	var found []tree.Difference
	if problem != "" {
		found = []tree.Difference{{Path: entryName, Kind: tree.Changed, Detail: problem}}
	} else {
		found = tree.Compare(entry.Files.Under(packageName), without(got, entryName))
	}
	if len(found) > 0 {
		return Entry{}, info, &DamagedError{Ref: spec.Ref, Folder: at, Differences: found}
	}
	return entry, info, nil
}

// read reads an entry's own list. problem is what is wrong with it; an error means
// that it could not be read.
func (s *Store) read(at string) (entry Entry, problem string, err error) {
	name := path.Join(at, entryName)
	info, err := s.volume.Root().Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Entry{}, "it is not there", nil
	case err != nil:
		return Entry{}, "", err
	case !info.Mode().IsRegular():
		return Entry{}, "it is no file", nil
	}
	file, err := s.volume.Root().Open(name)
	if err != nil {
		return Entry{}, "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxEntry+1))
	if err != nil {
		return Entry{}, "", err
	}
	return parse(text)
}

func parse(text []byte) (entry Entry, problem string, err error) {
	if len(text) > maxEntry {
		return Entry{}, fmt.Sprintf("it has more than %d bytes", maxEntry), nil
	}
	if damage := json.Unmarshal(text, &entry); damage != nil {
		return Entry{}, "it cannot be read: " + damage.Error(), nil //nolint:nilerr // it is the problem that is told
	}
	files, damage := tree.New(entry.Files...)
	if damage != nil {
		return Entry{}, damage.Error(), nil //nolint:nilerr // it is the problem that is told
	}
	if entry.Files = files; files.Digest() != entry.Content {
		return Entry{}, "its list of files is not that of its content hash", nil
	}
	return entry, "", nil
}

// without takes one file out of a tree.
func without(t tree.Tree, name string) tree.Tree {
	var rest tree.Tree
	for _, f := range t {
		if f.Path != name {
			rest = append(rest, f)
		}
	}
	return rest
}
