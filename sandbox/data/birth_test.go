package data_test

import (
	"fmt"
	"io/fs"
	"syscall"
)

// birth tells a folder from another that took its place.
func birth(info fs.FileInfo) string {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return fmt.Sprint(stat.Ino)
	}
	return ""
}
