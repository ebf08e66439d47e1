package operations_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/state"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/operations"
	"gatehouse/checks/target"
)

// exported is a state as `pulumi stack export` writes it.
const exported = `{"version": 3, "deployment": {
 "manifest": {"time": "2026-11-20T10:00:00Z", "magic": "x", "version": "v3.258.0"},
 "secrets_providers": {"type": "passphrase"},
 "resources": [
  {"urn": "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging", "custom": false, "type": "pulumi:pulumi:Stack"},
  {"urn": "urn:pulumi:staging::gatehouse::aws:eks/cluster:Cluster::control", "custom": true, "id": "c", "type": "aws:eks/cluster:Cluster"},
  {"urn": "urn:pulumi:staging::gatehouse::aws:eks/addon:Addon::vpc-cni", "custom": true, "id": "a", "type": "aws:eks/addon:Addon",
   "inputs": {"clusterName": "c", "addonName": "vpc-cni", "configurationValues": "{\"enableNetworkPolicy\":\"true\",\"env\":{}}"},
   "outputs": {"clusterName": "c", "addonName": "vpc-cni", "addonVersion": "v1.20.1", "configurationValues": "{\"enableNetworkPolicy\":\"true\",\"env\":{}}"}},
  {"urn": "urn:pulumi:staging::gatehouse::aws:eks/accessEntry:AccessEntry::admin", "custom": true, "id": "e", "type": "aws:eks/accessEntry:AccessEntry",
   "inputs": {"clusterName": "c", "principalArn": "arn:aws:iam::111122223333:role/admin", "type": "STANDARD", "kubernetesGroups": ["people"]}},
  {"urn": "urn:pulumi:staging::gatehouse::aws:eks/accessPolicyAssociation:AccessPolicyAssociation::admin", "custom": true, "id": "p",
   "type": "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
   "inputs": {"clusterName": "c", "principalArn": "arn:aws:iam::111122223333:role/admin",
    "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "accessScope": {"type": "cluster"}}},
  {"urn": "urn:pulumi:staging::gatehouse::aws:rds/instance:Instance::postgres", "custom": true, "id": "d", "type": "aws:rds/instance:Instance",
   "protect": true, "inputs": {"tags": {"Name": "postgres"}}, "outputs": {"tagsAll": {"Name": "postgres", "data-classification": "restricted"}}},
  {"urn": "urn:pulumi:staging::gatehouse::aws:rds/instance:Instance::elsewhere", "custom": true, "external": true, "id": "x", "type": "aws:rds/instance:Instance"}
 ], "metadata": {}}}`

func TestLiveState(t *testing.T) {
	text := exported
	stage := checkstest.Stage{
		Thresholds: figures,
		Checkers: slices.DeleteFunc(operations.Checkers(), func(k judge.Checker) bool {
			return !strings.HasPrefix(string(k.Needs[0]), string(evidence.State)+".")
		}),
		Readers: func(t *testing.T) []evidence.Reader {
			c, err := state.New(t.Context(), target.State{Checkpoint: []byte(text)})
			require.NoError(t, err)
			t.Cleanup(c.Close)
			return c.Readers()
		},
	}
	scene := func(id, found, old, broken string) checkstest.Scene {
		set := func(t *testing.T, other string) {
			require.NotEqual(t, exported, other, "nothing was broken")
			text = other
			t.Cleanup(func() { text = exported })
		}
		return checkstest.Scene{
			Checker: id, Found: found, Why: "byte ",
			Break: func(t *testing.T) { set(t, strings.ReplaceAll(exported, old, broken)) },
			Blind: func(t *testing.T) { set(t, exported[:len(exported)/2]) }, // a file that was not written to its end
		}
	}
	stage.Play(t,
		scene("deployment-settled", "updating was cut off", `"metadata": {}`,
			`"pending_operations": [{"type": "updating", "resource": {"urn": "urn:pulumi:staging::gatehouse::aws:rds/instance:Instance::postgres"}}]`),
		scene("network-policy-add-on", "accepted and not enforced", `{\"enableNetworkPolicy\":\"true\",\"env\":{}}`, `{\"env\":{}}`),
		scene("cluster-access-narrow", "is in system:masters", `["people"]`, `["system:masters"]`),
		scene("data-stores-classified", "has no tag data-classification", "data-classification", "class"),
		scene("data-stores-protected", "is not protected", `"protect": true`, `"protect": false`),
	)
}

func TestStateEdges(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	summary := evidence.StateSummary{Stack: "staging", Resources: map[string]int{"aws:eks/cluster:Cluster": 1}}
	noCluster := evidence.StateSummary{Stack: "staging", Resources: map[string]int{"aws:s3/bucketV2:BucketV2": 1}}
	access := func(principal string, policies ...string) evidence.StateAccess {
		return evidence.StateAccess{Cluster: "c", Principal: principal, Policies: policies}
	}
	const admin = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
	play(t, now, []row{
		{"deployment-settled", "an empty state proves nothing", facts(fix(evidence.StateSummaries, evidence.StateSummary{})), "UNKNOWN", "nothing to look at"},
		{"deployment-settled", "waits for deletion", facts(fix(evidence.StateSummaries, evidence.StateSummary{Doomed: []string{"urn:x"}})), "FAIL", "waits for its deletion"},
		{"deployment-settled", "not ready", facts(fix(evidence.StateSummaries, evidence.StateSummary{Tainted: []string{"urn:x"}})), "FAIL", "did not become ready"},
		{"network-policy-add-on", "no cluster", facts(fix(evidence.StateSummaries, noCluster), fix(evidence.StateAddOns, nil)), "NOT_APPLICABLE", "no EKS"},
		{"network-policy-add-on", "another CNI", facts(fix(evidence.StateSummaries, summary), fix(evidence.StateAddOns, nil)), "UNKNOWN", "no add-on vpc-cni"},
		{
			"network-policy-add-on", "off", facts(fix(evidence.StateSummaries, summary),
				fix(evidence.StateAddOns, []evidence.StateAddOn{{Name: "vpc-cni", Cluster: "c", NetworkPolicy: "false"}})), "FAIL", "enableNetworkPolicy is false",
		},
		{
			"cluster-access-narrow", "a user", facts(fix(evidence.StateSummaries, summary),
				fix(evidence.StateAccesses, []evidence.StateAccess{access("arn:aws:iam::1:user/ann")})), "FAIL", "is not a role",
		},
		{
			"cluster-access-narrow", "too many", facts(fix(evidence.StateSummaries, summary), fix(evidence.StateAccesses,
				[]evidence.StateAccess{access("role/a", admin), access("role/b", admin), access("role/c", admin)})), "FAIL", "3 principals administer it",
		},
		{
			"cluster-access-narrow", "over one namespace only", facts(fix(evidence.StateSummaries, summary), fix(evidence.StateAccesses,
				[]evidence.StateAccess{access("role/a", admin+" in x"), access("role/b", admin), access("role/c", admin)})), "PASS", "2 administer c",
		},
		{
			"data-stores-classified", "no class of ours", facts(fix(evidence.StateStores,
				[]evidence.StateStore{{Type: "t", Name: "n", Tags: map[string]string{"Data-Classification": "secret"}}})), "FAIL", "which is no class",
		},
		{
			"data-stores-protected", "a read replica", facts(fix(evidence.StateStores, []evidence.StateStore{
				{Type: "t", Name: "n", Protected: true}, {Type: "t", Name: "n-replica-1", ReplicaOf: "n"},
			})), "PASS", "all 1 are protected",
		},
		{"data-stores-protected", "replicas alone", facts(fix(evidence.StateStores, []evidence.StateStore{{Type: "t", Name: "r", ReplicaOf: "n"}})), "UNKNOWN", "nothing to look at"},
		{"data-stores-classified", "no stores", facts(fix(evidence.StateStores, nil)), "UNKNOWN", "nothing to look at"},
	})
}
