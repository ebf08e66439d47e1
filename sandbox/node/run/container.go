package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How long a container that ends too often waits: doubled each time, and from the
// start again when one has run for long enough. A kubelet takes ten seconds to five
// minutes.
const (
	firstPause = time.Second
	lastPause  = 10 * time.Second
)

// Codes of a container that could not be started, or whose end nobody has seen.
const (
	codeNotStarted = 128
	codeLost       = 137
)

// container is one of a pod. What changes is under the pod's lock.
type container struct {
	spec corev1.Container
	// program is nil for one that only pretends.
	program *Program
	// digest is its image's, "" when nobody knows it.
	digest string
	// folder has its log and what it leaves.
	folder string
	policy corev1.RestartPolicy

	state, last    corev1.ContainerState
	restarts       int32
	started, ready bool
	// over is closed when it has ended for good.
	over chan struct{}
}

// keep runs a container until it is not to be started again. It returns when that
// is so, or ctx ends. up is called each time it has started.
func (p *pod) keep(ctx context.Context, c *container, up func()) {
	defer close(c.over)
	if c.program == nil {
		p.pretend(ctx, c, up)
		return
	}
	wait := firstPause
	for {
		begin := time.Now()
		ended, err := p.once(ctx, c, up)
		if err != nil { // such as a ConfigMap that is not there yet
			p.change(func() { c.state = waiting("CreateContainerConfigError", err.Error()) })
			if !pause(ctx, firstPause) {
				p.change(func() { c.state = terminated(codeNotStarted, "ContainerCannotRun", err.Error(), begin) })
				return
			}
			continue
		}
		again := c.policy == corev1.RestartPolicyAlways || c.policy == corev1.RestartPolicyOnFailure && ended.ExitCode != 0
		if ctx.Err() != nil || !again {
			p.change(func() { c.state = corev1.ContainerState{Terminated: ended} })
			return
		}
		if time.Since(begin) > lastPause {
			wait = firstPause
		}
		p.change(func() {
			c.last = corev1.ContainerState{Terminated: ended}
			c.state = waiting("CrashLoopBackOff", fmt.Sprintf("back-off %s restarting container %s", wait, c.spec.Name))
		})
		if !pause(ctx, wait) {
			p.change(func() { c.state = corev1.ContainerState{Terminated: ended} })
			return
		}
		p.change(func() { c.restarts++ })
		wait = min(2*wait, lastPause)
	}
}

// once runs a container once. An error means that it could not be said what to run.
func (p *pod) once(ctx context.Context, c *container, up func()) (*corev1.ContainerStateTerminated, error) {
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return nil, err
	}
	what, err := p.invocation(p.snapshot(), c)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(c.messageFile(), nil, 0o600); err != nil {
		return nil, err
	}
	log, err := newLog(filepath.Join(c.folder, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // what it could not write is lost
	what.output = log
	begin := time.Now()
	child, err := start(what)
	if err != nil {
		fmt.Fprintln(log, err)
		return terminated(codeNotStarted, "ContainerCannotRun", err.Error(), begin).Terminated, nil
	}
	p.change(func() { c.state = running(begin) })
	up()
	probes, stop := context.WithCancel(ctx)
	defer stop()
	unhealthy := make(chan string, 2) // startup or liveness: each at most once
	go p.watch(probes, c, func(why string) { unhealthy <- why })
	why := ""
	select {
	case <-child.done:
	case <-ctx.Done():
		child.end(p.graceLeft())
	case why = <-unhealthy:
		fmt.Fprintln(log, why)
		child.end(p.graceLeft())
	}
	stop()
	_ = log.Close()
	p.change(func() { c.started, c.ready = false, false })
	reason := "Completed"
	if child.code != 0 {
		reason = "Error"
	}
	message := c.lastWord(child.code)
	if why != "" {
		message = strings.TrimSpace(why + "\n" + message)
	}
	return terminated(child.code, reason, message, begin).Terminated, nil
}

// pretend is a container of an image that is not run: it runs until the pod ends,
// or has ended well at once when the pod is meant to end.
func (p *pod) pretend(ctx context.Context, c *container, up func()) {
	begin := time.Now()
	p.change(func() { c.state, c.started, c.ready = running(begin), true, true })
	up()
	if c.policy == corev1.RestartPolicyAlways {
		<-ctx.Done()
	}
	p.change(func() {
		c.state, c.started, c.ready = terminated(0, "Completed", "", begin), false, false
	})
}

func (c *container) messagePath() string {
	if c.spec.TerminationMessagePath != "" {
		return c.spec.TerminationMessagePath
	}
	return terminationLog
}

func (c *container) messageFile() string { return filepath.Join(c.folder, "termination-log") }

// lastWord is the message of a container that has ended, at most 4096 bytes.
func (c *container) lastWord(code int) string {
	text, _ := os.ReadFile(c.messageFile()) // one that left none has said nothing
	message := string(text[:min(len(text), 4096)])
	if message == "" && code != 0 && c.spec.TerminationMessagePolicy == corev1.TerminationMessageFallbackToLogsOnError {
		message = lastLines(filepath.Join(c.folder, "log"))
	}
	return strings.ToValidUTF8(message, "?")
}

func waiting(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func running(begin time.Time) corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.NewTime(begin)}}
}

func terminated(code int, reason, message string, begin time.Time) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: int32(code), Reason: reason, Message: message,
		StartedAt: metav1.NewTime(begin), FinishedAt: metav1.Now(),
	}}
}
