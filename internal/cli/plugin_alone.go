package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// alone does something while no other command of this machine changes the plugins of
// the stack. A second one is refused: what it writes into the file would come along
// with the up of the first, and go unnoticed when its own up fails.
func (c *pluginChange) alone(do func() error) (err error) {
	folder := filepath.Join(c.root, ".gatehouse", c.stack())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("%s: %w", c.what, err)
	}
	lock := flock.New(filepath.Join(folder, "plugins.lock"))
	switch held, err := lock.TryLock(); {
	case err != nil:
		return fmt.Errorf("%s: %w", c.what, err)
	case !held:
		return fmt.Errorf("%s: somebody else changes the plugins of %s just now; try again when that has ended", c.what, c.stack())
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return do()
}
