package redis

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newParameterGroup makes the settings of a family; see the same in
// components/postgres for why the family is in the name.
func newParameterGroup(ctx *pulumi.Context, name string, major int, child pulumi.ResourceOption) (*elasticache.ParameterGroup, error) {
	family := fmt.Sprintf("redis%d", major)
	setting := func(name, value string) elasticache.ParameterGroupParameterArgs {
		return elasticache.ParameterGroupParameterArgs{Name: pulumi.String(name), Value: pulumi.String(value)}
	}
	return elasticache.NewParameterGroup(ctx, name+"-"+family, &elasticache.ParameterGroupArgs{
		Description: pulumi.String("settings of " + name),
		Family:      pulumi.String(family),
		Parameters: elasticache.ParameterGroupParameterArray{
			setting("cluster-enabled", "yes"),
			setting("maxmemory-policy", "allkeys-lru"),
			// Microseconds from which a command is in the slow log.
			setting("slowlog-log-slower-than", "10000"),
		},
	}, child)
}

// newLogs makes the log groups, with a key, and says what is sent to them.
func newLogs(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (elasticache.ReplicationGroupLogDeliveryConfigurationArray, error) {
	var deliveries elasticache.ReplicationGroupLogDeliveryConfigurationArray
	for _, kind := range []string{"slow-log", "engine-log"} {
		group, err := cloudwatch.NewLogGroup(ctx, name+"-"+kind, &cloudwatch.LogGroupArgs{
			Name:            pulumi.Sprintf("/aws/elasticache/%s/%s", name, kind),
			RetentionInDays: pulumi.Int(args.LogRetentionDays),
			KmsKeyId:        args.LogsKey,
		}, child)
		if err != nil {
			return nil, err
		}
		deliveries = append(deliveries, elasticache.ReplicationGroupLogDeliveryConfigurationArgs{
			Destination:     group.Name,
			DestinationType: pulumi.String("cloudwatch-logs"),
			LogFormat:       pulumi.String("json"),
			LogType:         pulumi.String(kind),
		})
	}
	return deliveries, nil
}
