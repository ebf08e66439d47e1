//go:build !linux

package data

import (
	"fmt"
	"os"

	"gatehouse/sandbox/process"
)

// owner is who PostgreSQL and PgBouncer run as: this user.
type owner struct{}

// findOwner returns this user; PostgreSQL refuses root.
func findOwner() (owner, error) {
	if os.Getuid() == 0 {
		return owner{}, fmt.Errorf("run PostgreSQL: %w for root; run this as another user", ErrNotInstalled)
	}
	return owner{}, nil
}

func (owner) give(...string) error { return nil }

func (owner) run(c process.Command, _ ...string) process.Command { return c }

func (owner) runInside(c process.Command) process.Command { return c }
