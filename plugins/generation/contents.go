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
	// Room is who loads it; "" is the portal.
	Room Room
	// Config is its fragment of app-config (YAML), nil for none. Only who loads it
	// gets it.
	Config []byte
}

// Extra is a plugin of ours that comes from no registry, such as the probe that
// reports what Backstage has loaded.
type Extra struct {
	plugins.Ref
	// Files are small: they are kept in memory.
	Files fs.FS
	// Config is a fragment of app-config (YAML) for the portal alone, nil for none:
	// it is in both rooms.
	Config []byte
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
		if plugin.Room.name() != string(Portal) {
			m.Room = plugin.Room
		}
		at := path.Join(m.Room.name(), m.Folder())
		files = append(files, e.Files.Under(at)...)
		for _, f := range e.Files {
			p.links[path.Join(at, f.Path)] = path.Join(e.Package(), f.Path)
		}
		if plugin.Config != nil {
			m.Config = describe("", plugin.Config).SHA256
		}
		p.Plugins = append(p.Plugins, m)
	}
	configs, err := p.configure(list, extras)
	if err != nil {
		return plan{}, err
	}
	files = append(files, configs...)
	for _, extra := range extras {
		if err := claim(extra.Ref); err != nil {
			return plan{}, err
		}
		m := Member{Ref: extra.Ref}
		for _, room := range rooms {
			at := path.Join(room.name(), m.Folder())
			own, err := p.take(extra, at)
			if err != nil {
				return plan{}, fmt.Errorf("read the files of %s: %w", extra.Ref, err)
			}
			m.Content = own.Digest()
			files = append(files, own.Under(at)...)
		}
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

// configure puts the fragments of each room together, in the order of names.
func (p plan) configure(list []Plugin, extras []Extra) ([]tree.File, error) {
	list = slices.SortedFunc(slices.Values(list), func(a, b Plugin) int { return cmp.Compare(a.Entry.Name, b.Entry.Name) })
	var files []tree.File
	for _, room := range rooms {
		config := newAppConfig()
		for _, plugin := range list {
			if plugin.Room.name() != room.name() {
				continue
			}
			if err := config.add(plugin.Entry.Name, plugin.Config); err != nil {
				return nil, err
			}
		}
		for _, extra := range extras {
			if room != Portal {
				continue
			}
			if err := config.addOwn(extra.Name, extra.Config); err != nil {
				return nil, err
			}
		}
		content, err := config.file()
		if err != nil {
			return nil, err
		}
		p.writes[room.config()] = content
		files = append(files, describe(room.config(), content))
	}
	return files, nil
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
