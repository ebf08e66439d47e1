package database

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
)

// The files of a folder: npm.json says which npm-SHA256.db is the one.
const (
	stateName = "npm.json"
	prefix    = "npm-"
	suffix    = ".db"
	// part ends the names of what is being written.
	part = ".part"
	// abandoned is how old a part is that nobody writes any more.
	abandoned = 24 * time.Hour
	// settled is how old a database is that nobody is just about to name in npm.json.
	settled = time.Hour
)

// keeper keeps databases in a folder.
type keeper struct {
	folder string
	now    func() time.Time
	log    *slog.Logger
}

// state is what a folder knows of its source.
type state struct {
	// Source is whose it is: another's is not used.
	Source string `json:"source"`
	Tag    Tag    `json:"tag"`
	// Asked is when the source had it for certain.
	Asked time.Time `json:"asked"`
	// Name is the database's file. Before is the one before it: it stays, since
	// somebody may be reading it, and a file that NFS removes is gone for readers.
	Name   string `json:"name"`
	Before string `json:"before,omitempty"`
}

// last is the state of a source; the zero state when there is none.
func (k keeper) last(source string) state {
	none := state{Source: source}
	content, err := os.ReadFile(filepath.Join(k.folder, stateName))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			k.log.Warn("the state of the advisories cannot be read", "error", err)
		}
		return none
	}
	var s state
	if err := json.Unmarshal(content, &s); err != nil || s.Name != filepath.Base(s.Name) || s.Before != "" && s.Before != filepath.Base(s.Before) {
		k.log.Warn("the state of the advisories is damaged", "error", err)
		return none
	}
	if s.Source != source {
		return none
	}
	return s
}

func (k keeper) open(s state) (*Fetched, error) {
	if s.Name == "" {
		return nil, fs.ErrNotExist
	}
	file, err := os.Open(filepath.Join(k.folder, s.Name))
	if err != nil {
		return nil, err
	}
	f := &Fetched{Path: file.Name(), file: file}
	info, err := file.Stat()
	if err == nil {
		f.Database, err = Open(file, info.Size())
	}
	if err == nil && s.Name != prefix+f.summary.SHA256+suffix {
		err = fmt.Errorf("%w: it has the name of another", ErrDamaged)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return f, nil
}

// keep builds a database, gives it its name, and then says that it is the one.
func (k keeper) keep(ctx context.Context, o Options, files fs.FS, last, now state) (state, error) {
	to, err := os.CreateTemp(k.folder, prefix+"*"+part)
	if err != nil {
		return state{}, err
	}
	defer func() { _ = os.Remove(to.Name()) }() // gone already when all went well
	defer func() { _ = to.Close() }()
	summary, err := Build(ctx, files, to, o.Scratch, o.Limits)
	if err != nil {
		return state{}, err
	}
	if err := errors.Join(to.Chmod(0o644), to.Sync(), to.Close()); err != nil {
		return state{}, fmt.Errorf("write the database of advisories: %w", err)
	}
	now.Name = prefix + summary.SHA256 + suffix
	if now.Before = last.Name; now.Before == now.Name {
		now.Before = last.Before
	}
	if err := os.Rename(to.Name(), filepath.Join(k.folder, now.Name)); err != nil {
		return state{}, err
	}
	if err := k.write(now); err != nil {
		return state{}, err
	}
	k.sweep(ctx, now)
	return now, nil
}

// write flushes the folder too: by then the database has its name.
func (k keeper) write(s state) error {
	content, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(filepath.Join(k.folder, stateName), content, 0o644, renameio.WithTempDir(k.folder)); err != nil {
		return err
	}
	folder, err := os.Open(k.folder)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// sweep removes other databases, and what crashes have left. To fail costs only
// space.
func (k keeper) sweep(ctx context.Context, now state) {
	entries, err := os.ReadDir(k.folder)
	if err != nil {
		k.log.WarnContext(ctx, "old databases of advisories stay", "error", err)
		return
	}
	for _, entry := range entries {
		name := entry.Name()
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		age := k.now().Sub(info.ModTime())
		half := age > abandoned && (strings.HasPrefix(name, prefix) && strings.HasSuffix(name, part) || strings.HasPrefix(name, "."+stateName))
		other := age > settled && strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) && name != now.Name && name != now.Before
		if !half && !other {
			continue
		}
		if err := os.Remove(filepath.Join(k.folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			k.log.WarnContext(ctx, "an old database of advisories stays", "error", err)
		}
	}
}
