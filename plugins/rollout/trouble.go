package rollout

import (
	"fmt"
	"strings"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
)

// enough is how many times a container may end until that is a failure: once may be
// bad luck.
const enough = 2

// trouble is why a new pod does not start.
type trouble struct {
	pod, container, reason, message string
	exitCode                        int32
	// heals: it may still come right by itself.
	heals bool
	// ended: the container has run, so it has a log; previous: its log is that of
	// the run before.
	ended, previous bool
	// starting: nothing says what is wrong yet; its events may.
	starting bool
}

func (t trouble) String() string {
	var said []string
	if t.container != "" {
		said = append(said, "container "+t.container)
	}
	said = append(said, t.reason)
	if t.ended {
		said = append(said, fmt.Sprintf("exit code %d", t.exitCode))
	}
	text := strings.Join(said, ", ")
	if t.message != "" {
		text += ": " + t.message
	}
	return text
}

// hopeless are the reasons for waiting that nothing but another template ends.
var hopeless = map[string]bool{"InvalidImageName": true, "ErrImageNeverPull": true}

// troubleOf is the first thing that keeps a pod from being ready, by container.
func troubleOf(pod core.Pod) (trouble, bool) {
	starts := map[string]bool{} // regular init containers: to end with 0 is their work
	for _, c := range pod.Spec.InitContainers {
		starts[c.Name] = c.RestartPolicy == nil || *c.RestartPolicy != core.ContainerRestartPolicyAlways
	}
	for _, status := range statuses(pod) {
		ended := status.State.Terminated
		done := starts[status.Name] && ended != nil && ended.ExitCode == 0
		if done || (status.Ready && ended == nil) {
			continue
		}
		if t, found := troubleIn(status); found {
			t.pod = pod.Name
			return t, true
		}
	}
	return trouble{}, false
}

func troubleIn(status core.ContainerStatus) (trouble, bool) {
	now, last := status.State.Terminated, status.LastTerminationState.Terminated
	waiting := status.State.Waiting
	times, ended := status.RestartCount, last
	if now != nil {
		times, ended = times+1, now
	}
	if waiting != nil && waiting.Reason == "CrashLoopBackOff" {
		times++
	}
	t := trouble{container: status.Name}
	if waiting != nil {
		t.reason, t.message = waiting.Reason, waiting.Message
	}
	switch {
	case ended != nil && times >= enough:
		if t.reason == "" || ended.Reason == "OOMKilled" {
			t.reason = ended.Reason
		}
		if ended.Message != "" || waiting == nil {
			t.message = ended.Message
		}
		t.exitCode, t.ended, t.previous = ended.ExitCode, true, now == nil
		return t, true
	case waiting == nil || waiting.Reason == "":
		return t, false
	case waiting.Reason == "ContainerCreating" || waiting.Reason == "PodInitializing":
		t.heals, t.starting = true, true
	default:
		t.heals = !hopeless[waiting.Reason]
	}
	return t, true
}

// troubles are those of a whole Deployment, each with a key that stays the same from
// one look to the next.
func (s *scene) troubles() map[string]trouble {
	all := map[string]trouble{}
	for _, pod := range s.fresh {
		// A trouble that has become another is still the same pod that does not start.
		if t, found := troubleOf(pod); found && !ready(pod) {
			all[fmt.Sprintf("pod %s %s", pod.UID, t.container)] = t
		}
	}
	// Where a node does not start a container again, each try is another pod. What
	// the node itself has ended (evicted, shut down) says nothing of the plugins.
	var tries []trouble
	for _, pod := range s.ended {
		if t, found := endOf(pod); found {
			tries = append(tries, t)
		}
	}
	if len(tries) >= enough {
		all["ended"] = tries[len(tries)-1]
	}
	if !s.seen() {
		return all
	}
	for _, c := range s.deployment.Status.Conditions {
		// It may be that of the change before: the controller does not always begin anew.
		if c.Type == apps.DeploymentProgressing && c.Reason == "ProgressDeadlineExceeded" {
			all[c.Reason] = trouble{reason: c.Reason, message: c.Message, heals: true}
		}
	}
	if s.newest == nil {
		return all
	}
	for _, c := range s.newest.Status.Conditions {
		if c.Type == apps.ReplicaSetReplicaFailure && c.Status == core.ConditionTrue {
			all[c.Reason] = trouble{reason: c.Reason, message: c.Message, heals: true}
		}
	}
	return all
}

func endOf(pod core.Pod) (trouble, bool) {
	if pod.Status.Reason != "" {
		return trouble{}, false
	}
	var found *trouble
	for _, status := range statuses(pod) {
		ended := status.State.Terminated
		if ended == nil || (found != nil && ended.ExitCode == 0) {
			continue
		}
		if found == nil || found.exitCode == 0 {
			found = &trouble{
				pod: pod.Name, container: status.Name, reason: ended.Reason,
				message: ended.Message, exitCode: ended.ExitCode, ended: true,
			}
		}
	}
	if found == nil {
		return trouble{}, false
	}
	return *found, true
}
