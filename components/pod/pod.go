// Package pod builds pod templates that meet the restricted Pod Security
// Standard: not root, nothing writable but what is mounted, no privileges, no
// token, limits on everything, and labels that say whose the pod is.
//
// It makes no resources. Deployments live in workload, CronJobs with the
// concern that needs them; both build their pods here, so that no pod of ours
// is less than this.
package pod

import (
	"fmt"
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AppLabel is the label that Services, network policies and monitors select
// pods by.
const AppLabel = "app"

// The priority classes of an environment's pods.
const (
	// Critical is what the portal cannot do without: ingress, pooler,
	// Backstage and the portal itself.
	Critical = "gatehouse-critical"
	// Standard is everything else that serves.
	Standard = "gatehouse-standard"
	// Batch is what runs and ends; it pushes nothing aside.
	Batch = "gatehouse-batch"
)

// Spec describes a pod. The main container's fields are its own:
//
//	pod.Spec{
//		App: "keeper", Labels: ownership, ServiceAccount: "backup", Priority: pod.Batch, Restart: pod.Never,
//		Container: pod.Container{
//			Image: image, Args: []string{"backup", "database"},
//			Env:       []pod.Env{{Name: "PGHOST", Value: host}, {Name: "PGPASSWORD", Secret: pod.Key{Name: "keeper", Key: "PGPASSWORD_BACKUP"}}},
//			Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "256Mi", CPULimit: "1", MemoryLimit: "512Mi"},
//			Mounts:    []pod.Mount{{Path: "/scratch", Empty: "10Gi"}},
//		},
//	}
type Spec struct {
	// App is the pod's `app` label, and the main container's name unless that
	// has one of its own.
	App string
	// Labels say whose the pod is; Annotations may be nil.
	Labels      map[string]string
	Annotations pulumi.StringMap
	// ServiceAccount is the account that the pod runs as. Required: the
	// namespace's default is nobody's.
	ServiceAccount string
	// TokenMounted gives the pod a token of the Kubernetes API. Roles of AWS
	// need none: EKS projects a token of their own.
	TokenMounted bool
	// Container is the main container.
	Container
	// Init run before the main container, one after the other; Sidecars beside
	// it.
	Init, Sidecars []Container
	// Priority is the priority class; Standard when empty.
	Priority string
	// Restart is the restart policy; Always when empty.
	Restart Restart
	// Spread keeps the pods of one revision apart: over zones, then nodes.
	Spread bool
	// Place narrows the nodes; the zero value is the pool of applications.
	Place Place
	// GraceSeconds is how long the pod may take to end, its PreStop included;
	// 30 when 0.
	GraceSeconds int
	// TmpSize is how much may be written to /tmp, e.g. "64Mi", which is the
	// default. The rest of the root file system is read-only.
	TmpSize string
}

// Restart is when a pod's containers are started again.
type Restart string

// The restart policies. Pods of Jobs are Never or OnFailure, and need no
// probes.
const (
	Always    Restart = "Always"
	OnFailure Restart = "OnFailure"
	Never     Restart = "Never"
)

// User is the user and group that our containers run as; shared files of EFS
// belong to it (storageclass).
const User = 1000

// Template builds the pod template of a Deployment or, with Restart set, of a
// Job. It refuses a spec that would not run or would be less than restricted.
func Template(spec Spec) (corev1.PodTemplateSpecArgs, error) {
	built, err := build(spec)
	if err != nil {
		return corev1.PodTemplateSpecArgs{}, fmt.Errorf("build pod %s: %w", spec.App, err)
	}
	return corev1.PodTemplateSpecArgs{
		Metadata: metav1.ObjectMetaArgs{
			Labels: pulumi.ToStringMap(Labels(spec.Labels, spec.App)), Annotations: spec.Annotations,
		},
		Spec: built,
	}, nil
}

// Labels adds the `app` label to those that say whose an object is.
func Labels(owner map[string]string, app string) map[string]string {
	labels := map[string]string{}
	maps.Copy(labels, owner)
	labels[AppLabel] = app
	return labels
}

func build(spec Spec) (corev1.PodSpecArgs, error) {
	spec = spec.withDefaults()
	if err := spec.check(); err != nil {
		return corev1.PodSpecArgs{}, err
	}
	p := corev1.PodSpecArgs{
		ServiceAccountName:            pulumi.String(spec.ServiceAccount),
		AutomountServiceAccountToken:  pulumi.Bool(spec.TokenMounted),
		EnableServiceLinks:            pulumi.Bool(false),
		PriorityClassName:             pulumi.String(spec.Priority),
		RestartPolicy:                 pulumi.String(string(spec.Restart)),
		TerminationGracePeriodSeconds: pulumi.Int(spec.GraceSeconds),
		SecurityContext:               podSecurity(),
		NodeSelector:                  pulumi.ToStringMap(spec.Place.selector()),
		Tolerations:                   spec.Place.tolerations(),
		Volumes:                       spec.volumes(),
		Containers:                    containers(append([]Container{spec.Container}, spec.Sidecars...)),
	}
	if len(spec.Init) > 0 {
		p.InitContainers = containers(spec.Init)
	}
	if spec.Spread {
		p.TopologySpreadConstraints = spread(Labels(nil, spec.App))
	}
	return p, nil
}

func (s Spec) withDefaults() Spec {
	if s.Name == "" {
		s.Name = s.App
	}
	if s.Priority == "" {
		s.Priority = Standard
	}
	if s.Restart == "" {
		s.Restart = Always
	}
	if s.GraceSeconds == 0 {
		s.GraceSeconds = 30
	}
	if s.TmpSize == "" {
		s.TmpSize = "64Mi"
	}
	return s
}
