//go:build !linux

package data

import (
	"fmt"
	"os"

	"gatehouse/sandbox/process"
)

// handOver runs commands as this user; PostgreSQL refuses root.
func handOver(string) (func(process.Command) process.Command, error) {
	if os.Getuid() == 0 {
		return nil, fmt.Errorf("run PostgreSQL: %w for root; run this as another user", ErrNotInstalled)
	}
	return func(c process.Command) process.Command { return c }, nil
}
