package access_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/access"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func run(t *testing.T, id string, fix func(evidence.Facts)) readiness.Judgement {
	t.Helper()
	facts := evidence.Facts{}
	fix(facts)
	env := judge.Environment{Name: "test", Now: now, Namespaces: []string{"portal"}}
	return checkstest.Over(t, access.Checkers(), id, env, thresholds(t), facts)
}

func granted(rule evidence.KubeRule, change func(*evidence.KubeBinding)) func(evidence.Facts) {
	b := evidence.KubeBinding{
		KubeObject: evidence.KubeObject{Name: "b"}, ClusterRole: true, Role: "r",
		Subjects: []evidence.KubeSubject{{Kind: "ServiceAccount", Namespace: "portal", Name: "web"}},
	}
	change(&b)
	return func(f evidence.Facts) {
		evidence.Fix(f, evidence.KubernetesRBAC, evidence.KubeRBAC{
			Roles:    []evidence.KubeRoleRules{{KubeObject: evidence.KubeObject{Name: "r"}, Rules: []evidence.KubeRule{rule}}},
			Bindings: []evidence.KubeBinding{b},
		})
	}
}

func asIs(*evidence.KubeBinding) {}

func TestWildcards(t *testing.T) {
	all := evidence.KubeRule{Groups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}
	one := evidence.KubeRule{Groups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}
	verbs := evidence.KubeRule{Groups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"*"}}
	require.Equal(t, readiness.Fail, run(t, "kubernetes-rbac-wildcards", granted(all, asIs)).Verdict)
	require.Equal(t, readiness.Fail, run(t, "kubernetes-rbac-wildcards", granted(verbs, asIs)).Verdict)
	require.Equal(t, readiness.Pass, run(t, "kubernetes-rbac-wildcards", granted(one, asIs)).Verdict)
	excepted := granted(all, func(b *evidence.KubeBinding) { b.Subjects[0].Namespace = "kube-system" })
	require.Equal(t, readiness.Pass, run(t, "kubernetes-rbac-wildcards", excepted).Verdict)
}

func TestSecretsByNameAreNotAllSecrets(t *testing.T) {
	rule := evidence.KubeRule{Groups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}}
	require.Equal(t, readiness.Fail, run(t, "kubernetes-rbac-secrets", granted(rule, asIs)).Verdict)
	rule.Names = []string{"one"}
	require.Equal(t, readiness.Pass, run(t, "kubernetes-rbac-secrets", granted(rule, asIs)).Verdict)
}

func TestMeshIsAsStrictAsItsLaxestPart(t *testing.T) {
	root := evidence.KubePeerAuthentication{KubeObject: evidence.KubeObject{Namespace: "mesh", Name: "default"}, Mode: "STRICT"}
	judged := func(all ...evidence.KubePeerAuthentication) readiness.Judgement {
		return run(t, "mesh-strict", func(f evidence.Facts) { evidence.Fix(f, evidence.KubernetesPeerAuthentications, all) })
	}
	require.Equal(t, readiness.Pass, judged(root).Verdict)
	require.Equal(t, readiness.Fail, judged().Verdict, "without one Istio is permissive")
	narrow := root
	narrow.Pods = &evidence.KubeSelector{Labels: map[string]string{"app": "web"}}
	require.Equal(t, readiness.Fail, judged(narrow).Verdict, "it is not about the whole mesh")
	elsewhere := root
	elsewhere.Namespace = "portal"
	require.Equal(t, readiness.Fail, judged(elsewhere).Verdict)
	off := evidence.KubePeerAuthentication{KubeObject: evidence.KubeObject{Namespace: "x", Name: "y"}, Mode: "DISABLE"}
	require.Contains(t, judged(root, off).Found, "its mode is DISABLE")
}

func TestPlaintextSecretsByNameAndByForm(t *testing.T) {
	for name, want := range map[string]readiness.Verdict{
		"DATABASE_PASSWORD": readiness.Fail, "GITHUB_TOKEN": readiness.Fail, "api_key": readiness.Fail,
		"TOKEN_TTL": readiness.Pass, "PASSWORD_FILE": readiness.Pass, "REDIS_KEY_PREFIX": readiness.Pass, "KEEPER_KMS_KEY": readiness.Pass,
	} {
		j := judgedEnv(t, evidence.KubeEnv{Name: name, Literal: true})
		require.Equal(t, want, j.Verdict, name)
	}
	require.Contains(t, judgedEnv(t, evidence.KubeEnv{Name: "URL", Literal: true, Credential: "a URL with a password"}).Found, "URL holds a URL with a password")
	require.Equal(t, readiness.Pass, judgedEnv(t, evidence.KubeEnv{Name: "DATABASE_PASSWORD", Secret: "s/k"}).Verdict)
}

func judgedEnv(t *testing.T, e evidence.KubeEnv) readiness.Judgement {
	t.Helper()
	return run(t, "kubernetes-plaintext-secrets", func(f evidence.Facts) {
		evidence.Fix(f, evidence.KubernetesPods, nil)
		evidence.Fix(f, evidence.KubernetesWorkloads, []evidence.KubeWorkload{{
			KubeObject: evidence.KubeObject{Namespace: "portal", Name: "web"}, Kind: "Deployment",
			Template: evidence.KubePodSpec{Containers: []evidence.KubeContainer{{Name: "c", Env: []evidence.KubeEnv{e}}}},
		}})
	})
}

func TestCertificates(t *testing.T) {
	good := evidence.KubeCertificate{
		NotAfter: now.Add(60 * 24 * time.Hour), Renewal: now.Add(30 * 24 * time.Hour),
		Conditions: evidence.KubeConditions{{Type: "Ready", Status: "True"}},
	}
	judged := func(change func(*evidence.KubeCertificate)) readiness.Judgement {
		k := good
		change(&k)
		return run(t, "certificates-renewed", func(f evidence.Facts) {
			evidence.Fix(f, evidence.KubernetesCertificates, []evidence.KubeCertificate{k})
		})
	}
	require.Equal(t, readiness.Pass, judged(func(*evidence.KubeCertificate) {}).Verdict)
	require.Contains(t, judged(func(k *evidence.KubeCertificate) { k.Conditions = nil }).Found, "it is not ready")
	require.Contains(t, judged(func(k *evidence.KubeCertificate) { k.NotAfter = now.Add(13 * 24 * time.Hour) }).Found, "it ends at")
	require.Contains(t, judged(func(k *evidence.KubeCertificate) { k.Renewal = now.Add(-25 * time.Hour) }).Found, "its renewal was due")
	require.Contains(t, judged(func(k *evidence.KubeCertificate) { k.Renewal = time.Time{} }).Found, "no renewal is planned")
}

// The other half of a client may be in a Secret that was not read.
func TestHalfAClientIsOnlyMissingFromTheWhole(t *testing.T) {
	workload := evidence.KubeWorkload{
		KubeObject: evidence.KubeObject{Namespace: "portal", Name: "web"}, Kind: "Deployment",
		Template: evidence.KubePodSpec{Containers: []evidence.KubeContainer{{Name: "c", Env: []evidence.KubeEnv{{Name: "GITHUB_CLIENT_ID"}}}}},
	}
	judged := func(problems ...evidence.Problem) readiness.Judgement {
		return run(t, "sso-configured", func(f evidence.Facts) {
			evidence.Fix(f, evidence.KubernetesWorkloads, []evidence.KubeWorkload{workload})
			evidence.Fix(f, evidence.KubernetesSecrets, []evidence.KubeSecret{{KubeObject: workload.KubeObject}}, problems...)
		})
	}
	require.Equal(t, readiness.Fail, judged().Verdict)
	require.Equal(t, readiness.Unknown, judged(evidence.Problem{Kind: evidence.Denied, Message: "no"}).Verdict)
}
