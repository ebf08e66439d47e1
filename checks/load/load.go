// Package load runs the portal's load test with k6 and keeps its summary as an
// artefact, which the readiness checks read later.
//
// Whether the figures are good enough is for the judge of that artefact; k6
// itself comes from the toolbox.
package load

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"

	"gatehouse/checks/target"
)

//go:embed portal.js
var script []byte

// SummaryFile is the name of the summary in its folder.
const SummaryFile = "k6-summary.json"

// ErrCrossed means that the test ran to its end and a threshold did not hold.
// The summary says which.
var ErrCrossed = errors.New("a threshold of the load test does not hold")

// Codes with which k6 ends (k6's documentation, "Exit codes").
const thresholdsCrossed = 99

// Options of a test. The zero value means the guide's: 100 virtual users for
// five minutes.
type Options struct {
	// Folder takes the summary; it is made when it is missing.
	Folder string
	// VUs are users at once: 100. Duration is how long: 5 min.
	VUs      int
	Duration time.Duration
	// P95 is what 95 of 100 answers keep within: 500 ms. Failed is the share of
	// requests that may fail: 0.01. Checks is the share of checks that must hold:
	// 0.99.
	P95    time.Duration
	Failed float64
	Checks float64
	// Pause is a user's mean pause between rounds: 1 s.
	Pause time.Duration
	// Output takes what k6 says while it runs; may be nil.
	Output io.Writer
	// Now is the clock.
	Now func() time.Time
}

func (o Options) orDefault() Options {
	set := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	set(&o.Duration, 5*time.Minute)
	set(&o.P95, 500*time.Millisecond)
	set(&o.Pause, time.Second)
	if o.VUs == 0 {
		o.VUs = 100
	}
	if o.Failed == 0 {
		o.Failed = 0.01
	}
	if o.Checks == 0 {
		o.Checks = 0.99
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Provenance is what the summary says of how it came about, under the key
// "gatehouse".
type Provenance struct {
	Started time.Time `json:"started"`
	// Script is the SHA-256 of the test, in hexadecimal.
	Script          string  `json:"script"`
	Portal          string  `json:"portal"`
	API             string  `json:"api"`
	VUs             int     `json:"vus"`
	DurationSeconds float64 `json:"durationSeconds"`
	// Authenticated is whether the plugin listing was asked for, with a token.
	Authenticated bool `json:"authenticated"`
	// Verified is whether certificates were.
	Verified bool `json:"tlsVerified"`
}

// Run runs the test against a portal and returns the path of its summary, which
// is in k6's own form of handleSummary plus [Provenance]. The error wraps
// [ErrCrossed] when the test ran and found the portal too slow or failing; then
// there is a summary too. A test that was cut off leaves an older one alone.
func Run(ctx context.Context, k6 string, at target.Web, o Options) (string, error) {
	o = o.orDefault()
	work, err := os.MkdirTemp("", "gatehouse-load-")
	if err != nil {
		return "", fmt.Errorf("run the load test: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	test, raw := filepath.Join(work, "portal.js"), filepath.Join(work, "summary.json")
	if err := os.WriteFile(test, script, 0o600); err != nil {
		return "", fmt.Errorf("run the load test: %w", err)
	}
	env, provenance, err := o.environment(ctx, at, raw)
	if err != nil {
		return "", fmt.Errorf("run the load test: %w", err)
	}
	provenance.Started = o.Now().UTC()
	crossed := false
	if err := k6Run(ctx, k6, work, test, env, o.Output); err != nil {
		var ended *exec.ExitError
		if crossed = errors.As(err, &ended) && ended.ExitCode() == thresholdsCrossed && ctx.Err() == nil; !crossed {
			return "", fmt.Errorf("run the load test: %w", err)
		}
	}
	path, err := keep(raw, o.Folder, provenance)
	if err != nil {
		return "", fmt.Errorf("keep the load test's summary: %w", err)
	}
	if crossed {
		return path, fmt.Errorf("%w: see %s", ErrCrossed, path)
	}
	return path, nil
}

// k6Run runs k6 to its end. Cancelled, it is asked to end, and killed ten
// seconds later.
func k6Run(ctx context.Context, k6, work, test string, env []string, output io.Writer) error {
	var tail lastBytes
	cmd := exec.CommandContext(ctx, k6, "run", "--quiet", "--no-color", "--address=", test)
	cmd.Dir, cmd.Env = work, env
	cmd.Stdout, cmd.Stderr = &tail, &tail
	if output != nil {
		cmd.Stdout, cmd.Stderr = output, io.MultiWriter(output, &tail)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("k6: %w\n%s", err, bytes.TrimSpace(tail))
	}
	return nil
}

// keep adds the provenance to a summary and puts it in its place at once.
func keep(raw, folder string, p Provenance) (string, error) {
	text, err := os.ReadFile(filepath.Clean(raw))
	if err != nil {
		return "", err
	}
	var summary map[string]any
	if err := json.Unmarshal(text, &summary); err != nil {
		return "", fmt.Errorf("read what k6 wrote: %w", err)
	}
	sum := sha256.Sum256(script)
	p.Script = hex.EncodeToString(sum[:])
	summary["gatehouse"] = p
	whole, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, SummaryFile)
	return path, renameio.WriteFile(path, append(whole, '\n'), 0o644)
}

// lastBytes keeps the end of what is written to it.
type lastBytes []byte

func (l *lastBytes) Write(text []byte) (int, error) {
	const most = 4 << 10
	*l = append(*l, text...)
	*l = (*l)[max(0, len(*l)-most):]
	return len(text), nil
}
