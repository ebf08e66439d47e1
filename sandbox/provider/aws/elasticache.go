package aws

import (
	"context"

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
			Unseen: map[string]string{"userGroupIds": "user groups are simulated", "logDeliveryConfigurations": "the emulator ignores it"},
			Tag:    tag,
			Create: create((*cachec).CreateReplicationGroup, "", func(_ *request, in *api.CreateReplicationGroupInput) {
				in.UserGroupIds = nil // user groups are simulated; the emulator would look for them
			}),
			Read:   merged(readReplicationGroup, tags),
			Update: renew, // the emulator has no ModifyReplicationGroup
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
			Delete: remove((*cachec).DeleteUser, "UserId"),
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

// readReplicationGroup observes a replication group with its endpoints and the size of its shards.
func readReplicationGroup(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*cachec).DescribeReplicationGroups, &api.DescribeReplicationGroupsInput{ReplicationGroupId: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.ReplicationGroups) == 0 {
		return nil, errGone
	}
	g := out.ReplicationGroups[0]
	more := props{
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
