package generation

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"gatehouse/plugins"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/tree"
)

// Plugin is a staged plugin with its configuration.
type Plugin struct {
	Entry store.Entry
	// Config is its fragment of app-config (YAML), nil for none. It is written as it
	// is: nobody reads it here.
	Config []byte
}

// Extra is a plugin of ours that comes from no registry, such as the probe that
// reports what Backstage has loaded.
type Extra struct {
	plugins.Ref
	// Files are small: they are kept in memory.
	Files fs.FS
}

// plan is everything that a generation will have, before anything is written.
type plan struct {
	Generation
	links  map[string]string // by path in the generation: the path below the volume
	writes map[string][]byte // by path in the generation
}

// draft works out what a generation of these plugins is. It reads only the extras.
func draft(list []Plugin, extras []Extra) (plan, error) {
	p := plan{links: map[string]string{}, writes: map[string][]byte{}}
	p.Plugins, p.Extras = []Member{}, []Member{} // none is [] in JSON, and in the hash
	var files []tree.File
	taken := map[string]plugins.Ref{}
	claim := func(ref plugins.Ref) error {
		if err := ref.Check(); err != nil {
			return err
		}
		if other, there := taken[ref.Name]; there {
			return fmt.Errorf("%s and %s are both in it: Backstage ends on two of one name; keep one", other, ref)
		}
		taken[ref.Name] = ref
		return nil
	}
	for _, plugin := range list {
		e := plugin.Entry
		if err := claim(e.Ref); err != nil {
			return plan{}, err
		}
		m := Member{Ref: e.Ref, Integrity: e.Integrity, Content: e.Content}
		at := path.Join(pluginsName, m.Folder())
		files = append(files, e.Files.Under(at)...)
		for _, f := range e.Files {
			p.links[path.Join(at, f.Path)] = path.Join(e.Package(), f.Path)
		}
		if plugin.Config != nil {
			name := path.Join(configName, m.Folder()+".yaml")
			file := describe(name, plugin.Config)
			p.writes[name], m.Config = plugin.Config, file.SHA256
			files = append(files, file)
		}
		p.Plugins = append(p.Plugins, m)
	}
	for _, extra := range extras {
		if err := claim(extra.Ref); err != nil {
			return plan{}, err
		}
		m := Member{Ref: extra.Ref}
		own, err := p.take(extra, path.Join(pluginsName, m.Folder()))
		if err != nil {
			return plan{}, fmt.Errorf("read the files of %s: %w", extra.Ref, err)
		}
		m.Content = own.Digest()
		files = append(files, own.Under(path.Join(pluginsName, m.Folder()))...)
		p.Extras = append(p.Extras, m)
	}
	slices.SortFunc(p.Plugins, byName)
	slices.SortFunc(p.Extras, byName)
	all, err := tree.New(files...)
	if err != nil {
		return plan{}, err
	}
	p.Files = all
	p.Hash = p.hash()
	return p, nil
}

// take reads an extra plugin's files.
func (p plan) take(extra Extra, at string) (tree.Tree, error) {
	var own []tree.File
	err := fs.WalkDir(extra.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(extra.Files, name)
		if err != nil {
			return err
		}
		p.writes[path.Join(at, name)] = content
		own = append(own, describe(name, content))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tree.New(own...)
}

func describe(name string, content []byte) tree.File {
	sum := sha256.Sum256(content)
	return tree.File{Path: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), Mode: tree.Plain}
}

func byName(a, b Member) int { return cmp.Compare(a.Name, b.Name) }

// hash binds the members and every file. It has no time and no number in it.
func (g Generation) hash() string {
	text, err := json.Marshal([]any{g.Plugins, g.Extras, g.Files.Digest()})
	if err != nil {
		panic(err) // strings only: it cannot fail
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
