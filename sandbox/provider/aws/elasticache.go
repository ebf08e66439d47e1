package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
)

type cachec = api.Client

// elasticacheRows are Redis replication groups, their groups and users.
func elasticacheRows() []Resource {
	tag := tagger((*cachec).AddTagsToResource, (*cachec).RemoveTagsFromResource, "ResourceName", byARN)
	tags := listTags((*cachec).ListTagsForResource, "ResourceName", byARN)
	fixed := map[string]string{
		"userGroupIds": "user groups are simulated", "logDeliveryConfigurations": "the emulator ignores it",
		"applyImmediately": "it is an order, not a property", "authToken": "AWS never tells it", "finalSnapshotIdentifier": "AWS takes it at deletion",
	}
	for _, name := range []string{
		"description", "nodeType", "engineVersion", "parameterGroupName", "securityGroupIds", "snapshotRetentionLimit", "snapshotWindow", "maintenanceWindow",
		"automaticFailoverEnabled", "multiAzEnabled", "numNodeGroups", "replicasPerNodeGroup", "numCacheClusters", "autoMinorVersionUpgrade", "notificationTopicArn",
		"transitEncryptionEnabled", "transitEncryptionMode", "clusterMode", "ipDiscovery", "networkType", "preferredCacheClusterAzs",
	} {
		fixed[name] = "the emulator can not change it"
	}
	return []Resource{
		{
			Token: "aws:elasticache/replicationGroup:ReplicationGroup", Args: elasticache.ReplicationGroupArgs{}, State: elasticache.ReplicationGroup{},
			Name: "replicationGroupId", NameMax: 40,
			Replace: []string{"replicationGroupId", "engine", "port", "subnetGroupName", "atRestEncryptionEnabled", "kmsKeyId", "securityGroupNames"},
			Rename: map[string]string{
				"description": "ReplicationGroupDescription|Description", "nodeType": "CacheNodeType", "parameterGroupName": "CacheParameterGroupName",
				"subnetGroupName": "CacheSubnetGroupName", "maintenanceWindow": "PreferredMaintenanceWindow",
				"automaticFailoverEnabled": "AutomaticFailoverEnabled", "multiAzEnabled": "MultiAZEnabled",
			},
			Secret: []string{"authToken"},
			Unseen: fixed,
			Tag:    tag,
			Find:   findReplicationGroup,
			Create: createReplicationGroup,
			Read:   merged(readReplicationGroup, tags),
			Update: func(context.Context, *request) error { return nil }, // the emulator has no ModifyReplicationGroup: see fixed
			Delete: remove((*cachec).DeleteReplicationGroup, "ReplicationGroupId"),
		},
		{
			Token: "aws:elasticache/subnetGroup:SubnetGroup", Args: elasticache.SubnetGroupArgs{}, State: elasticache.SubnetGroup{}, ARN: "elasticache:subnetgroup:",
			Name: "name", Replace: []string{"name"},
			Rename: map[string]string{"name": "CacheSubnetGroupName", "description": "CacheSubnetGroupDescription"},
			Tag:    tag,
			Create: create((*cachec).CreateCacheSubnetGroup, "", func(_ *request, in *api.CreateCacheSubnetGroupInput) {
				if in.CacheSubnetGroupDescription == nil {
					in.CacheSubnetGroupDescription = aws.String("Managed by Pulumi")
				}
			}),
			Read:   merged(readCacheSubnets, tags),
			Update: renew,
			// The emulator can not delete a subnet group.
			Delete: nothing,
		},
		{
			Token: "aws:elasticache/user:User", Args: elasticache.UserArgs{}, State: elasticache.User{},
			Name: "userId", NameMax: 40, Replace: []string{"userId", "userName", "engine"},
			Secret: []string{"passwords", "authenticationMode"},
			Unseen: map[string]string{"passwords": "AWS never tells them", "authenticationMode": "AWS never tells the passwords", "accessString": "AWS tells it in another spelling", "engine": "AWS tells it in another spelling"},
			Create: create((*cachec).CreateUser, "", func(_ *request, in *api.CreateUserInput) {
				if in.AuthenticationMode != nil {
					in.AuthenticationMode.Type = inputAuthentication(in.AuthenticationMode)
				}
			}),
			Read:   read((*cachec).DescribeUsers, "UserId", "Users"),
			Update: renew,
			Delete: steps(remove((*cachec).DeleteUser, "UserId"), untilGone),
		},
		{
			Token: "aws:elasticache/parameterGroup:ParameterGroup", Args: elasticache.ParameterGroupArgs{}, State: elasticache.ParameterGroup{},
			Simulated: true, ARN: "elasticache:parametergroup:", Name: "name", Replace: []string{"name", "family", "description"},
		},
		{
			Token: "aws:elasticache/userGroup:UserGroup", Args: elasticache.UserGroupArgs{}, State: elasticache.UserGroup{},
			Simulated: true, ARN: "elasticache:usergroup:", Name: "userGroupId", Replace: []string{"userGroupId", "engine"},
		},
	}
}

// inputAuthentication spells the kind of authentication as calls want it.
func inputAuthentication(mode *types.AuthenticationMode) types.InputAuthenticationType {
	if len(mode.Passwords) > 0 {
		return types.InputAuthenticationTypePassword
	}
	return mode.Type
}

// The emulator keeps deleted replication groups for ever, so a name that was used before gets a number: then the ID
// differs from the name.

// createReplicationGroup makes a replication group under the first free name.
func createReplicationGroup(ctx context.Context, r *request) (string, error) {
	for n := 1; ; n++ {
		id := numbered(r.str("replicationGroupId"), n)
		_, err := send(ctx, r, (*cachec).CreateReplicationGroup, func(_ *request, in *api.CreateReplicationGroupInput) {
			in.ReplicationGroupId = &id
			in.UserGroupIds = nil // user groups are simulated; the emulator would look for them
		})
		probe := *r
		probe.id = id
		if !exists(err) {
			return id, err
		}
		if _, readErr := readReplicationGroup(ctx, &probe); !isGone(readErr) {
			return "", err
		}
	}
}

// findReplicationGroup finds the living replication group of the inputs' name.
func findReplicationGroup(ctx context.Context, r *request) (string, error) {
	for n := 1; ; n++ {
		id := numbered(r.str("replicationGroupId"), n)
		out, err := call(ctx, r, (*cachec).DescribeReplicationGroups, &api.DescribeReplicationGroupsInput{ReplicationGroupId: &id})
		if err != nil {
			return "", err
		}
		if len(out.ReplicationGroups) > 0 && aws.ToString(out.ReplicationGroups[0].Status) != "deleting" {
			return id, nil
		}
	}
}

func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, n)
}

// readReplicationGroup observes a replication group with its endpoints and the size of its shards.
func readReplicationGroup(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*cachec).DescribeReplicationGroups, &api.DescribeReplicationGroupsInput{ReplicationGroupId: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.ReplicationGroups) == 0 || aws.ToString(out.ReplicationGroups[0].Status) == "deleting" {
		return nil, errGone // the emulator never ends a deletion
	}
	g := out.ReplicationGroups[0]
	more := props{
		"replicationGroupId":       replicationGroupName(r),
		"automaticFailoverEnabled": g.AutomaticFailover == types.AutomaticFailoverStatusEnabled,
		"multiAzEnabled":           g.MultiAZ == types.MultiAZStatusEnabled,
	}
	if n := len(g.NodeGroups); n > 0 {
		more["numNodeGroups"] = float64(n)
		if members := len(g.NodeGroups[0].NodeGroupMembers); members > 0 {
			more["replicasPerNodeGroup"] = float64(members - 1)
		}
		more["numCacheClusters"] = float64(len(g.MemberClusters))
		if e := g.NodeGroups[0].PrimaryEndpoint; e != nil {
			more["primaryEndpointAddress"] = aws.ToString(e.Address)
		}
		if e := g.NodeGroups[0].ReaderEndpoint; e != nil {
			more["readerEndpointAddress"] = aws.ToString(e.Address)
		}
	}
	if e := g.ConfigurationEndpoint; e != nil {
		more["configurationEndpointAddress"], more["port"] = aws.ToString(e.Address), float64(aws.ToInt32(e.Port))
	}
	return r.see(g, more), nil
}

// replicationGroupName is the name that Pulumi knows: see createReplicationGroup.
func replicationGroupName(r *request) string {
	if name := r.str("replicationGroupId"); name != "" {
		return name
	}
	return r.id
}

func readCacheSubnets(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*cachec).DescribeCacheSubnetGroups, &api.DescribeCacheSubnetGroupsInput{CacheSubnetGroupName: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.CacheSubnetGroups) == 0 {
		return nil, errGone
	}
	subnets := []any{}
	for _, s := range out.CacheSubnetGroups[0].Subnets {
		subnets = append(subnets, aws.ToString(s.SubnetIdentifier))
	}
	return r.see(out.CacheSubnetGroups[0], props{"subnetIds": subnets}), nil
}
