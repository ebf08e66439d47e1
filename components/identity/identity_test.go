package identity_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/identity"
)

const (
	roleType   = "aws:iam/role:Role"
	policyType = "aws:iam/rolePolicy:RolePolicy"
	issuer     = "https://oidc.eks.us-west-2.amazonaws.com/id/0123"
)

// statement is one statement of a rendered policy.
type statement struct {
	Sid       string
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string
}

func resources() identity.Resources {
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	return identity.Resources{
		Partition: "aws", Region: "us-west-2", AccountID: "111122223333", ClusterName: "c",
		Plugins: text("arn:aws:s3:::plugins"), Backups: text("arn:aws:s3:::backups"), StorageKey: text("arn:aws:kms:us-west-2:111122223333:key/storage"),
		Secrets:    map[string]pulumi.StringOutput{"b": text("arn:secret:b"), "a": text("arn:secret:a")},
		SecretsKey: text("arn:aws:kms:us-west-2:111122223333:key/secrets"), VolumesKey: text("arn:aws:kms:us-west-2:111122223333:key/volumes"),
		Repositories: map[string]pulumi.StringInput{"backstage-backend": text("arn:repository")},
		Database:     text("arn:aws:rds:us-west-2:111122223333:db:postgres"), DatabaseResourceID: text("db-RESOURCE"), DatabaseSecret: text("arn:secret:rds"),
		Cache: text("arn:cache"), CacheUsers: map[string]pulumi.StringOutput{"backstage": text("arn:user:backstage"), "portal": text("arn:user:portal")},
		Reports: text("arn:aws:s3:::audit"), ReportsKey: text("arn:aws:kms:us-west-2:111122223333:key/logs"),
		Trail: text("arn:aws:s3:::audit"), TrailKey: text("arn:aws:kms:us-west-2:111122223333:key/logs"), BuildProject: "portal",
		ZoneID: text("Z1"), Domain: "portal.example.com", LogGroups: "/gatehouse/test/",
	}
}

func run(t testing.TB, workloads []identity.Workload) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := identity.New(ctx, "i", identity.Args{Partition: "aws", Issuer: pulumi.String(issuer), Workloads: workloads})
		return err
	})
}

// policies are the statements of each workload by Sid.
func policies(t *testing.T, r identity.Resources) map[string]map[string]statement {
	t.Helper()
	found := map[string]map[string]statement{}
	for _, policy := range run(t, identity.Workloads(r)).OfType(policyType) {
		text := policy.Input("policy").(string)
		require.Less(t, len(text), 10_240, "IAM's limit for the inline policies of a role: %s", policy.Name)
		var document struct{ Statement []statement }
		require.NoError(t, json.Unmarshal([]byte(text), &document))
		bySid := map[string]statement{}
		for _, s := range document.Statement {
			bySid[s.Sid] = s
		}
		found[strings.TrimSuffix(strings.TrimPrefix(policy.Name, "i-"), "-policy")] = bySid
	}
	return found
}

func TestProviderTrustsTheClustersIssuer(t *testing.T) {
	provider := run(t, identity.Workloads(resources())).One(t, "aws:iam/openIdConnectProvider:OpenIdConnectProvider")
	require.Equal(t, issuer, provider.Input("url"))
	require.Equal(t, []any{"sts.amazonaws.com"}, provider.Input("clientIdLists"))
}

// Each role is for its own service accounts and nobody else: exact names, this
// cluster's issuer, tokens made for STS.
func TestTrust(t *testing.T) {
	seen := run(t, identity.Workloads(resources()))
	subjects := map[string][]string{
		"autoscaler":               {"kube-system:cluster-autoscaler"},
		"backstage":                {"backstage:backstage"},
		"backup":                   {"backstage:backup", "backstage:recovery"},
		"cert-manager":             {"cert-manager:cert-manager"},
		"ebs-csi":                  {"kube-system:ebs-csi-controller-sa"},
		"efs-csi":                  {"kube-system:efs-csi-controller-sa", "kube-system:efs-csi-node-sa"},
		"external-dns":             {"ingress:external-dns"},
		"external-secrets":         {"external-secrets:external-secrets"},
		"fluent-bit":               {"logging:fluent-bit"},
		"load-balancer-controller": {"kube-system:aws-load-balancer-controller"},
		"plugin-installer":         {"backstage:plugin-installer"},
		"portal":                   {"developer-portal:portal-frontend", "developer-portal:websocket"},
		"readiness":                {"monitoring:readiness"},
		"vpc-cni":                  {"kube-system:aws-node"},
	}
	require.Len(t, seen.OfType(roleType), len(subjects))
	for workload, accounts := range subjects {
		for i := range accounts {
			accounts[i] = "system:serviceaccount:" + accounts[i]
		}
		want, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{
			"Sid": "ServiceAccount", "Effect": "Allow", "Action": []string{"sts:AssumeRoleWithWebIdentity"},
			"Principal": map[string]any{"Federated": []string{"arn:aws:mock:us-west-2:123456789012:i"}},
			"Condition": map[string]any{"StringEquals": map[string]any{
				"oidc.eks.us-west-2.amazonaws.com/id/0123:aud": []string{"sts.amazonaws.com"},
				"oidc.eks.us-west-2.amazonaws.com/id/0123:sub": accounts,
			}},
		}}})
		require.NoError(t, err)
		require.JSONEq(t, string(want), seen.Named(t, roleType, "i-"+workload).Input("assumeRolePolicy").(string), workload)
	}
}

func TestAWSsDriversHaveAWSsPolicies(t *testing.T) {
	var attached []any
	for _, attachment := range run(t, identity.Workloads(resources())).OfType("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
		attached = append(attached, attachment.Input("policyArn"))
	}
	require.ElementsMatch(t, []any{
		"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
		"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
		"arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy",
	}, attached)
}

func TestPermissions(t *testing.T) {
	found := policies(t, resources())
	const key = "arn:aws:kms:us-west-2:111122223333:key/"
	through := func(service string) map[string]map[string][]string {
		return map[string]map[string][]string{"StringEquals": {"kms:ViaService": {service + ".us-west-2.amazonaws.com"}}}
	}
	cases := []struct {
		workload, sid string
		resources     []string
		condition     map[string]map[string][]string
	}{
		{"backstage", "Database", []string{"arn:aws:rds-db:us-west-2:111122223333:dbuser:db-RESOURCE/backstage"}, nil},
		{"backstage", "Cache", []string{"arn:cache", "arn:user:backstage"}, nil},
		{"backstage", "Secrets", []string{"arn:secret:a", "arn:secret:b"}, nil},
		{"backstage", "SecretsKey", []string{key + "secrets"}, through("secretsmanager")},
		{"backstage", "PluginsRead", []string{"arn:aws:s3:::plugins/*"}, nil},
		{"portal", "Cache", []string{"arn:cache", "arn:user:portal"}, nil},
		{"plugin-installer", "PluginsWrite", []string{"arn:aws:s3:::plugins/*"}, nil},
		{"plugin-installer", "PluginsWriteKey", []string{key + "storage"}, through("s3")},
		{"plugin-installer", "Images", []string{"arn:repository"}, nil},
		{
			"plugin-installer", "TrailList",
			[]string{"arn:aws:s3:::audit"},
			map[string]map[string][]string{"StringLike": {"s3:prefix": {"plugin-trail/*"}}},
		},
		{"plugin-installer", "Trail", []string{"arn:aws:s3:::audit/plugin-trail/*"}, nil},
		{"plugin-installer", "TrailKey", []string{key + "logs"}, through("s3")},
		{"plugin-installer", "Build", []string{"arn:aws:codebuild:us-west-2:111122223333:project/portal"}, nil},
		{
			"readiness", "ReportsList",
			[]string{"arn:aws:s3:::audit"},
			map[string]map[string][]string{"StringLike": {"s3:prefix": {"readiness/*"}}},
		},
		{"readiness", "Reports", []string{"arn:aws:s3:::audit/readiness/*"}, nil},
		{"readiness", "ReportsKey", []string{key + "logs"}, through("s3")},
		{"backup", "BackupsWrite", []string{"arn:aws:s3:::backups/*"}, nil},
		{"backup", "SnapshotsOf", []string{"arn:aws:rds:us-west-2:111122223333:db:postgres"}, nil},
		{
			"backup", "SnapshotsMake",
			[]string{"arn:aws:rds:us-west-2:111122223333:snapshot:postgres-keeper-*"},
			map[string]map[string][]string{"StringEquals": {"aws:RequestTag/gatehouse:keeper": {"base-backup"}}},
		},
		{
			"backup", "SnapshotsExpire",
			[]string{"arn:aws:rds:us-west-2:111122223333:snapshot:postgres-keeper-*"},
			map[string]map[string][]string{"StringEquals": {"aws:ResourceTag/gatehouse:keeper": {"base-backup"}}},
		},
		{"external-secrets", "Secrets", []string{"arn:secret:a", "arn:secret:b", "arn:secret:rds"}, nil},
		{
			"fluent-bit", "Logs",
			[]string{
				"arn:aws:logs:us-west-2:111122223333:log-group:/gatehouse/test/*",
				"arn:aws:logs:us-west-2:111122223333:log-group:/gatehouse/test/*:log-stream:*",
			},
			nil,
		},
		{
			"autoscaler", "Scale",
			[]string{"arn:aws:autoscaling:us-west-2:111122223333:autoScalingGroup:*:autoScalingGroupName/*"},
			map[string]map[string][]string{"StringEquals": {"aws:ResourceTag/k8s.io/cluster-autoscaler/c": {"owned"}}},
		},
		{"external-dns", "Records", []string{"arn:aws:route53:::hostedzone/Z1"}, nil},
		{
			"cert-manager", "Challenges",
			[]string{"arn:aws:route53:::hostedzone/Z1"},
			map[string]map[string][]string{
				"ForAllValues:StringEquals": {"route53:ChangeResourceRecordSetsRecordTypes": {"TXT"}},
				"ForAllValues:StringLike": {"route53:ChangeResourceRecordSetsNormalizedRecordNames": {
					"_acme-challenge.portal.example.com", "_acme-challenge.*.portal.example.com",
				}},
			},
		},
		{
			"ebs-csi", "VolumesKeyGrant",
			[]string{key + "volumes"},
			map[string]map[string][]string{"Bool": {"kms:GrantIsForAWSResource": {"true"}}},
		},
		{
			"load-balancer-controller", "NodeRules",
			[]string{"arn:aws:ec2:us-west-2:111122223333:security-group/*"},
			map[string]map[string][]string{"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/c": {"owned"}}},
		},
	}
	for _, c := range cases {
		t.Run(c.workload+" "+c.sid, func(t *testing.T) {
			s, ok := found[c.workload][c.sid]
			require.True(t, ok, "statements: %v", found[c.workload])
			require.Equal(t, c.resources, s.Resource)
			require.Equal(t, c.condition, s.Condition)
		})
	}
}

// What may be done to anything at all must only look, or log in to the
// registry, or be narrowed by a condition.
func TestNothingIsChangedOnAnyResource(t *testing.T) {
	// IAM counts GenerateCredentialReport as reading: it makes what
	// GetCredentialReport reads, and changes nothing else.
	looks := regexp.MustCompile(`^[a-z0-9-]+:(Describe|List|Get)[A-Za-z]+$|^iam:GenerateCredentialReport$`)
	for workload, statements := range policies(t, resources()) {
		for _, s := range statements {
			for _, action := range s.Action {
				require.NotContains(t, action, "*", "%s %s", workload, s.Sid)
				for _, resource := range s.Resource {
					if resource == "*" && len(s.Condition) == 0 {
						require.Regexp(t, looks, action, "%s %s", workload, s.Sid)
					}
				}
			}
		}
	}
}

// The controller's changes are all narrowed to this cluster, in one way or the
// other; AWS does not know a new group's tags when it is made.
func TestLoadBalancerControllerKeepsToItsCluster(t *testing.T) {
	looks := regexp.MustCompile(`:(Describe|List|Get)`)
	for sid, s := range policies(t, resources())["load-balancer-controller"] {
		if looks.MatchString(s.Action[0]) || sid == "Groups" || sid == "ServiceLinkedRole" {
			continue
		}
		narrowed := false
		for variable, values := range s.Condition["StringEquals"] {
			narrowed = narrowed || (strings.HasPrefix(variable, "aws:ResourceTag/") || strings.HasPrefix(variable, "aws:RequestTag/")) &&
				(values[0] == "c" || strings.HasSuffix(variable, "/c"))
		}
		require.True(t, narrowed, "%s %v", sid, s.Condition)
	}
}

func TestAnEnvironmentMayLackSecretsAndCacheUsers(t *testing.T) {
	bare := resources()
	bare.Secrets, bare.CacheUsers, bare.DatabaseSecret = nil, nil, nil
	found := policies(t, bare)
	require.NotContains(t, found, "external-secrets")
	require.NotContains(t, found, "portal")
	require.NotContains(t, found["backstage"], "Secrets")
}

// The audit trail is only ever added to, and nothing of the installer's goes away by
// its own hand.
func TestThePluginInstallerTakesNothingAway(t *testing.T) {
	for sid, s := range policies(t, resources())["plugin-installer"] {
		for _, action := range s.Action {
			require.NotRegexp(t, `Delete|Bypass|LegalHold|BucketObjectLock`, action, sid)
		}
	}
	bare := resources()
	bare.Trail, bare.BuildProject = nil, ""
	found := policies(t, bare)["plugin-installer"]
	for _, sid := range []string{"Trail", "TrailList", "TrailKey", "Build"} {
		require.NotContains(t, found, sid, "where plugins are not managed")
	}
}

// Names follow the workload alone, in whatever order and number.
func TestNamesAreStable(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := identity.Workloads(resources())
		some := rapid.Permutation(all).Draw(r, "workloads")[:rapid.IntRange(1, len(all)).Draw(r, "count")]
		seen := run(t, some)
		for _, workload := range some {
			require.Contains(r, seen.OfType(roleType).Names(), "i-"+workload.Name)
		}
		require.Len(r, seen.OfType(roleType), len(some))
	})
}
