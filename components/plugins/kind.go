package plugins

import (
	"time"

	"gatehouse/components/pod"
)

// kind is what the Jobs of a step have in common.
type kind struct {
	// command is the installer's, and the part of the Jobs' names.
	command string
	// limit is how long it may take, with all its retries.
	limit time.Duration
	place pod.Place
	// tmp is the scratch space.
	tmp       string
	resources pod.Resources
	// grace is how long it may take to stop.
	grace time.Duration
	// judges is whether it has the gate judge a plugin.
	judges bool
	// asksPortal is whether it means nothing without a portal that really runs.
	asksPortal bool
}

// The kinds. Spot capacity is for work that another run does again without harm
// (deployment guide, "Use Spot Instances for Build Jobs"); a switch that is
// taken away in the middle would leave the portal half proved.
var (
	// stage holds a tarball and its files while it judges them, and what is known
	// of vulnerabilities.
	stage = kind{
		command: "stage", limit: 15 * time.Minute, place: pod.Build, tmp: "2Gi", grace: 30 * time.Second,
		resources: pod.Resources{CPURequest: "100m", MemoryRequest: "256Mi", CPULimit: "1", MemoryLimit: "1Gi"}, judges: true,
	}
	assemble = kind{command: "assemble", limit: 10 * time.Minute, tmp: "256Mi", grace: 30 * time.Second, resources: little}
	// build follows a pipeline, and does no work of its own.
	build    = kind{command: "build", limit: time.Hour, place: pod.Build, tmp: "256Mi", grace: 30 * time.Second, resources: little}
	activate = kind{command: "activate", limit: 30 * time.Minute, tmp: "256Mi", grace: time.Minute, resources: little, asksPortal: true}
	// maintain has the portal prove what it runs, and stages too when it is told of a
	// plugin.
	maintain = kind{command: "maintain", limit: 30 * time.Minute, tmp: "2Gi", grace: time.Minute, resources: stage.resources, judges: true, asksPortal: true}
)

// little is for steps that hash files and wait.
var little = pod.Resources{CPURequest: "50m", MemoryRequest: "128Mi", CPULimit: "1", MemoryLimit: "512Mi"}

// timeout is when Pulumi gives up: later than Kubernetes, whose reason says more.
func (k kind) timeout() time.Duration { return k.limit + 3*time.Minute }
