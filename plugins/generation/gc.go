package generation

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
)

// Retention is what a collection of garbage leaves.
type Retention struct {
	// Keep is how many of the newest generations stay, at least 1.
	Keep int
	// Running are the generations that pods have mounted.
	Running []ID
	// Grace is how long everything stays after it was made or last asked for. It must
	// be longer than the longest installation, and is at least a minute.
	Grace time.Duration
}

func (r Retention) check() error {
	switch {
	case r.Keep < 1:
		return fmt.Errorf("keep %d generations: want at least 1", r.Keep)
	case r.Grace < time.Minute:
		return fmt.Errorf("a grace time of %v: want at least a minute, and more than an installation takes", r.Grace)
	}
	for _, id := range r.Running {
		if _, err := ParseID(string(id)); err != nil {
			return fmt.Errorf("a running generation: %w", err)
		}
	}
	return nil
}

// Garbage is what was removed.
type Garbage struct {
	Generations []ID `json:"generations"`
	// Entries are folders of the store.
	Entries []string `json:"entries"`
	// Leftovers are those of crashes, and damaged folders that were moved aside.
	Leftovers []string `json:"leftovers"`
}

// GC removes generations that are neither current nor the last good one, nor running,
// nor among the newest, nor young; then the staged plugins that no generation has,
// and what crashes have left. Each vanishes at once and whole, so that GC may be ended
// at any moment. It returns what it has removed, also along with an error. When it
// cannot tell what is in use, it removes nothing.
func (c *Collection) GC(ctx context.Context, keep Retention) (g Garbage, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("collect garbage: %w", err)
		}
	}()
	if err := keep.check(); err != nil {
		return g, err
	}
	before := c.volume.Now().Add(-keep.Grace)
	all, err := c.IDs()
	if err != nil {
		return g, err
	}
	newest := all[max(0, len(all)-keep.Keep):]
	var left []ID
	for _, id := range all {
		gone := false
		if !slices.Contains(newest, id) && !slices.Contains(keep.Running, id) {
			if gone, err = c.collect(ctx, id, before); err != nil {
				return g, err
			}
		}
		if gone {
			g.Generations = append(g.Generations, id)
		} else {
			left = append(left, id)
		}
	}
	if g.Entries, err = c.entries(ctx, left, before); err != nil {
		return g, err
	}
	if err := c.revisions(before); err != nil {
		return g, err
	}
	g.Leftovers, err = c.volume.Sweep(ctx, before)
	return g, err
}

// collect removes one generation unless the state or its age forbids it. Both are
// read as late as can be.
func (c *Collection) collect(ctx context.Context, id ID, before time.Time) (gone bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s, err := c.State()
	if err != nil {
		return false, err
	}
	if id == s.Current() || id == s.LastGood() {
		return false, nil
	}
	info, err := c.volume.Root().Lstat(id.path())
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil // another collection of garbage
	}
	if err != nil {
		return false, volume.Explain("look at generation "+string(id), err)
	}
	if !info.ModTime().Before(before) {
		return false, nil
	}
	return true, c.volume.Remove(id.path())
}

// entries removes the staged plugins that no generation has. A generation whose list
// cannot be read may have any of them: all stay then.
func (c *Collection) entries(ctx context.Context, left []ID, before time.Time) (gone []string, err error) {
	used := map[string]bool{}
	for _, id := range left {
		g, err := c.Get(id)
		var damaged *DamagedError
		if errors.As(err, &damaged) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, m := range g.Plugins {
			used[store.FolderOf(m.Ref, m.Integrity)] = true
		}
	}
	listed, err := c.store.List()
	if err != nil {
		return nil, err
	}
	for _, entry := range listed {
		if err := ctx.Err(); err != nil {
			return gone, err
		}
		if used[entry.Folder] || !entry.Used.Before(before) {
			continue
		}
		if err := c.store.Remove(entry.Folder); err != nil {
			return gone, err
		}
		gone = append(gone, entry.Folder)
	}
	return gone, nil
}

// revisions removes the states before that of the file current. From there on all stay:
// the state is found by going on from that file, and without the newest, a change that
// began long ago could take its name.
func (c *Collection) revisions(before time.Time) error {
	s, err := c.load(currentName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(c.volume.Root().FS(), states)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return volume.Explain("list the states", err)
	}
	for _, entry := range entries {
		number, err := strconv.Atoi(strings.TrimSuffix(entry.Name(), ".json"))
		if err != nil || number >= s.Revision {
			continue
		}
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := c.volume.Remove(path.Join(states, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
