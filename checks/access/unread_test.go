package access_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/access"
	"gatehouse/checks/evidence"
)

// What could not be read is named, and what was read is listed.
func TestUnread(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "it was refused"}
	for name, c := range map[string]struct {
		change func(evidence.Facts)
		unread []string
		holds  string
	}{
		"no IAM": {
			func(f evidence.Facts) { evidence.Fix(f, evidence.AWSAccess, evidence.IAMAccess{}, denied) },
			[]string{"aws.iam.access: denied: it was refused"},
			"role/pod | namespace portal | EKS access entry with AmazonEKSViewPolicy | get, list, watch most resources, but not Secrets or roles @",
		},
		"no credentials": {
			func(f evidence.Facts) { delete(f, evidence.AWSCredentials.Name()) },
			[]string{"aws.iam.credentials: not collected: aws.iam.credentials was not read"},
			"role/admin",
		},
		"no summary": {
			func(f evidence.Facts) { evidence.Fix(f, evidence.AWSAccount, evidence.IAMSummary{}, denied) },
			[]string{"aws.iam.summary: denied: it was refused"},
			"role/admin",
		},
		"roles of the cluster, in part": {
			func(f evidence.Facts) {
				rbac := evidence.Get(f, evidence.KubernetesRBAC).Value
				evidence.Fix(f, evidence.KubernetesRBAC, evidence.KubeRBAC{Bindings: rbac.Bindings[:1]}, denied)
			},
			[]string{"kubernetes.rbac: denied: it was refused", "what the clusterrole cluster-admin allows, which clusterrolebinding cluster-admin to clusterrole cluster-admin gives"},
			"Group system:masters | cluster | clusterrolebinding cluster-admin to clusterrole cluster-admin | what the clusterrole cluster-admin allows, which was not read ! @",
		},
		"aws-auth": {
			func(f evidence.Facts) {
				evidence.Fix(f, evidence.AWSClusterAccess, evidence.EKSAccess{Mode: "API_AND_CONFIG_MAP"})
			},
			[]string{"the ConfigMap kube-system/aws-auth, which lets people into the cluster too: its authentication mode is API_AND_CONFIG_MAP"},
			"role/admin",
		},
		"EKS in part": {
			func(f evidence.Facts) {
				evidence.Fix(f, evidence.AWSClusterAccess, evidence.EKSAccess{Entries: []evidence.EKSAccessEntry{{Principal: "x"}}}, denied)
			},
			[]string{"aws.eks.access: denied: it was refused"},
			"x | cluster | EKS access entry | what the group system:authenticated may @",
		},
		"EKS not at all": {
			func(f evidence.Facts) {
				evidence.Fix(f, evidence.AWSClusterAccess, evidence.EKSAccess{}, denied)
				evidence.Fix(f, evidence.StateAccesses, []evidence.StateAccess{{
					Cluster: "c", Principal: "y", Type: "STANDARD", Policies: []string{"arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy in a,b", "arn:aws:eks::aws:cluster-access-policy/New"},
				}})
			},
			[]string{"aws.eks.access: denied: it was refused"},
			"y | cluster | EKS access entry of the stack's state, cluster c with New | what the EKS access policy New allows ! @\n" +
				"y | namespace a | EKS access entry of the stack's state, cluster c with AmazonEKSAdminPolicy | all verbs on most resources, Secrets too, but not on quotas and the namespace itself ! @\n" +
				"y | namespace b",
		},
		"neither EKS nor a state": {
			func(f evidence.Facts) { evidence.Fix(f, evidence.AWSClusterAccess, evidence.EKSAccess{}, denied) },
			[]string{"aws.eks.access: denied: it was refused", "state.access: not collected: state.access was not read"},
			"Group developers",
		},
	} {
		t.Run(name, func(t *testing.T) {
			facts := whole()
			c.change(facts)
			a := access.Review(facts)
			require.Equal(t, c.unread, a.Unread)
			require.Contains(t, strings.Join(lines(a), "\n"), c.holds)
		})
	}
	require.Nil(t, access.Review(evidence.Facts{}))
	facts := evidence.Facts{}
	for _, name := range access.Needs() {
		facts[name] = evidence.Answer{Problems: []evidence.Problem{denied}}
	}
	require.Nil(t, access.Review(facts))

	facts = evidence.Facts{}
	evidence.Fix(facts, evidence.KubernetesRBAC, evidence.KubeRBAC{})
	a := access.Review(facts)
	require.NotNil(t, a, "that there is nothing was read")
	require.NotNil(t, a.Grants)
	require.Len(t, a.Unread, 5)
}

// Review reads what Needs names, and nothing else.
func TestNeeds(t *testing.T) {
	for _, name := range access.Needs() {
		facts := evidence.Facts{}
		for _, other := range access.Needs() {
			facts[other] = evidence.Answer{Problems: []evidence.Problem{{Kind: evidence.Denied, Message: string(other)}}}
		}
		full := whole()
		evidence.Fix(full, evidence.StateAccesses, []evidence.StateAccess{{Principal: "x"}})
		facts[name] = full[name]
		require.NotEmpty(t, access.Review(facts).Grants, name)
	}
}
