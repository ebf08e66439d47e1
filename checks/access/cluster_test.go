package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

// Only what Kubernetes itself binds to its own programs is left out.
func TestComponents(t *testing.T) {
	scheduler := evidence.KubeSubject{Kind: "User", Name: "system:kube-scheduler"}
	agent := evidence.KubeSubject{Kind: "ServiceAccount", Namespace: "kube-system", Name: "kube-scheduler"}
	for name, c := range map[string]struct {
		builtIn bool
		binding string
		role    string
		subject evidence.KubeSubject
		want    bool
	}{
		"its own":                      {true, "system:kube-scheduler", "system:kube-scheduler", scheduler, true},
		"its lock":                     {true, "system::leader-locking-kube-scheduler", "system::leader-locking-kube-scheduler", agent, true},
		"nodes":                        {true, "system:node", "system:node", evidence.KubeSubject{Kind: "Group", Name: "system:nodes"}, true},
		"bound by somebody else":       {false, "system:kube-scheduler", "system:kube-scheduler", scheduler, false},
		"a role that is not its own":   {true, "cluster-admin", "cluster-admin", scheduler, false},
		"a person beside it":           {true, "system:kube-scheduler", "system:kube-scheduler", evidence.KubeSubject{Kind: "User", Name: "system:kube-mallory"}, false},
		"an account of another space":  {true, "system:kube-scheduler", "system:kube-scheduler", evidence.KubeSubject{Kind: "ServiceAccount", Namespace: "a", Name: "kube-scheduler"}, false},
		"another account of the space": {true, "system:kube-scheduler", "system:kube-scheduler", evidence.KubeSubject{Kind: "ServiceAccount", Namespace: "kube-system", Name: "scheduler"}, false},
		"everybody":                    {true, "system:discovery", "system:discovery", evidence.KubeSubject{Kind: "Group", Name: "system:authenticated"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := evidence.KubeBinding{KubeObject: evidence.KubeObject{Name: c.binding}, BuiltIn: c.builtIn, ClusterRole: true, Role: c.role}
			require.Equal(t, c.want, component(b, c.subject))
		})
	}
}

// A user or group counts as people until it is known to be a program.
func TestPersons(t *testing.T) {
	for _, name := range []string{"ann", "system:masters", "system:authenticated", "system:unauthenticated", "system:anonymous", "oidc:ops"} {
		require.True(t, person(evidence.KubeSubject{Kind: "User", Name: name}), name)
		require.True(t, person(evidence.KubeSubject{Kind: "Group", Name: name}), name)
		require.False(t, person(evidence.KubeSubject{Kind: "ServiceAccount", Name: name}), name)
	}
	for _, name := range []string{"system:kube-proxy", "system:node:a", "system:serviceaccount:a:b", "eks:node-manager"} {
		require.False(t, person(evidence.KubeSubject{Kind: "User", Name: name}), name)
	}
	for _, name := range []string{"system:nodes", "system:serviceaccounts:a", "system:bootstrappers", "system:monitoring"} {
		require.False(t, person(evidence.KubeSubject{Kind: "Group", Name: name}), name)
	}
}

// Where IAM could not be read whole, an entry stays a person's.
func TestStandsForPeople(t *testing.T) {
	e := evidence.EKSAccessEntry{Principal: "arn:role", Type: "STANDARD"}
	role := evidence.IAMRole{ARN: "arn:role", Trusts: []evidence.Trust{{Kind: "Service", Who: "x"}}}
	account := evidence.Fact[evidence.IAMAccess]{Value: evidence.IAMAccess{Roles: []evidence.IAMRole{role}}}
	require.False(t, standsForPeople(e, account))
	account.Problems = []evidence.Problem{{Kind: evidence.Invalid}}
	require.True(t, standsForPeople(e, account))
	account.Value.Roles = nil
	require.True(t, standsForPeople(e, account))
}
