package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/bucket"
)

// The parts of the buckets' lifecycles that nobody needs to configure, in days.
const (
	// npmCacheDays is when a package that the npm cache holds is fetched again.
	npmCacheDays = 90
	// noncurrentDays is how long a replaced or deleted object can be had back.
	noncurrentDays = 30
	// coldDays is when backups and logs move to cheaper storage; S3 bills
	// 30 days of it at the least, so short-lived objects do not move.
	coldDays = 30
)

// foundationBuckets makes the logs bucket first, since the others log to it.
func foundationBuckets(ctx *pulumi.Context, env Environment, outputs *FoundationOutputs, inLayer pulumi.ResourceOption) error {
	logs, err := newBucket(ctx, env, "logs", logsBucket(env), inLayer)
	if err != nil {
		return err
	}
	outputs.Logs = logs
	for _, b := range []struct {
		name string
		args bucket.Args
		into *Bucket
	}{
		{"backups", backupsBucket(env, outputs.Keys), &outputs.Backups},
		{"plugins", pluginsBucket(env, outputs.Keys), &outputs.Plugins},
		{"audit", auditBucket(env, outputs.Keys), &outputs.Audit},
	} {
		b.args.Logs = logs.Name
		if *b.into, err = newBucket(ctx, env, b.name, b.args, inLayer); err != nil {
			return err
		}
	}
	return nil
}

func newBucket(ctx *pulumi.Context, env Environment, name string, args bucket.Args, inLayer pulumi.ResourceOption) (Bucket, error) {
	args.Partition, args.AccountID = env.Partition, env.AccountID
	args.Protect = env.Config.Environment.Protect
	b, err := bucket.New(ctx, env.Named(name), args, inLayer)
	if err != nil {
		return Bucket{}, fmt.Errorf("bucket %s: %w", name, err)
	}
	return Bucket{Name: b.Name, ARN: b.ARN, Domain: b.Domain}, nil
}

// logsBucket has no key of ours: S3 delivers access logs to SSE-S3 only. It
// keeps access control lists, because CloudFront delivers standard logs with
// them.
func logsBucket(env Environment) bucket.Args {
	days := env.Config.Foundation.Buckets.LogRetentionDays
	return bucket.Args{
		ACLs: true,
		Deliveries: []bucket.Delivery{
			bucket.AccessLogs(env.Partition, env.Prefix+"-"),
			bucket.LoadBalancerLogs(env.Partition, env.Region, env.AccountID),
		},
		Lifecycle: bucket.Lifecycle{ExpireDays: days, ColdDays: cold(days), NoncurrentDays: noncurrentDays},
	}
}

func backupsBucket(env Environment, keys Keys) bucket.Args {
	days := env.Config.Foundation.Buckets.BackupRetentionDays
	return bucket.Args{
		KeyARN:         keys.Storage,
		Lifecycle:      bucket.Lifecycle{ExpireDays: days, ColdDays: cold(days), NoncurrentDays: noncurrentDays},
		Classification: "restricted",
	}
}

// pluginsBucket keeps plugin artefacts for good, since a generation may be
// returned to at any time, and the npm cache for a while.
func pluginsBucket(_ Environment, keys Keys) bucket.Args {
	return bucket.Args{
		KeyARN:    keys.Storage,
		Lifecycle: bucket.Lifecycle{NoncurrentDays: noncurrentDays, Prefixes: map[string]int{"npm/": npmCacheDays}},
	}
}

// auditBucket is written by CloudTrail and locked.
func auditBucket(env Environment, keys Keys) bucket.Args {
	c := env.Config.Foundation.Buckets
	return bucket.Args{
		KeyARN:         keys.Logs,
		Deliveries:     []bucket.Delivery{bucket.Trail(env.Partition, env.Region, env.AccountID, trailName(env))},
		Lifecycle:      bucket.Lifecycle{ExpireDays: c.AuditRetentionDays, ColdDays: cold(c.AuditRetentionDays), NoncurrentDays: noncurrentDays},
		Lock:           &bucket.Lock{Mode: string(c.AuditLockMode), Days: c.AuditRetentionDays},
		Classification: "restricted",
	}
}

// trailName is the name of the account's trail.
func trailName(env Environment) string { return env.Named("trail") }

// cold is when objects that are kept so long move to cheaper storage, 0 when
// they do not stay there long enough to be cheaper.
func cold(keptDays int) int {
	if keptDays < 2*coldDays {
		return 0
	}
	return coldDays
}
