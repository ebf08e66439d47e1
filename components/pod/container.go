package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Container is one container of a pod.
type Container struct {
	// Name is the container's name; the main one's is the pod's App when empty.
	Name string
	// Image is the image with its tag or digest.
	Image pulumi.StringInput
	// Command replaces the image's entry point, Args its arguments.
	Command, Args []string
	// Env are variables. EnvFromSecrets are the names of Secrets whose every
	// key becomes one.
	Env            []Env
	EnvFromSecrets []string
	// Ports are where it listens; nothing below 1024, which needs a privilege.
	Ports []Port
	// Probes are required of everything that serves.
	Probes Probes
	// Resources are required: a pod without limits can take a node down.
	Resources Resources
	// Mounts are what it sees besides its image.
	Mounts []Mount
	// PreStopSeconds waits before the container is told to end, so that those
	// who still send to it learn that it leaves. Kubernetes waits, not the
	// container: images without a shell can have it.
	PreStopSeconds int
}

// Env is a variable: a value, the key of a Secret, or a field of the pod.
type Env struct {
	Name   string
	Value  pulumi.StringInput
	Secret Key
	// Field is a path such as "metadata.name" or "metadata.annotations['KEY']"
	// (Kubernetes, "Downward API"); an annotation that is not there is empty.
	Field string
}

// sources counts what says the value: there must be one.
func (e Env) sources() int {
	count := 0
	for _, given := range []bool{e.Value != nil, e.Secret != (Key{}), e.Field != ""} {
		if given {
			count++
		}
	}
	return count
}

// Key is one key of a Secret of the pod's namespace.
type Key struct{ Name, Key string }

// Port is where a container listens.
type Port struct {
	// Name is how Services, probes and monitors call the port, e.g. "http".
	Name string
	// Number is the TCP port.
	Number int
	// Protocol is what is spoken on it, for the mesh: "http" when empty, or
	// "tcp" for what it should pass on unseen.
	Protocol string
	// Direct is whether it is asked of one pod and not of any: the Services of
	// a workload leave it out.
	Direct bool
}

// AppProtocol is what is spoken on the port.
func (p Port) AppProtocol() string {
	if p.Protocol == "" {
		return "http"
	}
	return p.Protocol
}

// Resources are quantities as Kubernetes writes them, e.g. "250m" and "512Mi".
// All four are required.
type Resources struct{ CPURequest, MemoryRequest, CPULimit, MemoryLimit string }

func containers(all []Container) corev1.ContainerArray {
	var built corev1.ContainerArray
	for _, c := range all {
		built = append(built, c.build())
	}
	return built
}

func (c Container) build() corev1.ContainerArgs {
	args := corev1.ContainerArgs{
		Name: pulumi.String(c.Name), Image: c.Image.ToStringOutput().ToStringPtrOutput(),
		// Tags are immutable in our registries, and production demands digests.
		ImagePullPolicy:          pulumi.String("IfNotPresent"),
		Command:                  texts(c.Command),
		Args:                     texts(c.Args),
		Env:                      c.env(),
		EnvFrom:                  c.envFrom(),
		Ports:                    c.ports(),
		Resources:                c.Resources.build(),
		SecurityContext:          containerSecurity(),
		VolumeMounts:             c.volumeMounts(),
		TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
	}
	c.Probes.addTo(&args)
	if c.PreStopSeconds > 0 {
		args.Lifecycle = corev1.LifecycleArgs{PreStop: corev1.LifecycleHandlerArgs{
			Sleep: corev1.SleepActionArgs{Seconds: pulumi.Int(c.PreStopSeconds)},
		}}
	}
	return args
}

func (c Container) env() corev1.EnvVarArray {
	var vars corev1.EnvVarArray
	for _, e := range c.Env {
		variable := corev1.EnvVarArgs{Name: pulumi.String(e.Name)}
		switch {
		case e.Value != nil:
			variable.Value = e.Value.ToStringOutput().ToStringPtrOutput()
		case e.Field != "":
			variable.ValueFrom = corev1.EnvVarSourceArgs{FieldRef: corev1.ObjectFieldSelectorArgs{FieldPath: pulumi.String(e.Field)}}
		default:
			variable.ValueFrom = corev1.EnvVarSourceArgs{SecretKeyRef: corev1.SecretKeySelectorArgs{
				Name: pulumi.String(e.Secret.Name), Key: pulumi.String(e.Secret.Key),
			}}
		}
		vars = append(vars, variable)
	}
	return vars
}

func (c Container) envFrom() corev1.EnvFromSourceArray {
	var sources corev1.EnvFromSourceArray
	for _, name := range c.EnvFromSecrets {
		sources = append(sources, corev1.EnvFromSourceArgs{
			SecretRef: corev1.SecretEnvSourceArgs{Name: pulumi.String(name)},
		})
	}
	return sources
}

func (c Container) ports() corev1.ContainerPortArray {
	var ports corev1.ContainerPortArray
	for _, p := range c.Ports {
		ports = append(ports, corev1.ContainerPortArgs{
			Name: pulumi.String(p.Name), ContainerPort: pulumi.Int(p.Number), Protocol: pulumi.String("TCP"),
		})
	}
	return ports
}

func (r Resources) build() corev1.ResourceRequirementsArgs {
	return corev1.ResourceRequirementsArgs{
		Requests: pulumi.StringMap{"cpu": pulumi.String(r.CPURequest), "memory": pulumi.String(r.MemoryRequest)},
		Limits:   pulumi.StringMap{"cpu": pulumi.String(r.CPULimit), "memory": pulumi.String(r.MemoryLimit)},
	}
}

// texts is nil, and so left out, when there are none.
func texts(of []string) pulumi.StringArrayInput {
	if len(of) == 0 {
		return nil
	}
	return pulumi.ToStringArray(of)
}
