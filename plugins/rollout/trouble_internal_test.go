package rollout

import (
	"testing"

	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"
)

// What the statuses of a pod's containers say about it.
func TestTroubleOf(t *testing.T) {
	always := core.ContainerRestartPolicyAlways
	spec := core.PodSpec{
		InitContainers: []core.Container{{Name: "prepare"}, {Name: "beside", RestartPolicy: &always}},
		Containers:     []core.Container{{Name: "backstage"}},
	}
	end := func(code int32) core.ContainerState {
		return core.ContainerState{Terminated: &core.ContainerStateTerminated{ExitCode: code, Reason: "Error"}}
	}
	wait := func(reason string) core.ContainerState {
		return core.ContainerState{Waiting: &core.ContainerStateWaiting{Reason: reason}}
	}
	running := core.ContainerState{Running: &core.ContainerStateRunning{}}
	for name, c := range map[string]struct {
		init, own core.ContainerStatus
		want      string // container and reason, "" for none
		heals     bool
	}{
		"well":                   {core.ContainerStatus{Name: "prepare", State: end(0), RestartCount: 3}, core.ContainerStatus{Ready: true, State: running}, "", false},
		"ready after crashes":    {core.ContainerStatus{Name: "prepare", State: end(0)}, core.ContainerStatus{Ready: true, State: running, RestartCount: 9, LastTerminationState: end(1)}, "", false},
		"first crash":            {core.ContainerStatus{Name: "prepare", State: end(0)}, core.ContainerStatus{State: end(1)}, "", false},
		"second crash":           {core.ContainerStatus{Name: "prepare", State: end(0)}, core.ContainerStatus{State: end(1), RestartCount: 1}, "backstage Error", false},
		"ends well, but ends":    {core.ContainerStatus{Name: "prepare", State: end(0)}, core.ContainerStatus{State: end(0), RestartCount: 1}, "backstage Error", false},
		"preparation crashes":    {core.ContainerStatus{Name: "prepare", State: wait("CrashLoopBackOff"), RestartCount: 1, LastTerminationState: end(1)}, core.ContainerStatus{State: wait("PodInitializing")}, "prepare CrashLoopBackOff", false},
		"sidecar ends":           {core.ContainerStatus{Name: "beside", State: end(0), RestartCount: 1}, core.ContainerStatus{State: wait("PodInitializing")}, "beside Error", false},
		"image beside a sidecar": {core.ContainerStatus{Name: "beside", Ready: true, State: running}, core.ContainerStatus{State: wait("ErrImagePull")}, "backstage ErrImagePull", true},
		"never an image":         {core.ContainerStatus{Name: "prepare", State: end(0)}, core.ContainerStatus{State: wait("ErrImageNeverPull")}, "backstage ErrImageNeverPull", false},
		"starting":               {core.ContainerStatus{Name: "prepare", State: wait("ContainerCreating")}, core.ContainerStatus{State: wait("PodInitializing")}, "prepare ContainerCreating", true},
	} {
		t.Run(name, func(t *testing.T) {
			c.own.Name = "backstage"
			pod := core.Pod{Spec: spec}
			pod.Status.InitContainerStatuses = []core.ContainerStatus{c.init}
			pod.Status.ContainerStatuses = []core.ContainerStatus{c.own}
			have, found := troubleOf(pod)
			require.Equal(t, c.want != "", found)
			if found {
				require.Equal(t, c.want, have.container+" "+have.reason)
				require.Equal(t, c.heals, have.heals)
			}
		})
	}
}

// Of pods that ended, the container that failed counts; what a node ended does not.
func TestEndOf(t *testing.T) {
	state := func(name string, code int32) core.ContainerStatus {
		return core.ContainerStatus{Name: name, State: core.ContainerState{Terminated: &core.ContainerStateTerminated{ExitCode: code}}}
	}
	pod := core.Pod{Status: core.PodStatus{ContainerStatuses: []core.ContainerStatus{state("loader", 0), state("backstage", 3), state("other", 4)}}}
	have, found := endOf(pod)
	require.True(t, found)
	require.Equal(t, "backstage", have.container)
	require.EqualValues(t, 3, have.exitCode)
	pod.Status.Reason = "Evicted"
	_, found = endOf(pod)
	require.False(t, found)
	_, found = endOf(core.Pod{})
	require.False(t, found)
}
