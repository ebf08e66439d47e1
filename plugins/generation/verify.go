package generation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
)

// maxManifest is the most bytes of a generation.json: that of 50 large plugins.
const maxManifest = 256 << 20

// IDs are the generations that there are, oldest first. Folders with another name are
// not ours and are passed over.
func (c *Collection) IDs() ([]ID, error) {
	names, err := c.volume.Folders(folder)
	if err != nil {
		return nil, err
	}
	var all []ID
	for _, name := range names {
		if id, err := ParseID(name); err == nil {
			all = append(all, id)
		}
	}
	slices.SortFunc(all, func(a, b ID) int {
		return cmp.Or(cmp.Compare(a.Number(), b.Number()), cmp.Compare(a, b))
	})
	return all, nil
}

// Get reads what a generation should have in it. It hashes no file.
func (c *Collection) Get(id ID) (Generation, error) {
	g, problem, err := c.read(id.path(), id)
	if err != nil {
		return Generation{}, fmt.Errorf("read generation %s: %w", id, err)
	}
	if problem != "" {
		return Generation{}, fmt.Errorf("read generation %s: %w", id, &DamagedError{id, []tree.Difference{manifestChanged(problem)}})
	}
	return g, nil
}

// Verify hashes every file of a generation again and names each that is changed,
// missing or too many: none when all is well. An error ([ErrAbsent] is one) means that
// it cannot be told.
func (c *Collection) Verify(ctx context.Context, id ID) ([]tree.Difference, error) {
	found, err := c.check(ctx, id.path(), id)
	if err != nil {
		return nil, fmt.Errorf("verify generation %s: %w", id, err)
	}
	return found, nil
}

func (c *Collection) check(ctx context.Context, at string, id ID) ([]tree.Difference, error) {
	g, problem, err := c.read(at, id)
	if err != nil {
		return nil, err
	}
	if problem != "" { // without a list nothing else can be compared
		return []tree.Difference{manifestChanged(problem)}, nil
	}
	got, err := tree.Scan(ctx, c.volume.Root(), at)
	if err != nil {
		return nil, volume.Explain("read its files", err)
	}
	got = slices.DeleteFunc(got, func(f tree.File) bool {
		empty := f.Mode.IsDir() && slices.Contains(rooms, Room(f.Path))
		return empty || f.Path == manifestName
	})
	return tree.Compare(g.Files, got), nil
}

func manifestChanged(problem string) tree.Difference {
	return tree.Difference{Path: manifestName, Kind: tree.Changed, Detail: problem}
}

// read reads a generation's own list. problem is what is wrong with it; an error means
// that it could not be read.
func (c *Collection) read(at string, id ID) (g Generation, problem string, err error) {
	root := c.volume.Root()
	if info, err := root.Lstat(at); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return Generation{}, "", ErrAbsent
	}
	name := path.Join(at, manifestName)
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Generation{}, "it is not there", nil
	case err != nil:
		return Generation{}, "", volume.Explain("read its list", err)
	case !info.Mode().IsRegular():
		return Generation{}, "it is no file", nil
	}
	file, err := root.Open(name)
	if err != nil {
		return Generation{}, "", volume.Explain("read its list", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxManifest+1))
	if err != nil {
		return Generation{}, "", volume.Explain("read its list", err)
	}
	g, problem = parse(text, id)
	return g, problem, nil
}

func parse(text []byte, id ID) (g Generation, problem string) {
	if len(text) > maxManifest {
		return g, fmt.Sprintf("it has more than %d bytes", maxManifest)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return Generation{}, "it cannot be read: " + err.Error()
	}
	files, err := tree.New(g.Files...)
	if err != nil {
		return Generation{}, err.Error()
	}
	g.ID, g.Files = id, files
	if hash := g.hash(); hash != g.Hash || hash[:32] != id.Short() {
		return Generation{}, "its hash is not that of the generation's name"
	}
	return g, ""
}
