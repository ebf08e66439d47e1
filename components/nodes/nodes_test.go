package nodes_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/nodes"
)

const (
	groupType    = "aws:eks/nodeGroup:NodeGroup"
	templateType = "aws:ec2/launchTemplate:LaunchTemplate"
)

func args() nodes.Args {
	return nodes.Args{
		Partition: "aws", ClusterName: pulumi.String("c"), Version: "1.35",
		SubnetIDs:        pulumi.ToStringArray([]string{"a", "b", "c"}),
		SecurityGroupIDs: []pulumi.StringInput{pulumi.String("sg-cluster"), pulumi.String("sg-workloads")},
		VolumesKeyARN:    pulumi.String("key-volumes"),
		Tags:             map[string]string{"owner": "platform"},
		Groups: map[string]nodes.Group{
			"apps":  {InstanceTypes: []string{"m7g.large"}, Architecture: nodes.ARM64, Min: 6, Max: 12, Desired: 7, DiskGiB: 100},
			"build": {InstanceTypes: []string{"m7i.large", "m7a.large"}, Architecture: nodes.X86, Max: 4, DiskGiB: 50, Spot: true},
		},
	}
}

// run makes the nodes after a resource that stands for the network add-on.
func run(t testing.TB, args nodes.Args) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		first, err := cloudwatch.NewLogGroup(ctx, "before", nil)
		if err != nil {
			return err
		}
		args.After = []pulumi.Resource{first}
		_, err = nodes.New(ctx, "n", args)
		return err
	})
}

func TestGroups(t *testing.T) {
	seen := run(t, args())
	apps := seen.Named(t, groupType, "n-apps")
	for path, want := range map[string]any{
		"clusterName":                           "c",
		"version":                               "1.35",
		"subnetIds":                             []any{"a", "b", "c"},
		"amiType":                               "AL2023_ARM_64_STANDARD",
		"capacityType":                          "ON_DEMAND",
		"instanceTypes":                         []any{"m7g.large"},
		"launchTemplate.id":                     "n-apps-id",
		"launchTemplate.version":                "1",
		"scalingConfig.minSize":                 6.0,
		"scalingConfig.maxSize":                 12.0,
		"scalingConfig.desiredSize":             7.0,
		"updateConfig.maxUnavailablePercentage": 33.0,
		"nodeRepairConfig.enabled":              true,
		"labels":                                map[string]any{"gatehouse/pool": "apps"},
		"taints":                                nil,
		"nodeGroupName":                         nil,
	} {
		require.Equal(t, want, apps.Input(path), path)
	}
	require.Equal(t, []string{"scalingConfig.desiredSize"}, apps.IgnoreChanges)
	for _, before := range []string{
		"LogGroup::before",
		"RolePolicyAttachment::n-role-AmazonEKSWorkerNodePolicy",
		"RolePolicyAttachment::n-role-AmazonEC2ContainerRegistryPullOnly",
		"RolePolicyAttachment::n-role-AmazonSSMManagedInstanceCore",
	} {
		require.True(t, slices.ContainsFunc(apps.Dependencies, func(urn string) bool { return strings.HasSuffix(urn, before) }),
			"%s among %v", before, apps.Dependencies)
	}
}

func TestSpotNodesAreTaintedAndLabelledAsTheGuideSays(t *testing.T) {
	build := run(t, args()).Named(t, groupType, "n-build")
	require.Equal(t, "SPOT", build.Input("capacityType"))
	require.Equal(t, "AL2023_x86_64_STANDARD", build.Input("amiType"))
	require.Equal(t, []any{map[string]any{"key": "spot", "value": "true", "effect": "NO_SCHEDULE"}}, build.Input("taints"))
	require.Equal(t, map[string]any{"gatehouse/pool": "build", "node.kubernetes.io/lifecycle": "spot"}, build.Input("labels"))
}

func TestTemplates(t *testing.T) {
	template := run(t, args()).Named(t, templateType, "n-apps")
	for path, want := range map[string]any{
		"metadataOptions.httpTokens":                     "required",
		"metadataOptions.httpPutResponseHopLimit":        1.0,
		"blockDeviceMappings[0].deviceName":              "/dev/xvda",
		"blockDeviceMappings[0].ebs.encrypted":           "true",
		"blockDeviceMappings[0].ebs.kmsKeyId":            "key-volumes",
		"blockDeviceMappings[0].ebs.volumeType":          "gp3",
		"blockDeviceMappings[0].ebs.volumeSize":          100.0,
		"monitoring.enabled":                             true,
		"updateDefaultVersion":                           true,
		"vpcSecurityGroupIds":                            []any{"sg-cluster", "sg-workloads"},
		"tagSpecifications[0].resourceType":              "instance",
		"tagSpecifications[1].resourceType":              "volume",
		"tagSpecifications[2].resourceType":              "network-interface",
		"imageId":                                        nil,
		"networkInterfaces":                              nil,
		"metadataOptions.httpEndpoint":                   "enabled",
		"blockDeviceMappings[0].ebs.deleteOnTermination": "true",
	} {
		require.Equal(t, want, template.Input(path), path)
	}
	for i := range 3 {
		require.Equal(t, map[string]any{"owner": "platform", "Name": "n-apps"},
			template.Input([]string{"tagSpecifications[0].tags", "tagSpecifications[1].tags", "tagSpecifications[2].tags"}[i]))
	}
}

// Nodes must not carry the network add-on's permissions, which every pod on
// them could otherwise use.
func TestNodeRoleIsLeast(t *testing.T) {
	seen := run(t, args())
	require.Empty(t, seen.OfType("aws:iam/rolePolicy:RolePolicy"))
	require.Len(t, seen.OfType("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), 3)
	require.Contains(t, seen.One(t, "aws:iam/role:Role").Input("assumeRolePolicy"), `"ec2.amazonaws.com"`)
}

func TestNoGroupsAreRefused(t *testing.T) {
	none := args()
	none.Groups = nil
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := nodes.New(ctx, "n", none)
		return err
	})
	require.ErrorContains(t, err, "none are named")
}

// Whatever the groups are, each has one template and one group named by its
// pool, and adding one leaves the others' names alone.
func TestGroupsAreKeyedByPool(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		groups := rapid.MapOfN(rapid.StringMatching(`[a-z]{1,12}`), rapid.Custom(drawGroup), 1, 5).Draw(r, "groups")
		some := args()
		some.Groups = groups
		seen := run(t, some)
		for pool, group := range groups {
			made := seen.Named(t, groupType, "n-"+pool)
			require.Equal(r, pool, made.Input("labels[\"gatehouse/pool\"]"))
			require.Equal(r, group.Spot, made.Input("taints") != nil)
			require.Equal(r, "n-"+pool+"-id", made.Input("launchTemplate.id"))
			seen.Named(t, templateType, "n-"+pool)
		}
		require.Len(r, seen.OfType(groupType), len(groups))
	})
}

func drawGroup(r *rapid.T) nodes.Group {
	return nodes.Group{
		InstanceTypes: []string{"m7i.large"}, Architecture: nodes.X86,
		Min: rapid.IntRange(0, 3).Draw(r, "min"), Max: rapid.IntRange(3, 9).Draw(r, "max"), Desired: 3,
		DiskGiB: rapid.IntRange(20, 1000).Draw(r, "disk"), Spot: rapid.Bool().Draw(r, "spot"),
	}
}
