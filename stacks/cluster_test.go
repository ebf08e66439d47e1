package stacks

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runCluster runs the cluster layer, and registers the provider of what is
// inside, on stand-ins for the earlier layers' outputs.
func runCluster(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	list := func(s ...string) pulumi.StringArrayOutput { return pulumi.ToStringArray(s).ToStringArrayOutput() }
	foundation := FoundationOutputs{
		Keys:    Keys{Cluster: text("key-cluster"), Logs: text("key-logs"), Volumes: text("key-volumes"), Storage: text("key-storage"), Secrets: text("key-secrets")},
		Plugins: Bucket{ARN: text("arn:plugins")}, Backups: Bucket{ARN: text("arn:backups")}, Audit: Bucket{ARN: text("arn:audit")},
		Repositories: map[string]Repository{"websocket": {ARN: text("arn:websocket")}},
		SecretARNs:   map[string]pulumi.StringOutput{"session-key": text("arn:session-key")},
	}
	network := NetworkOutputs{
		VPCID: text("vpc"), Private: list("private-a", "private-b", "private-c"),
		Workloads: text("sg-workloads"), VPN: pulumi.StringPtr("sg-vpn").ToStringPtrOutput(),
	}
	data := DataOutputs{
		Postgres: Postgres{ARN: text("arn:postgres"), ResourceID: text("db-ID"), MasterSecretARN: text("arn:master")},
		Redis: Redis{ARN: text("arn:redis"), UserARNs: map[string]pulumi.StringOutput{
			"portal": text("arn:user:portal"), "backstage": text("arn:user:backstage"),
		}},
		Filesystem: Filesystem{ID: text("fs-1")},
	}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		cluster, err := deployCluster(ctx, env, foundation, network, EdgeOutputs{ZoneID: text("Z1")}, data)
		if err != nil {
			return err
		}
		_, err = newKubernetesProvider(ctx, env, cluster)
		return err
	})
}

func TestClusterFollowsTheConfiguration(t *testing.T) {
	c := configtest.Production()
	seen := runCluster(t, c)

	control := seen.One(t, "aws:eks/cluster:Cluster")
	require.Equal(t, "gatehouse-test-cluster", control.Input("name"))
	require.Equal(t, string(c.Cluster.Version), control.Input("version"))
	require.Equal(t, []any{"private-a", "private-b", "private-c"}, control.Input("vpcConfig.subnetIds"))
	require.Equal(t, "key-cluster", control.Input("encryptionConfig.provider.keyArn"))
	require.True(t, control.Protect)

	apps := seen.Named(t, "aws:eks/nodeGroup:NodeGroup", "gatehouse-test-nodes-apps")
	require.GreaterOrEqual(t, apps.Input("scalingConfig.minSize"), 6.0)
	require.Equal(t, []any{"sg-cluster", "sg-workloads"},
		seen.Named(t, "aws:ec2/launchTemplate:LaunchTemplate", "gatehouse-test-nodes-apps").Input("vpcSecurityGroupIds"))
	require.Equal(t, "SPOT", seen.Named(t, "aws:eks/nodeGroup:NodeGroup", "gatehouse-test-nodes-build").Input("capacityType"))

	// Only production has a VPN, whose clients reach the private endpoint.
	rule := seen.Named(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "gatehouse-test-cluster-clients-vpn")
	require.Equal(t, "sg-vpn", rule.Input("referencedSecurityGroupId"))
	require.Empty(t, runCluster(t, configtest.Staging()).OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
}

// What cannot be undone in the wrong order waits for what it needs.
func TestClusterOrder(t *testing.T) {
	seen := runCluster(t, configtest.Staging())
	waits := func(r componenttest.Registration, suffix string) {
		t.Helper()
		require.True(t, slices.ContainsFunc(r.Dependencies, func(urn string) bool { return strings.HasSuffix(urn, suffix) }),
			"%s does not wait for %s but for %v", r.Name, suffix, r.Dependencies)
	}
	apps := seen.Named(t, "aws:eks/nodeGroup:NodeGroup", "gatehouse-test-nodes-apps")
	waits(apps, "Addon::gatehouse-test-node-addons-vpc-cni")
	waits(seen.Named(t, "aws:eks/addon:Addon", "gatehouse-test-node-addons-vpc-cni"), "RolePolicyAttachment::gatehouse-test-identity-vpc-cni-AmazonEKS_CNI_Policy")
	waits(seen.Named(t, "aws:eks/addon:Addon", "gatehouse-test-addons-coredns"), "NodeGroup::gatehouse-test-nodes-apps")

	provider := seen.One(t, "pulumi:providers:kubernetes")
	for _, group := range []string{"system", "apps", "build"} {
		waits(provider, "NodeGroup::gatehouse-test-nodes-"+group)
	}
	waits(provider, "AccessPolicyAssociation::gatehouse-test-cluster-access-111122223333-role-platform-admin")
}

func TestKubernetesProviderIsBoundToTheCluster(t *testing.T) {
	c := configtest.Staging()
	provider := runCluster(t, c).One(t, "pulumi:providers:kubernetes")
	require.Equal(t, "arn:aws:eks:us-west-2:"+string(c.Environment.AccountID)+":cluster/gatehouse-test-cluster", provider.Input("clusterIdentifier"))
	require.Contains(t, provider.Input("kubeconfig"), `"command":"aws"`)

	c.Sandbox = &config.Sandbox{AWSEndpoint: "http://127.0.0.1:1", Kubeconfig: "/sandbox/kubeconfig", AccountID: "123456789012"}
	bound := runCluster(t, c).One(t, "pulumi:providers:kubernetes")
	require.Equal(t, "/sandbox/kubeconfig", bound.Input("kubeconfig"))
}

// Namespaces that roles are bound to must be among the ones that are made, or
// be Kubernetes's own.
func TestRolesAreForNamespacesThatExist(t *testing.T) {
	known := []string{"kube-system"}
	for _, space := range spaces() {
		known = append(known, space.Namespace)
	}
	for _, role := range runCluster(t, configtest.Staging()).OfType("aws:iam/role:Role") {
		trust := role.Input("assumeRolePolicy").(string)
		if _, subject, bound := strings.Cut(trust, "system:serviceaccount:"); bound {
			namespace, _, _ := strings.Cut(subject, ":")
			require.Contains(t, known, namespace, role.Name)
		}
	}
}

// Whatever a valid configuration says, secrets and disks are encrypted, the
// endpoint is private or narrow, and nodes are in private subnets.
func TestEveryValidClusterIsClosed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seen := runCluster(t, configtest.Valid(r))
		control := seen.One(t, "aws:eks/cluster:Cluster")
		require.Equal(r, "key-cluster", control.Input("encryptionConfig.provider.keyArn"))
		require.Equal(r, true, control.Input("vpcConfig.endpointPrivateAccess"))
		public := control.Input("vpcConfig.endpointPublicAccess") == true
		cidrs, _ := control.Input("vpcConfig.publicAccessCidrs").([]any)
		require.Equal(r, public, len(cidrs) > 0)
		require.NotContains(r, cidrs, "0.0.0.0/0")
		for _, template := range seen.OfType("aws:ec2/launchTemplate:LaunchTemplate") {
			require.Equal(r, "key-volumes", template.Input("blockDeviceMappings[0].ebs.kmsKeyId"))
			require.Equal(r, "required", template.Input("metadataOptions.httpTokens"))
		}
		for _, group := range seen.OfType("aws:eks/nodeGroup:NodeGroup") {
			require.Equal(r, []any{"private-a", "private-b", "private-c"}, group.Input("subnetIds"))
		}
	})
}

func TestLabelValuesFitKubernetes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		value := labelValue(rapid.String().Draw(r, "owner"))
		require.Regexp(r, `^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`, value)
		require.LessOrEqual(r, len(value), 63)
	})
	require.Equal(t, "Platform-Team", labelValue("Platform Team"))
}
