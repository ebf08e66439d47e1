// Package readiness measures the readiness check as a person runs it, on a large
// cluster and a large account, from afar, and on servers that fail. The run is in
// a process of its own, so that its memory, files and goroutines are nobody
// else's. What single checkers find is tested beside them.
package readiness

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks"
	"gatehouse/checks/collect"
	"gatehouse/checks/target"
	"gatehouse/report"
	"gatehouse/report/readiness"
)

// order is what the process that checks is told to do.
type order struct {
	Targets target.Targets
	Limits  collect.Limits
	// CancelBefore cancels the run when so many queries are left; 0 never.
	CancelBefore int
}

// outcome is what it tells.
type outcome struct {
	Run readiness.Run
	// Elapsed is by the clock of the process, without its start.
	Elapsed time.Duration
	// Busy is the time that processors spent on the process: what Elapsed would
	// be on a machine that does nothing else and servers that answer at once.
	Busy time.Duration
	// Peak is the most memory that it held, in bytes; 0 where nobody says.
	Peak int64
	// Leak describes goroutines that the run left, "" for none.
	Leak string
	// Files are those open before and after.
	Before, After int
}

func (o outcome) String() string {
	return fmt.Sprintf("%s, %s of processors, %d MB, %d queries",
		o.Elapsed.Round(10*time.Millisecond), o.Busy.Round(10*time.Millisecond), o.Peak>>20, len(o.Run.Evidence))
}

const ordered = "GATEHOUSE_TEST_READINESS_ORDER"

func TestMain(m *testing.M) {
	text := os.Getenv(ordered)
	if text == "" {
		os.Exit(m.Run())
	}
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(obey(o)); err != nil {
		panic(err)
	}
}

// obey is the whole life of the process that checks.
func obey(o order) outcome {
	items, err := checks.Checklist()
	if err != nil {
		panic(err)
	}
	// The runtime's own files are opened when a network connection first is.
	_ = exec.Command("true").Run()
	warm()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := outcome{Before: files()}
	here := goleak.IgnoreCurrent()
	began := time.Now()
	out.Run = checks.Run(ctx, checks.Options{
		Items: items, Targets: o.Targets, NoPolicies: "not measured here", FailOn: report.High, Limits: o.Limits, Now: time.Now,
		Progress: func(done, all int) {
			if o.CancelBefore > 0 && all-done == o.CancelBefore {
				cancel()
			}
		},
	})
	out.Elapsed, out.Busy, out.Peak = time.Since(began), busy(), peak()
	if err := goleak.Find(here); err != nil {
		out.Leak = err.Error()
	}
	out.After = files()
	for i := range out.Run.Evidence {
		out.Run.Evidence[i].Content = nil // megabytes that nobody asks for
	}
	return out
}

// check runs a check in a process of its own.
func check(t testing.TB, o order) outcome {
	t.Helper()
	text, err := json.Marshal(o)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), ordered+"="+string(text))
	cmd.Stderr = os.Stderr
	answer, err := cmd.Output()
	require.NoError(t, err)
	var out outcome
	require.NoError(t, json.Unmarshal(answer, &out))
	return out
}

// problems counts the problems of a source's evidence by their kind.
func (o outcome) problems(source string) map[string]int {
	kinds := map[string]int{}
	for _, e := range o.Run.Evidence {
		for _, p := range e.Problems {
			if e.Source == source {
				kinds[p.Kind]++
			}
		}
	}
	return kinds
}

// whole counts the queries of a source that were answered without a problem.
func (o outcome) whole(source string) int {
	count := 0
	for _, e := range o.Run.Evidence {
		if e.Source == source && e.Complete {
			count++
		}
	}
	return count
}

// slowest is the query of a source that took longest.
func (o outcome) slowest(source string) (string, time.Duration) {
	name, most := "", 0.0
	for _, e := range o.Run.Evidence {
		if e.Source == source && e.Seconds > most {
			name, most = e.ID, e.Seconds
		}
	}
	return name, time.Duration(most * float64(time.Second))
}

// files counts the open files of this process; 0 where nobody says.
func files() int {
	open, _ := os.ReadDir("/proc/self/fd")
	return len(open)
}

// busy is the processors' time of this process.
func busy() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peak reads the most memory that this process has held. Not what wait(2) says:
// that counts the process that started it, too.
func peak() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
			kilobytes, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}
