package aws

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"gatehouse/checks/evidence"
)

func readersOfElastiCache(c *Collector) []evidence.Reader {
	client := elasticache.NewFromConfig(c.config)
	return []evidence.Reader{
		evidence.Read(evidence.AWSCache, c.statement("elasticache:DescribeReplicationGroups", c.target.Cache), func(ctx context.Context) (evidence.CacheGroup, error) {
			if c.target.Cache == "" {
				return evidence.CacheGroup{}, missing("ElastiCache replication group", "cache")
			}
			out, err := client.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &c.target.Cache})
			if err != nil {
				return evidence.CacheGroup{}, err
			}
			if len(out.ReplicationGroups) != 1 {
				return evidence.CacheGroup{}, evidence.Problem{Kind: evidence.Invalid, Message: "elasticache:DescribeReplicationGroups did not answer with the one group " + c.target.Cache}
			}
			return cacheOf(out.ReplicationGroups[0]), nil
		}),
		evidence.Read(evidence.AWSCacheSnapshots, c.statement("elasticache:DescribeSnapshots", c.target.Cache), func(ctx context.Context) ([]evidence.CacheSnapshot, error) {
			return c.cacheSnapshots(ctx, client)
		}),
	}
}

func cacheOf(g types.ReplicationGroup) evidence.CacheGroup {
	e := evidence.CacheGroup{
		ID: aws.ToString(g.ReplicationGroupId), Status: aws.ToString(g.Status), ClusterMode: aws.ToBool(g.ClusterEnabled),
		Failover: string(g.AutomaticFailover), MultiAZ: string(g.MultiAZ), Shards: []evidence.CacheShard{},
		Transit: aws.ToBool(g.TransitEncryptionEnabled), AtRest: aws.ToBool(g.AtRestEncryptionEnabled),
		SnapshotDays: int(aws.ToInt32(g.SnapshotRetentionLimit)), SnapshotWindow: aws.ToString(g.SnapshotWindow),
	}
	for _, n := range g.NodeGroups {
		shard := evidence.CacheShard{ID: aws.ToString(n.NodeGroupId), Status: aws.ToString(n.Status)}
		for _, m := range n.NodeGroupMembers {
			shard.Zones = append(shard.Zones, aws.ToString(m.PreferredAvailabilityZone))
		}
		e.Shards = append(e.Shards, shard)
	}
	return e
}

func (c *Collector) cacheSnapshots(ctx context.Context, client *elasticache.Client) ([]evidence.CacheSnapshot, error) {
	if c.target.Cache == "" {
		return nil, missing("ElastiCache replication group", "cache")
	}
	all := []evidence.CacheSnapshot{}
	input := &elasticache.DescribeSnapshotsInput{ReplicationGroupId: &c.target.Cache, MaxRecords: aws.Int32(50)}
	err := pages(ctx, elasticache.NewDescribeSnapshotsPaginator(client, input), func(page *elasticache.DescribeSnapshotsOutput) {
		for _, s := range page.Snapshots {
			all = append(all, evidence.CacheSnapshot{
				Name: aws.ToString(s.SnapshotName), Source: aws.ToString(s.SnapshotSource), Status: aws.ToString(s.SnapshotStatus),
				Created: oldestShard(s.NodeSnapshots),
			})
		}
	})
	return all, err
}

// oldestShard is when the first of a snapshot's shards was taken: what is newer
// may be missing from it. Zero when a shard's time is not said.
func oldestShard(nodes []types.NodeSnapshot) time.Time {
	var oldest time.Time
	for i, node := range nodes {
		at := aws.ToTime(node.SnapshotCreateTime)
		if i == 0 || at.Before(oldest) {
			oldest = at
		}
	}
	return oldest
}
