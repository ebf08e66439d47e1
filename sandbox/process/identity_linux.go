package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// startTime reads the boot's ID and the start of the process in clock ticks
// since boot (field 22 of proc_pid_stat(5)). A zombie has ended, unless some of
// its threads are still ending: they hold its ports.
func startTime(pid int) (string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The second field is the program's name in brackets, which may itself hold
	// blanks and brackets. What follows the last bracket starts at field 3.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 {
		return "", fmt.Errorf("read /proc/%d/stat: %d fields after the name, want 20 or more", pid, len(fields))
	}
	if threads := fields[17]; fields[0] == "X" || fields[0] == "Z" && (threads == "0" || threads == "1") {
		return "", errEnded
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(boot)) + "/" + fields[19], nil
}

// Args returns the command line of the process, or nil when it is not alive.
func (i Identity) Args() []string {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", i.PID))
	if err != nil || !i.Alive() {
		return nil
	}
	return strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")
}

// Parent is the process that started this one, or that took it over; 0 when it
// is not alive.
func (i Identity) Parent() int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", i.PID))
	if err != nil || !i.Alive() {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}

// Marked returns the processes of this user whose environment held entry, as
// KEY=VALUE, when they started. On systems without /proc it finds none.
func Marked(entry string) []Identity {
	var found []Identity
	folders, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range folders {
		environ, err := os.ReadFile(path) // others' are not readable
		if err != nil || !slices.Contains(strings.Split(string(environ), "\x00"), entry) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil || pid == os.Getpid() {
			continue
		}
		if started, err := startTime(pid); err == nil {
			found = append(found, Identity{PID: pid, Started: started})
		}
	}
	return found
}
