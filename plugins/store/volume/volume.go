// Package volume changes the shared volume so that a crash at any moment leaves
// either nothing or the whole: everything is made in a temporary folder, flushed to
// the disk, and renamed to its place.
//
// It uses only what NFS (EFS) does atomically: mkdir, link and rename. It locks
// nothing. What the folders and files mean is plugins/store's and
// plugins/generation's.
package volume

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"
)

// Folders of the volume that this package uses itself.
const (
	// tmp has what is being made, and what is being deleted.
	tmp = "tmp"
	// damaged has what was found damaged, for people to look at, until [Volume.Sweep].
	damaged = "damaged"
)

// folderMode lets every pod read, and the owner write.
const folderMode = 0o755

// Options are a volume's connections to the world.
type Options struct {
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Step is called before every change of the disk with what comes next, such as
	// "rename store/..."; nil is nobody. Tests end the process there.
	Step func(step string)
}

// Volume is a mounted folder. Make it with [Open]. It may be used by many goroutines,
// and the folder by many processes.
type Volume struct {
	root *os.Root
	now  func() time.Time
	step func(string)
}

// Open takes the folder that a volume is mounted at; it must exist. Nothing is
// written, so that a volume that is mounted for reading can be looked at.
func Open(folder string, o Options) (*Volume, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, Explain("open the volume", err)
	}
	v := &Volume{root: root, now: o.Now, step: o.Step}
	if v.now == nil {
		v.now = time.Now
	}
	if v.step == nil {
		v.step = func(string) {}
	}
	return v, nil
}

// Close frees the folder.
func (v *Volume) Close() error { return v.root.Close() }

// Root is for reading.
func (v *Volume) Root() *os.Root { return v.root }

// Now is the volume's clock.
func (v *Volume) Now() time.Time { return v.now() }

// Touch says that a folder is in use now: its time of change is what [Volume.Sweep]
// and the collection of garbage go by.
func (v *Volume) Touch(folder string) error {
	v.step("touch " + folder)
	now := v.now()
	if err := v.root.Chtimes(folder, now, now); err != nil {
		return Explain("touch "+folder, err)
	}
	return nil
}

// Folders are the names of the folders in a folder, in order; none when it is not
// there.
func (v *Volume) Folders(folder string) ([]string, error) {
	entries, err := fs.ReadDir(v.root.FS(), folder)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, Explain("list "+folder, err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// ensure makes a folder and those above it, and flushes what it has changed.
func (v *Volume) ensure(folder string) error {
	if folder == "." {
		return nil
	}
	if info, err := v.root.Stat(folder); err == nil && info.IsDir() {
		return nil
	}
	if err := v.ensure(path.Dir(folder)); err != nil {
		return err
	}
	v.step("make " + folder)
	if err := v.root.Mkdir(folder, folderMode); err != nil && !os.IsExist(err) {
		return err
	}
	if err := v.root.Chmod(folder, folderMode); err != nil { // whatever the umask says
		return err
	}
	return v.sync(path.Dir(folder))
}

// sync flushes a file or a folder.
func (v *Volume) sync(name string) error {
	f, err := v.root.Open(name)
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("flush %s: %w", name, err)
	}
	return nil
}
