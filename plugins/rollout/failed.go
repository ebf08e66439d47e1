package rollout

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"

	"gatehouse/plugins/trail"
)

// FailedError means that new pods cannot start. Its texts have no secrets
// (trail.Redact).
type FailedError struct {
	Deployment string
	// Pod is the one that shows it, "" when none was made.
	Pod string
	// Container is the one that does not start, "" when it is the whole pod.
	Container string
	// Reason is Kubernetes' word: CrashLoopBackOff, Error, OOMKilled,
	// ImagePullBackOff, FailedMount, FailedCreate, ProgressDeadlineExceeded, ….
	Reason string
	// ExitCode is that of the container's last end, 0 when it has not run.
	ExitCode int
	// Message is what Kubernetes or the container itself says about it, "" for nothing.
	Message string
	// Log is the end of the container's log, at most 20 lines; "" when there is none.
	Log string
	// NoLog is why a container that has run has no log here, "" when it has one.
	NoLog string
}

func (e *FailedError) Error() string {
	text := "Deployment " + e.Deployment
	if e.Pod != "" {
		text += ", pod " + e.Pod
	}
	if e.Container != "" {
		text += ", container " + e.Container
	}
	text += ": " + e.Reason
	if e.ExitCode != 0 {
		text += fmt.Sprintf(", exit code %d", e.ExitCode)
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if lines := strings.Split(e.Log, "\n"); lines[len(lines)-1] != "" {
		text += "; its last words: " + lines[len(lines)-1]
	}
	return text
}

// holdups is since when what may heal is in the way.
type holdups map[string]time.Time

// fails judges what is in the way of a Deployment. What may heal is noted in next.
func (p Portal) fails(ctx context.Context, s *scene, held, next holdups) error {
	all := s.troubles()
	var late *trouble
	for _, key := range slices.Sorted(maps.Keys(all)) {
		t := all[key]
		if !t.heals {
			return p.failed(ctx, s.deployment.Name, t)
		}
		key = s.deployment.Name + " " + key
		since, known := held[key]
		if !known {
			since = p.now()
		}
		next[key] = since
		if late != nil || p.now().Sub(since) < orDefault(p.Patience, time.Minute) {
			continue
		}
		if t.starting {
			found, err := p.event(ctx, s, &t)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
		}
		late = &t
	}
	if late == nil {
		return nil
	}
	return p.failed(ctx, s.deployment.Name, *late)
}

func (p Portal) failed(ctx context.Context, deployment string, t trouble) *FailedError {
	e := &FailedError{
		Deployment: deployment, Pod: t.pod, Container: t.container,
		Reason: t.reason, ExitCode: int(t.exitCode), Message: tidy(t.message),
	}
	if t.ended {
		text, err := p.log(ctx, t)
		if e.Log = text; err != nil {
			e.NoLog = tidy(err.Error())
		}
	}
	return e
}

// event says what keeps a pod from being started: its newest event, if that is a
// warning. An older one may be over.
func (p Portal) event(ctx context.Context, s *scene, t *trouble) (found bool, err error) {
	i := slices.IndexFunc(s.fresh, func(pod core.Pod) bool { return pod.Name == t.pod })
	of := fields.OneTermEqualSelector("involvedObject.uid", string(s.fresh[i].UID))
	events, err := p.Client.CoreV1().Events(p.Namespace).List(ctx, metav1.ListOptions{FieldSelector: of.String()})
	if err != nil {
		return false, fmt.Errorf("list the events of pod %s/%s: %w", p.Namespace, t.pod, err)
	}
	if len(events.Items) == 0 {
		return false, nil
	}
	newest := slices.MaxFunc(events.Items, func(a, b core.Event) int { return last(a).Compare(last(b)) })
	if newest.Type != core.EventTypeWarning {
		return false, nil
	}
	t.container, t.reason, t.message = "", newest.Reason, newest.Message
	return true, nil
}

func last(e core.Event) time.Time {
	at := e.LastTimestamp.Time
	if e.EventTime.After(at) {
		at = e.EventTime.Time
	}
	if e.Series != nil && e.Series.LastObservedTime.After(at) {
		at = e.Series.LastObservedTime.Time
	}
	return at
}

const (
	// lines of a log are kept, widest characters of each.
	lines  = 20
	widest = 400
	// most bytes of a log are read, more than that many lines have.
	most = 64 << 10
	// reading a log takes no longer: the node may be gone.
	reading = 10 * time.Second
)

// log is the end of the log of the run that failed.
func (p Portal) log(ctx context.Context, t trouble) (text string, err error) {
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	tail := int64(lines)
	stream, err := p.Client.CoreV1().Pods(p.Namespace).GetLogs(t.pod, &core.PodLogOptions{
		Container: t.container, Previous: t.previous, TailLines: &tail,
	}).Stream(ctx)
	if err != nil {
		return "", fmt.Errorf("read the log of pod %s: %w", t.pod, err)
	}
	content, err := io.ReadAll(io.LimitReader(stream, most))
	if closed := stream.Close(); err == nil {
		err = closed
	}
	return end(string(content)), err
}

// end is the last lines of a text without secrets, each cut to a width that a
// message can bear.
func end(text string) string {
	all := strings.Split(strings.TrimSpace(trail.Redact(text)), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	for i, line := range all {
		if all[i] = strings.TrimRight(line, "\r "); len([]rune(line)) > widest {
			all[i] = string([]rune(line)[:widest]) + "…"
		}
	}
	return strings.Join(all, "\n")
}

// tidy is a message on one line, without secrets.
func tidy(text string) string { return strings.Join(strings.Fields(end(text)), " ") }
