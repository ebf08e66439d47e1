package cluster_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/cluster"
	"gatehouse/components/componenttest"
)

const (
	clusterType     = "aws:eks/cluster:Cluster"
	entryType       = "aws:eks/accessEntry:AccessEntry"
	associationType = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

	admin  = "arn:aws:iam::111122223333:role/platform-admin"
	deploy = "arn:aws:iam::111122223333:role/ci/deploy"
	reader = "arn:aws:iam::111122223333:role/auditor"
)

func args() cluster.Args {
	return cluster.Args{
		Partition: "aws", Region: "us-west-2", AccountID: "111122223333",
		Version: "1.35",
		Admins:  []string{admin, deploy}, ReadOnly: []string{reader},
		LogRetentionDays: 90,
		SecretsKeyARN:    pulumi.String("key-secrets"), LogsKeyARN: pulumi.String("key-logs"),
		VPCID: pulumi.String("vpc"), SubnetIDs: pulumi.ToStringArray([]string{"a", "b", "c"}),
		Clients: map[string]pulumi.StringInput{"vpn": pulumi.String("sg-vpn")},
		Protect: true,
	}
}

func try(args cluster.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		c, err := cluster.New(ctx, "c", args)
		if err != nil {
			return err
		}
		ctx.Export("kubeconfig", c.Kubeconfig("us-west-2"))
		return nil
	})
}

func run(t *testing.T, args cluster.Args) componenttest.Registrations {
	t.Helper()
	seen, err := try(args)
	require.NoError(t, err)
	return seen
}

func TestControlPlane(t *testing.T) {
	made := run(t, args()).One(t, clusterType)
	for path, want := range map[string]any{
		"name":                            "c",
		"version":                         "1.35",
		"accessConfig.authenticationMode": "API",
		"accessConfig.bootstrapClusterCreatorAdminPermissions": false,
		"bootstrapSelfManagedAddons":                           false,
		"enabledClusterLogTypes":                               []any{"api", "audit", "authenticator", "controllerManager", "scheduler"},
		"encryptionConfig.provider.keyArn":                     "key-secrets",
		"encryptionConfig.resources":                           []any{"secrets"},
		"upgradePolicy.supportType":                            "STANDARD",
		"vpcConfig.endpointPrivateAccess":                      true,
		"vpcConfig.endpointPublicAccess":                       false,
		"vpcConfig.publicAccessCidrs":                          nil,
		"vpcConfig.subnetIds":                                  []any{"a", "b", "c"},
	} {
		require.Equal(t, want, made.Input(path), path)
	}
	require.True(t, made.Protect)
	require.Equal(t, []string{"accessConfig.bootstrapClusterCreatorAdminPermissions"}, made.IgnoreChanges)
}

func TestPublicEndpointIsOnlyOpenToTheListed(t *testing.T) {
	open := args()
	open.PublicAccessCIDRs = []string{"203.0.113.0/24"}
	made := run(t, open).One(t, clusterType)
	require.Equal(t, true, made.Input("vpcConfig.endpointPublicAccess"))
	require.Equal(t, true, made.Input("vpcConfig.endpointPrivateAccess"))
	require.Equal(t, []any{"203.0.113.0/24"}, made.Input("vpcConfig.publicAccessCidrs"))
}

func TestLogsAreKeptEncryptedAndBeforeTheCluster(t *testing.T) {
	seen := run(t, args())
	logs := seen.One(t, "aws:cloudwatch/logGroup:LogGroup")
	require.Equal(t, "/aws/eks/c/cluster", logs.Input("name"))
	require.Equal(t, "key-logs", logs.Input("kmsKeyId"))
	require.EqualValues(t, 90, logs.Input("retentionInDays"))
	requireAfter(t, seen.One(t, clusterType), "LogGroup::c-logs")
}

func TestRoleIsEKSsForThisClusterAlone(t *testing.T) {
	seen := run(t, args())
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Sid":"Service","Effect":"Allow",
		"Principal":{"Service":["eks.amazonaws.com"]},"Action":["sts:AssumeRole"],"Condition":{
			"StringEquals":{"aws:SourceAccount":["111122223333"]},
			"ArnEquals":{"aws:SourceArn":["arn:aws:eks:us-west-2:111122223333:cluster/c"]}}}]}`,
		seen.One(t, "aws:iam/role:Role").Input("assumeRolePolicy").(string))
	require.Contains(t, seen.One(t, "aws:iam/rolePolicy:RolePolicy").Input("policy"), `"Resource":["key-secrets"]`)
	requireAfter(t, seen.One(t, clusterType), "RolePolicyAttachment::c-role-AmazonEKSClusterPolicy")
	requireAfter(t, seen.One(t, clusterType), "RolePolicy::c-role-policy")
}

func TestAccessEntries(t *testing.T) {
	seen := run(t, args())
	policies := map[any]any{}
	for _, association := range seen.OfType(associationType) {
		require.Equal(t, "cluster", association.Input("accessScope.type"))
		policies[association.Input("principalArn")] = association.Input("policyArn")
	}
	require.Equal(t, map[any]any{
		admin:  "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
		deploy: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
		reader: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
	}, policies)
	require.Len(t, seen.OfType(entryType), 3)
}

func TestNamesDoNotFollowTheOrderOfPrincipals(t *testing.T) {
	reordered := args()
	reordered.Admins = []string{deploy, admin}
	require.ElementsMatch(t, run(t, args()).Customs().Names(), run(t, reordered).Customs().Names())

	more := args()
	more.Admins = append([]string{"arn:aws:iam::111122223333:role/another"}, more.Admins...)
	require.Subset(t, run(t, more).Customs().Names(), run(t, args()).Customs().Names())
}

func TestAccessIsRefused(t *testing.T) {
	locked := args()
	locked.Admins = nil
	_, err := try(locked)
	require.ErrorContains(t, err, "name at least the role that deploys")

	both := args()
	both.ReadOnly = append(both.ReadOnly, admin)
	_, err = try(both)
	require.ErrorContains(t, err, "both an admin and read-only")
}

func TestClientsReachTheEndpointOnItsPortAlone(t *testing.T) {
	rule := run(t, args()).One(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
	require.Equal(t, "sg-vpn", rule.Input("referencedSecurityGroupId"))
	require.EqualValues(t, 443, rule.Input("fromPort"))
	require.EqualValues(t, 443, rule.Input("toPort"))

	alone := args()
	alone.Clients = nil
	seen := run(t, alone)
	require.Empty(t, seen.OfType("aws:ec2/securityGroup:SecurityGroup"))
	require.Nil(t, seen.One(t, clusterType).Input("vpcConfig.securityGroupIds"))
}

func TestChildrenAreParented(t *testing.T) {
	for _, r := range run(t, args()).Customs() {
		require.NotEmpty(t, r.Parent, r.Name)
		require.NotContains(t, r.Parent, "pulumi:pulumi:Stack", r.Name)
	}
}

func TestAddons(t *testing.T) {
	tags := map[string]string{"owner": "platform"}
	cni, ebs, efs := pulumi.String("cni"), pulumi.String("ebs"), pulumi.String("efs")
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		first, err := cluster.NewAddons(ctx, "first", cluster.AddonsArgs{ClusterName: pulumi.String("c"), Addons: cluster.NodeAddons(cni)})
		if err != nil {
			return err
		}
		_, err = cluster.NewAddons(ctx, "then", cluster.AddonsArgs{
			ClusterName: pulumi.String("c"), Addons: cluster.WorkloadAddons(ebs, efs, tags), After: []pulumi.Resource{first},
		})
		return err
	})
	found := map[any]componenttest.Registration{}
	for _, addon := range seen.OfType("aws:eks/addon:Addon") {
		require.Nil(t, addon.Input("addonVersion"))
		found[addon.Input("addonName")] = addon
	}
	require.Len(t, found, 7)
	for name, want := range map[string]string{
		"vpc-cni":                `{"enableNetworkPolicy":"true","env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}`,
		"kube-proxy":             "",
		"eks-pod-identity-agent": "",
		"coredns":                `{"autoScaling":{"enabled":true,"minReplicas":2,"maxReplicas":10}}`,
		"aws-ebs-csi-driver":     `{"controller":{"extraVolumeTags":{"owner":"platform"}}}`,
		"aws-efs-csi-driver":     "",
		"metrics-server":         `{"replicas":2}`,
	} {
		values, _ := found[name].Input("configurationValues").(string)
		require.Equal(t, want, values, name)
		require.True(t, want == "" || json.Valid([]byte(values)), name)
	}
	require.Equal(t, "cni", found["vpc-cni"].Input("serviceAccountRoleArn"))
	require.Equal(t, "ebs", found["aws-ebs-csi-driver"].Input("serviceAccountRoleArn"))
	require.Equal(t, "efs", found["aws-efs-csi-driver"].Input("serviceAccountRoleArn"))
	requireAfter(t, found["coredns"], "Addon::first-vpc-cni")
}

// requireAfter asserts that r waits for the resource whose URN ends in suffix.
func requireAfter(t *testing.T, r componenttest.Registration, suffix string) {
	t.Helper()
	require.True(t, slices.ContainsFunc(r.Dependencies, func(urn string) bool {
		return len(urn) >= len(suffix) && urn[len(urn)-len(suffix):] == suffix
	}), "%s does not wait for %s but for %v", r.Name, suffix, r.Dependencies)
}
