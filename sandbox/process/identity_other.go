//go:build !linux

package process

import (
	"os/exec"
	"strconv"
	"strings"
)

// startTime asks ps(1), for systems without /proc. A zombie has ended.
func startTime(pid int) (string, error) {
	out, err := exec.Command("ps", "-o", "stat=,lstart=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return "", err
	}
	state, started, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if started == "" || strings.HasPrefix(state, "Z") {
		return "", errEnded
	}
	return strings.TrimSpace(started), nil
}

// Args returns the command line of the process, or nil when it is not alive.
func (i Identity) Args() []string {
	out, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(i.PID)).Output()
	if err != nil || !i.Alive() {
		return nil
	}
	return strings.Fields(string(out))
}

// Marked returns the processes whose environment held entry when they started.
// Without /proc it finds none.
func Marked(string) []Identity { return nil }

// Parent is not needed where [Marked] finds nothing.
func (i Identity) Parent() int { return 0 }
