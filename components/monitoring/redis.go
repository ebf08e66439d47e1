package monitoring

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

const (
	redisExporter      = "redis-exporter"
	redisExporterImage = "docker.io/oliver006/redis_exporter:v1.74.0"
)

// Redis is the cache to look at, in cluster mode.
type Redis struct {
	// Endpoint is the configuration endpoint, host:port.
	Endpoint pulumi.StringInput
	// Shards is the number of shards, ReplicasPerShard that of each one's
	// replicas.
	Shards, ReplicasPerShard int
}

// newRedisExporter asks every node: memory, hits and evictions are a node's own,
// and the configuration endpoint leads to any of them.
//
// The exporter signs in with a password. It cannot make the tokens of IAM,
// which the portal's users sign in with and which end after 15 minutes: its
// user, monitor, is one with a password, and may read statistics alone.
func newRedisExporter(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	if args.Redis == nil {
		return nil
	}
	_, err := workload.New(ctx, name+"-"+redisExporter, workload.Args{
		Name: redisExporter, Namespace: args.Namespace, Labels: args.Labels, Meshed: args.Meshed,
		Pod: pod.Spec{Container: pod.Container{
			Image: pulumi.String(redisExporterImage),
			Args: []string{
				"--redis.addr=",      // none of its own: targets come with the probes
				"--config-command=-", // ElastiCache knows no CONFIG
			},
			EnvFromSecrets: []string{redisExporter}, // REDIS_USER, REDIS_PASSWORD
			Ports:          []pod.Port{{Name: probePort, Number: 9121}},
			Probes:         pod.Health(probePort, "/health", "/health", 30),
			Resources:      pod.Resources{CPURequest: "20m", MemoryRequest: "32Mi", CPULimit: "200m", MemoryLimit: "96Mi"},
		}},
	}, opts...)
	if err != nil {
		return err
	}
	return newProbes(ctx, name, redisExporter, "/scrape", args, args.Redis.probes(), opts...)
}

func (r Redis) probes() []probe {
	var probes []probe
	for shard := 1; shard <= r.Shards; shard++ {
		for member := 1; member <= r.ReplicasPerShard+1; member++ {
			address := r.Endpoint.ToStringOutput().ApplyT(func(endpoint string) string {
				return node(endpoint, shard, member)
			}).(pulumi.StringOutput)
			probes = append(probes, probe{
				instance: address,
				params:   map[string][]pulumi.StringInput{"target": {pulumi.Sprintf("rediss://%s", address)}},
			})
		}
	}
	return probes
}

// configurationPrefix begins the name of the configuration endpoint of a
// cluster with TLS.
const configurationPrefix = "clustercfg."

// node is the address of one node of a cluster, made of that of its
// configuration endpoint: clustercfg.ID.REST is ID-0001-001.ID.REST for the
// first node of the first shard (ElastiCache, "Finding connection endpoints").
// An address of another form is taken as it is.
func node(endpoint string, shard, member int) string {
	rest, ok := strings.CutPrefix(endpoint, configurationPrefix)
	if !ok {
		return endpoint
	}
	id, _, _ := strings.Cut(rest, ".")
	return fmt.Sprintf("%s-%04d-%03d.%s", id, shard, member, rest)
}
