package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/storageclass"
	"gatehouse/components/workload"
)

const (
	pushgateway      = "pushgateway"
	pushgatewayImage = "quay.io/prometheus/pushgateway:v1.11.1"
)

// newPushgateway keeps what jobs that end have to say: backups and restore
// drills. One replica, for what is pushed lies in one server's memory: two would
// each have half of it.
//
// It is kept on a volume, for a drill runs once a week: without it a moved pod
// would look like a week without a drill. The volume is EFS, since the new pod of
// a roll starts beside the old one, maybe in another zone.
func newPushgateway(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	_, err := workload.New(ctx, name+"-"+pushgateway, workload.Args{
		Name: pushgateway, Namespace: args.Namespace, Labels: args.Labels, Meshed: args.Meshed,
		// The labels job and task are those of the job that pushed.
		Metrics: workload.Metrics{HonorLabels: true},
		Claim: &workload.Claim{
			Name: pushgateway, Class: storageclass.Shared, Mode: workload.ByManyNodes, SizeGiB: 1, Path: "/data",
		},
		Pod: pod.Spec{Container: pod.Container{
			Image:     pulumi.String(pushgatewayImage),
			Args:      []string{"--persistence.file=/data/metrics", "--persistence.interval=1m"},
			Ports:     []pod.Port{{Name: "metrics", Number: 9091}},
			Probes:    pod.Health("metrics", "/-/ready", "/-/healthy", 30),
			Resources: pod.Resources{CPURequest: "20m", MemoryRequest: "32Mi", CPULimit: "200m", MemoryLimit: "128Mi"},
		}},
	}, opts...)
	return err
}
