package data

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leftoverLimit is how long the processes of a killed server may take to end.
const leftoverLimit = 10 * time.Second

// awaitDetached waits until no process uses the shared memory of a cluster: that
// of a server which was killed ends a moment later, and PostgreSQL refuses to
// start before. Systems without /proc/sysvipc leave that to PostgreSQL.
func awaitDetached(ctx context.Context, cluster string) error {
	ctx, cancel := context.WithTimeout(ctx, leftoverLimit)
	defer cancel()
	for attached(cluster) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("another PostgreSQL uses %s: %w; stop it", cluster, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// attached says whether a process uses the segment that postmaster.pid names in
// its seventh line, as key and ID.
func attached(cluster string) bool {
	text, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 7 {
		return false
	}
	named := strings.Fields(lines[6])
	segments, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil || len(named) != 2 {
		return false
	}
	for line := range strings.Lines(string(segments)) {
		// key shmid perms size cpid lpid nattch …
		fields := strings.Fields(line)
		if len(fields) > 6 && fields[0] == named[0] && fields[1] == named[1] {
			return fields[6] != "0"
		}
	}
	return false
}
