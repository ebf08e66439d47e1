package access_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/access"
	"gatehouse/checks/evidence"
	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

const admin = "arn:aws:iam::123456789012:role/admin"

func rule(groups, resources, verbs string) evidence.KubeRule {
	split := func(text string) []string { return strings.Split(text, ",") }
	return evidence.KubeRule{Groups: split(groups), Resources: split(resources), Verbs: split(verbs)}
}

func clusterRole(name string, builtIn bool, rules ...evidence.KubeRule) evidence.KubeRoleRules {
	return evidence.KubeRoleRules{KubeObject: evidence.KubeObject{Name: name}, BuiltIn: builtIn, Rules: rules}
}

func binding(name, role string, builtIn bool, subjects ...evidence.KubeSubject) evidence.KubeBinding {
	return evidence.KubeBinding{KubeObject: evidence.KubeObject{Name: name}, BuiltIn: builtIn, ClusterRole: true, Role: role, Subjects: subjects}
}

func group(name string) evidence.KubeSubject { return evidence.KubeSubject{Kind: "Group", Name: name} }
func user(name string) evidence.KubeSubject  { return evidence.KubeSubject{Kind: "User", Name: name} }
func account(namespace, name string) evidence.KubeSubject {
	return evidence.KubeSubject{Kind: "ServiceAccount", Namespace: namespace, Name: name}
}

// whole is what the readers answer of a small environment.
func whole() evidence.Facts {
	facts := evidence.Facts{}
	all := evidence.KubeRule{URLs: []string{"*"}, Verbs: []string{"*"}}
	evidence.Fix(facts, evidence.KubernetesRBAC, evidence.KubeRBAC{
		Roles: []evidence.KubeRoleRules{
			clusterRole("cluster-admin", true, rule("*", "*", "*"), all),
			clusterRole("system:controller:job-controller", true, rule("batch", "jobs", "*")),
			clusterRole("system:basic-user", true, rule("authorization.k8s.io", "selfsubjectaccessreviews", "create")),
			clusterRole("viewer", false, rule("", "pods,services", "get,list"), rule("", "pods", "watch"), all),
			{KubeObject: evidence.KubeObject{Namespace: "portal", Name: "viewer"}, Rules: []evidence.KubeRule{rule("", "secrets", "get")}},
		},
		Bindings: []evidence.KubeBinding{
			binding("cluster-admin", "cluster-admin", true, group("system:masters")),
			binding("system:controller:job-controller", "system:controller:job-controller", true, account("kube-system", "job-controller"), user("mallory"), account("kube-system", "controller"), account("portal", "job-controller")),
			binding("system:basic-user", "system:basic-user", true, group("system:authenticated")),
			binding("ops", "cluster-admin", false, user("system:kube-scheduler")),
			binding("viewers", "viewer", false, group("developers")),
			{KubeObject: evidence.KubeObject{Namespace: "portal", Name: "viewers"}, ClusterRole: true, Role: "viewer", Subjects: []evidence.KubeSubject{account("portal", "backend")}},
			{KubeObject: evidence.KubeObject{Namespace: "portal", Name: "readers"}, Role: "viewer", Subjects: []evidence.KubeSubject{account("portal", "backend")}},
			binding("old", "gone", false, user("ann")),
		},
	})
	evidence.Fix(facts, evidence.AWSClusterAccess, evidence.EKSAccess{Mode: "API", Entries: []evidence.EKSAccessEntry{
		{Principal: admin, Type: "STANDARD", Policies: []evidence.EKSAccessPolicy{{ARN: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"}}},
		{Principal: "arn:aws:iam::123456789012:role/node", Type: "EC2_LINUX", Groups: []string{"system:nodes"}},
		{Principal: "arn:aws:iam::123456789012:role/pod", Type: "STANDARD", Policies: []evidence.EKSAccessPolicy{
			{ARN: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", Namespaces: []string{"portal", "vault"}},
		}},
		{Principal: "arn:aws:iam::123456789012:user/ann", Type: "STANDARD", Groups: []string{"developers", "system:masters"}},
		{Principal: "arn:aws:iam::123456789012:user/bob", Type: "STANDARD"},
	}})
	evidence.Fix(facts, evidence.AWSAccess, evidence.IAMAccess{
		Account: "123456789012",
		Roles: []evidence.IAMRole{
			{ARN: admin, Name: "admin", Path: "/", Admin: "AdministratorAccess", Policies: []string{"AdministratorAccess"}, Trusts: []evidence.Trust{{Kind: "Federated", Who: "arn:aws:iam::123456789012:saml-provider/okta", Conditions: []string{"saml:aud"}}}},
			{ARN: "arn:aws:iam::123456789012:role/pod", Name: "pod", Path: "/", Policies: []string{"backups"}, Trusts: []evidence.Trust{{Kind: "Federated", Who: "arn:aws:iam::123456789012:oidc-provider/oidc.eks", Conditions: []string{"oidc.eks:sub"}}}},
			{ARN: "arn:aws:iam::123456789012:role/chained", Name: "chained", Path: "/", Trusts: []evidence.Trust{{Kind: "AWS", Who: "arn:aws:iam::123456789012:role/pod"}, {Kind: "AWS", Who: "*"}, {Kind: "Service", Who: "ec2.amazonaws.com"}}},
			{ARN: "arn:aws:iam::123456789012:role/aws-service-role/x", Name: "x", Path: "/aws-service-role/x/", Policies: []string{"x"}, Trusts: []evidence.Trust{{Kind: "Service", Who: "x"}}},
		},
		Users: []evidence.IAMUser{{ARN: "arn:aws:iam::123456789012:user/ann", Name: "ann", Policies: []string{"ReadOnlyAccess of the group ops", "mine"}}},
	})
	evidence.Fix(facts, evidence.AWSCredentials, evidence.CredentialReport{Users: []evidence.IAMCredential{
		{User: "<root_account>", MFA: true}, {User: "ann", Password: true, MFA: true}, {User: "robot", Keys: make([]evidence.AccessKey, 2)},
	}})
	evidence.Fix(facts, evidence.AWSAccount, evidence.IAMSummary{RootMFA: true})
	return facts
}

// lines show grants one a line: who, where, through what, what, and how.
func lines(a *readiness.Access) []string {
	var all []string
	for _, g := range a.Grants {
		line := strings.Join([]string{g.Holder, g.Scope, g.Through, strings.Join(g.May, "; ")}, " | ")
		if g.Powerful {
			line += " !"
		}
		if g.Person {
			line += " @"
		}
		all = append(all, strings.ReplaceAll(line, "arn:aws:iam::123456789012:", ""))
	}
	return all
}

// A whole environment: who may do what, with what is powerful (!) and who is a
// person (@).
func TestReview(t *testing.T) {
	a := access.Review(whole())
	require.Empty(t, a.Unread)
	require.Equal(t, []string{
		"Federated oidc-provider/oidc.eks | account | trust policy of the role pod | assume the role pod, conditioned by oidc.eks:sub",
		"Federated saml-provider/okta | account | trust policy of the role admin | assume the role admin, conditioned by saml:aud ! @",
		"Service ec2.amazonaws.com | account | trust policy of the role chained | assume the role chained",
		"anybody | account | trust policy of the role chained | assume the role chained @",
		"role/admin | account | policy AdministratorAccess | every action on everything, or to give itself that ! @",
		"role/pod | account | policy backups | what the policy backups allows",
		"role/pod | account | trust policy of the role chained | assume the role chained",
		"user/ann | account | password | sign in to the console, with a second factor @",
		"user/ann | account | policy ReadOnlyAccess of the group ops | what the policy ReadOnlyAccess of the group ops allows ! @",
		"user/ann | account | policy mine | what the policy mine allows @",
		"root | account | password | every action on everything, with a second factor ! @",
		"user robot | account | access keys | call AWS with 2 access key(s) @",

		"Group developers | cluster | clusterrolebinding viewers to clusterrole viewer | all verbs on all paths; get, list services; get, list, watch pods @",
		"Group system:authenticated | cluster | clusterrolebinding system:basic-user to clusterrole system:basic-user | create selfsubjectaccessreviews.authorization.k8s.io @",
		"Group system:masters | cluster | clusterrolebinding cluster-admin to clusterrole cluster-admin | all verbs on all paths, all resources ! @",
		"ServiceAccount kube-system/controller | cluster | clusterrolebinding system:controller:job-controller to clusterrole system:controller:job-controller | all verbs on jobs.batch !",
		"ServiceAccount portal/backend | namespace portal | rolebinding readers to role viewer | get secrets !",
		"ServiceAccount portal/backend | namespace portal | rolebinding viewers to clusterrole viewer | get, list services; get, list, watch pods",
		"ServiceAccount portal/job-controller | cluster | clusterrolebinding system:controller:job-controller to clusterrole system:controller:job-controller | all verbs on jobs.batch !",
		"User ann | cluster | clusterrolebinding old to clusterrole gone | nothing: there is no clusterrole gone @",
		"User mallory | cluster | clusterrolebinding system:controller:job-controller to clusterrole system:controller:job-controller | all verbs on jobs.batch ! @",
		"User system:kube-scheduler | cluster | clusterrolebinding ops to clusterrole cluster-admin | all verbs on all paths, all resources !",
		"role/admin | cluster | EKS access entry with AmazonEKSClusterAdminPolicy | all verbs on all resources ! @",
		"role/node | cluster | EKS access entry | what the group system:nodes may",
		"role/pod | namespace portal | EKS access entry with AmazonEKSViewPolicy | get, list, watch most resources, but not Secrets or roles",
		"role/pod | namespace vault | EKS access entry with AmazonEKSViewPolicy | get, list, watch most resources, but not Secrets or roles",
		"user/ann | cluster | EKS access entry | what the group developers may @",
		"user/ann | cluster | EKS access entry | what the group system:masters may ! @",
		"user/bob | cluster | EKS access entry | what the group system:authenticated may @",
	}, lines(a))
}

// The order in which things were read does not count, and neither does how rules
// are grouped.
func TestDigestIsOfWhatIsGranted(t *testing.T) {
	want := access.Review(whole())
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		facts := whole()
		rbac := evidence.Get(facts, evidence.KubernetesRBAC).Value
		random.Shuffle(len(rbac.Roles), func(i, k int) { rbac.Roles[i], rbac.Roles[k] = rbac.Roles[k], rbac.Roles[i] })
		random.Shuffle(len(rbac.Bindings), func(i, k int) { rbac.Bindings[i], rbac.Bindings[k] = rbac.Bindings[k], rbac.Bindings[i] })
		for _, role := range rbac.Roles {
			random.Shuffle(len(role.Rules), func(i, k int) { role.Rules[i], role.Rules[k] = role.Rules[k], role.Rules[i] })
			for _, r := range role.Rules {
				slices.Reverse(r.Verbs)
				slices.Reverse(r.Resources)
			}
		}
		rbac.Bindings = append(rbac.Bindings, rbac.Bindings[0]) // read twice
		evidence.Fix(facts, evidence.KubernetesRBAC, rbac)
		iam := evidence.Get(facts, evidence.AWSAccess).Value
		slices.Reverse(iam.Roles)
		require.Equal(t, want, access.Review(facts))
	}
	facts := whole()
	evidence.Fix(facts, evidence.AWSAccount, evidence.IAMSummary{RootMFA: true, RootKeys: true})
	more := access.Review(facts)
	require.NotEqual(t, want.Digest, more.Digest)
	require.Contains(t, strings.Join(lines(more), "\n"), "root | account | access keys | every action on everything ! @")
}

// Somebody else computes the same digest with the command that its comment names.
func TestDigestByHand(t *testing.T) {
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Skip("needs jq on PATH")
	}
	a := access.Review(whole())
	a.Grants[0].Holder = "<a> & \"b\"\\ ä \t"
	a.Digest = access.Digest(a.Grants)
	text, err := json.Marshal(readiness.Run{Access: a})
	require.NoError(t, err)
	cmd := exec.Command(jq, "-cjS", ".access.grants")
	cmd.Stdin = strings.NewReader(string(text))
	canonical, err := cmd.Output()
	require.NoError(t, err)
	sum := sha256.Sum256(canonical)
	require.Equal(t, "sha256:"+hex.EncodeToString(sum[:]), a.Digest)
}

func TestStands(t *testing.T) {
	list := &readiness.Access{Digest: "sha256:2"}
	about := func(digest string) attestations.Attestation {
		return attestations.Attestation{Owner: "Ada", On: "2026-11-01", Digest: digest}
	}
	for name, c := range map[string]struct {
		digest string
		today  *readiness.Access
		stands bool
		why    string
	}{
		"about no list":         {"", list, true, ""},
		"about no list, unread": {"", nil, true, ""},
		"about today's":         {"sha256:2", list, true, ""},
		"about another":         {"sha256:1", list, false, "who can do what has changed since Ada reviewed the list sha256:1 on 2026-11-01: review today's, sha256:2"},
		"today's is in part":    {"sha256:1", &readiness.Access{Digest: "sha256:2", Unread: []string{"a was refused"}}, false, "is not whole: a was refused"},
		"today's is unread":     {"sha256:1", nil, false, "today's could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			stands, why := access.Stands(about(c.digest), c.today)
			require.Equal(t, c.stands, stands)
			require.Contains(t, why, c.why)
			require.Equal(t, stands, why == "")
		})
	}
}
