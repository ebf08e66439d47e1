package generation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"gatehouse/plugins/store/tree"
)

// Bootstrap puts what a pod finds that knows of no generation yet into the folder
// of the generations itself: both rooms with nothing but the extras, and an empty
// app-config. A pod names its generation as the folder below; without one, the path
// is that of the folder. What is there already is replaced when it differs.
func (c *Collection) Bootstrap(ctx context.Context, extras []Extra) error {
	p, err := draft(nil, extras)
	if err != nil {
		return fmt.Errorf("prepare the first start: %w", err)
	}
	for _, room := range rooms {
		if err := c.furnish(ctx, p, room); err != nil {
			return fmt.Errorf("prepare the first start: %w", err)
		}
		if err := c.volume.Replace(path.Join(folder, room.config()), p.writes[room.config()]); err != nil {
			return fmt.Errorf("prepare the first start: %w", err)
		}
	}
	return nil
}

// furnish makes one room. A folder cannot be replaced by another in one step on
// NFS, so that the old one is moved aside first; who starts in between finds no
// plugins folder, and starts again.
func (c *Collection) furnish(ctx context.Context, p plan, room Room) (err error) {
	place := path.Join(folder, room.name())
	var want []tree.File
	for _, f := range p.Files {
		if below, is := strings.CutPrefix(f.Path, room.name()+"/"); is {
			f.Path = below
			want = append(want, f)
		}
	}
	all, err := tree.New(want...)
	if err != nil {
		return err
	}
	got, err := tree.Scan(ctx, c.volume.Root(), place)
	there := err == nil
	if there && len(tree.Compare(all, slices.DeleteFunc(got, func(f tree.File) bool { return f.Mode.IsDir() }))) == 0 {
		return nil
	}
	temp, err := c.volume.Temp("bootstrap-" + room.name())
	if err != nil {
		return err
	}
	won := false
	defer func() {
		if !won {
			err = errors.Join(err, temp.Discard())
		}
	}()
	for _, f := range want {
		if err := temp.Write(f.Path, tree.Plain, bytes.NewReader(p.writes[path.Join(room.name(), f.Path)])); err != nil {
			return err
		}
	}
	if info, statErr := c.volume.Root().Lstat(place); statErr == nil {
		if _, err := c.volume.Aside(place, info); err != nil {
			return err
		}
	}
	won, err = temp.Publish(ctx, place)
	return err
}
