//go:build !linux

package run

import "syscall"

// attributes cannot have a process end with this one here: a killed node leaves its
// processes.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
