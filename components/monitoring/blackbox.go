package monitoring

import (
	_ "embed"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

const (
	blackbox      = "blackbox-exporter"
	blackboxImage = "quay.io/prometheus/blackbox-exporter:v0.27.0"
)

// blackboxConfig says what counts as an answer.
//
//go:embed blackbox.yaml
var blackboxConfig string

// newBlackbox looks at the portal the way users reach it: through DNS,
// CloudFront, WAF and the ingress. One replica: two would count every failure
// twice, and ProbesMissing tells when there is none.
func newBlackbox(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	_, err := workload.New(ctx, name+"-"+blackbox, workload.Args{
		Name: blackbox, Namespace: args.Namespace, Labels: args.Labels, Meshed: args.Meshed,
		Config: &workload.Config{
			Path: "/etc/blackbox", Files: map[string]pulumi.StringInput{"blackbox.yaml": pulumi.String(blackboxConfig)},
		},
		Pod: pod.Spec{Container: pod.Container{
			Image:     pulumi.String(blackboxImage),
			Args:      []string{"--config.file=/etc/blackbox/blackbox.yaml"},
			Ports:     []pod.Port{{Name: probePort, Number: 9115}},
			Probes:    pod.Health(probePort, "/-/healthy", "/-/healthy", 30),
			Resources: pod.Resources{CPURequest: "20m", MemoryRequest: "32Mi", CPULimit: "200m", MemoryLimit: "128Mi"},
		}},
	}, opts...)
	if err != nil {
		return err
	}
	return newProbes(ctx, name, blackbox, "/probe", args, uptime(args.Domain), opts...)
}

// uptime are the addresses that the readiness guide asks ("Health
// Verification").
func uptime(domain string) []probe {
	at := func(module, address string) probe {
		return probe{
			instance: pulumi.String(address),
			params: map[string][]pulumi.StringInput{
				"module": {pulumi.String(module)}, "target": {pulumi.String(address)},
			},
		}
	}
	return []probe{
		at("page", "https://"+domain),
		at("http_2xx", "https://"+domain+"/api/health"),
		at("health", "https://api."+domain+"/healthcheck"),
		at("tls", domain+":443"),
	}
}
