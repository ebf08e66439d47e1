package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Probes tell whether a container has started, may be sent work, and lives.
// Liveness should ask nothing that depends on another service: it would
// restart every pod for one that is down.
type Probes struct{ Startup, Readiness, Liveness *Probe }

// Probe is one question to a container: a GET of Path, a TCP connection when
// Path is empty, or a Command when there is one.
type Probe struct {
	// Path is what is asked by HTTP on Port, the name of one of the
	// container's ports.
	Path, Port string
	// Command runs in the container and must exit with 0.
	Command []string
	// EverySeconds is how often; 10 when 0. TimeoutSeconds is how long an
	// answer may take; 3 when 0.
	EverySeconds, TimeoutSeconds int
	// Failures in a row are needed to fail; 3 when 0.
	Failures int
}

// Health makes the three probes of a container that answers by HTTP: it may
// take startupSeconds to start, is taken out of service after 15 seconds
// without an answer and restarted after 60.
func Health(port, ready, live string, startupSeconds int) Probes {
	return Probes{
		Startup:   &Probe{Path: live, Port: port, EverySeconds: 5, Failures: max(1, startupSeconds/5)},
		Readiness: &Probe{Path: ready, Port: port, EverySeconds: 5},
		Liveness:  &Probe{Path: live, Port: port, EverySeconds: 20},
	}
}

// Listening makes the three probes of a container that only accepts
// connections.
func Listening(port string) Probes {
	return Health(port, "", "", 30)
}

func (p Probes) addTo(args *corev1.ContainerArgs) {
	if p.Startup != nil {
		args.StartupProbe = p.Startup.build()
	}
	if p.Readiness != nil {
		args.ReadinessProbe = p.Readiness.build()
	}
	if p.Liveness != nil {
		args.LivenessProbe = p.Liveness.build()
	}
}

func (p Probe) build() corev1.ProbeArgs {
	args := corev1.ProbeArgs{
		PeriodSeconds:    pulumi.Int(orDefault(p.EverySeconds, 10)),
		TimeoutSeconds:   pulumi.Int(orDefault(p.TimeoutSeconds, 3)),
		FailureThreshold: pulumi.Int(orDefault(p.Failures, 3)),
	}
	switch {
	case len(p.Command) > 0:
		args.Exec = corev1.ExecActionArgs{Command: pulumi.ToStringArray(p.Command)}
	case p.Path != "":
		args.HttpGet = corev1.HTTPGetActionArgs{Path: pulumi.String(p.Path), Port: pulumi.String(p.Port)}
	default:
		args.TcpSocket = corev1.TCPSocketActionArgs{Port: pulumi.String(p.Port)}
	}
	return args
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
