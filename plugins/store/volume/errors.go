package volume

import (
	"errors"
	"fmt"
	"syscall"
)

// Why the volume could not be changed or read. Find them with [errors.Is]. None says
// that a plugin is bad: try again once the volume is in order.
var (
	// ErrFull: no space, no inodes, a quota or a limit on file sizes.
	ErrFull = errors.New("the volume is full: collect garbage or give it more space, then try again")
	// ErrReadOnly: it is mounted for reading.
	ErrReadOnly = errors.New("the volume is read-only: mount it for writing where plugins are staged")
	// ErrDenied: its folders belong to another user.
	ErrDenied = errors.New("the volume denies access: give its folders to the user of this pod (fsGroup, or the EFS access point's user)")
)

// Explain adds what was to be done, and what to do when the volume is at fault. It
// keeps nil nil.
func Explain(do string, err error) error {
	for _, known := range []struct {
		why   error
		codes []error
	}{
		{ErrFull, []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}},
		{ErrReadOnly, []error{syscall.EROFS}},
		{ErrDenied, []error{syscall.EACCES, syscall.EPERM}},
	} {
		for _, code := range known.codes {
			if errors.Is(err, code) && !errors.Is(err, known.why) {
				return fmt.Errorf("%s: %w: %w", do, known.why, err)
			}
		}
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", do, err)
}
