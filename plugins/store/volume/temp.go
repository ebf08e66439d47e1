package volume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"syscall"
	"time"
)

// Made is the time that every file has: the one that `npm pack` gives. Times say
// nothing of what is in a package, and would make copies differ.
var Made = time.Date(1985, 10, 26, 8, 15, 0, 0, time.UTC)

// Temp is a folder that nobody sees until it is published.
type Temp struct {
	volume *Volume
	path   string
	dirs   map[string]bool
}

// Temp makes a temporary folder. The label is the beginning of its name, one path
// element of at most 200 bytes. Call [Temp.Discard] at the end, whatever came of it.
func (v *Volume) Temp(label string) (*Temp, error) {
	if err := v.ensure(tmp); err != nil {
		return nil, Explain("make a temporary folder", err)
	}
	name, err := v.number(tmp, label, func(name string) error { return v.root.Mkdir(name, folderMode) })
	if err != nil {
		return nil, Explain("make a temporary folder", err)
	}
	t := &Temp{volume: v, path: name, dirs: map[string]bool{".": true}}
	if err := v.root.Chmod(name, folderMode); err != nil {
		return nil, errors.Join(Explain("make a temporary folder", err), t.Discard())
	}
	return t, nil
}

// number does something to the first of the names LABEL.1, LABEL.2... that is free.
// No random name is needed: whoever is second gets the next.
func (v *Volume) number(folder, label string, do func(name string) error) (string, error) {
	for i := 1; ; i++ {
		name := path.Join(folder, label+"."+strconv.Itoa(i))
		v.step("make " + name)
		if err := do(name); err == nil || !taken(err) {
			return name, err
		}
	}
}

// taken tells that a name is in use: mkdir and link say EEXIST, rename of a folder
// over a full one either.
func taken(err error) bool {
	return errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY)
}

// Path is where it is, below the volume.
func (t *Temp) Path() string { return t.path }

// Folder makes a folder in it and those above.
func (t *Temp) Folder(name string) error {
	if t.dirs[name] {
		return nil
	}
	if err := t.volume.root.MkdirAll(path.Join(t.path, name), folderMode); err != nil {
		return Explain("make the folder "+name, err)
	}
	t.dirs[name] = true
	return nil
}

// Write makes a file in it from a reader, with exactly this mode. An error of the
// reader is returned as it is.
func (t *Temp) Write(name string, mode fs.FileMode, from io.Reader) (err error) {
	if err := t.Folder(path.Dir(name)); err != nil {
		return err
	}
	t.volume.step("write " + path.Join(t.path, name))
	file, err := t.volume.root.OpenFile(path.Join(t.path, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return Explain("write "+name, err)
	}
	defer func() {
		if e := file.Close(); err == nil { // NFS tells only here that there is no space
			err = Explain("write "+name, e)
		}
	}()
	if err := file.Chmod(mode); err != nil { // whatever the umask says
		return Explain("write "+name, err)
	}
	// A hidden ReaderFrom: errors of writing must be told from those of reading.
	in := &reader{r: from}
	if _, err := io.Copy(struct{ io.Writer }{file}, in); err != nil {
		if in.err != nil {
			return in.err
		}
		return Explain("write "+name, err)
	}
	return nil
}

type reader struct {
	r   io.Reader
	err error
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// Link gives a file of the volume a second name in it. Where the volume takes no
// link (EFS: 177 names for one file), it is copied.
func (t *Temp) Link(from, name string, mode fs.FileMode) error {
	if err := t.Folder(path.Dir(name)); err != nil {
		return err
	}
	t.volume.step("link " + path.Join(t.path, name))
	err := t.volume.root.Link(from, path.Join(t.path, name))
	if err == nil {
		return nil
	}
	if !unlinkable(err) {
		return Explain("link "+name, err)
	}
	file, err := t.volume.root.Open(from)
	if err != nil {
		return Explain("copy "+name, err)
	}
	defer file.Close()
	return t.Write(name, mode, file)
}

// unlinkable tells that another name is refused for this file or this volume. EPERM
// is also what Linux says when fs.protected_hardlinks keeps from linking others'
// files.
func unlinkable(err error) bool {
	for _, code := range []error{syscall.EMLINK, syscall.EPERM, syscall.EOPNOTSUPP, syscall.EXDEV} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}

// Publish flushes all of it and renames it to its place. won is false when somebody
// else was there first; what they have put there is for the caller to look at.
func (t *Temp) Publish(ctx context.Context, place string) (won bool, err error) {
	v := t.volume
	if err := t.settle(ctx); err != nil {
		return false, Explain("flush "+place, err)
	}
	if err := v.ensure(path.Dir(place)); err != nil {
		return false, Explain("publish "+place, err)
	}
	if err := v.Touch(t.path); err != nil {
		return false, err
	}
	v.step("rename " + place)
	if err := v.root.Rename(t.path, place); taken(err) {
		return false, nil
	} else if err != nil {
		return false, Explain("publish "+place, err)
	}
	v.step("flush the folder of " + place)
	for _, folder := range []string{path.Dir(place), tmp} {
		if err := v.sync(folder); err != nil {
			return true, Explain("publish "+place, err)
		}
	}
	return true, nil
}

// Discard deletes what was not published.
func (t *Temp) Discard() error {
	t.volume.step("delete " + t.path)
	if err := t.volume.root.RemoveAll(t.path); err != nil {
		return Explain("delete "+t.path, fmt.Errorf("%w (the next collection of garbage deletes it)", err))
	}
	return nil
}
