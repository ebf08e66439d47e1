package cluster_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/cluster"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// run judges one checker over facts; what is not given was not read.
func run(t *testing.T, id string, fix func(evidence.Facts)) readiness.Judgement {
	t.Helper()
	facts := evidence.Facts{}
	fix(facts)
	env := judge.Environment{Name: "test", Now: now, Namespaces: []string{"portal"}}
	return checkstest.Over(t, cluster.Checkers(), id, env, thresholds(t), facts)
}

var in = evidence.KubeObject{Namespace: "portal", Name: "web"}

func deployment(change func(*evidence.KubeWorkload)) func(evidence.Facts) {
	w := evidence.KubeWorkload{
		KubeObject: in, Kind: "Deployment", Desired: 2, Ready: 2, Updated: 2, Available: 2, Observed: true,
		Strategy: "RollingUpdate", MaxUnavailable: "0", History: 10, Revision: 1,
	}
	change(&w)
	return func(f evidence.Facts) {
		evidence.Fix(f, evidence.KubernetesWorkloads, []evidence.KubeWorkload{w})
		evidence.Fix(f, evidence.KubernetesReplicaSets, nil)
	}
}

// TestNothingProvesNothing: no checker passes a cluster that is empty.
func TestNothingProvesNothing(t *testing.T) {
	for _, k := range cluster.Checkers() {
		j := run(t, k.ID, func(f evidence.Facts) {
			for _, name := range k.Needs {
				f[name] = empty[name]
			}
		})
		require.NotEqual(t, readiness.Pass, j.Verdict, "%s empty: %s", k.ID, j.Found)
		require.NotEqual(t, readiness.Error, j.Verdict, "%s empty: %s", k.ID, j.Found)
	}
}

var empty = func() evidence.Facts {
	f := evidence.Facts{}
	evidence.Fix(f, evidence.KubernetesVersion, evidence.KubeVersion{})
	evidence.Fix(f, evidence.KubernetesNodes, nil)
	evidence.Fix(f, evidence.KubernetesPods, nil)
	evidence.Fix(f, evidence.KubernetesWorkloads, nil)
	evidence.Fix(f, evidence.KubernetesReplicaSets, nil)
	evidence.Fix(f, evidence.KubernetesAutoscalers, nil)
	evidence.Fix(f, evidence.KubernetesBudgets, nil)
	evidence.Fix(f, evidence.KubernetesNamespaces, nil)
	evidence.Fix(f, evidence.KubernetesQuotas, nil)
	evidence.Fix(f, evidence.KubernetesLimits, nil)
	evidence.Fix(f, evidence.KubernetesStorageClasses, nil)
	evidence.Fix(f, evidence.KubernetesClaims, nil)
	evidence.Fix(f, evidence.KubernetesSecrets, nil)
	evidence.Fix(f, evidence.KubernetesConfigMaps, nil)
	evidence.Fix(f, evidence.KubernetesBackups, evidence.KubeBackups{})
	evidence.Fix(f, evidence.KubernetesNetworkPolicies, nil)
	evidence.Fix(f, evidence.KubernetesServices, nil)
	evidence.Fix(f, evidence.KubernetesIngresses, nil)
	return f
}()

func TestRollouts(t *testing.T) {
	for found, change := range map[string]func(*evidence.KubeWorkload){
		"":                          func(*evidence.KubeWorkload) {},
		"is not taken up yet":       func(w *evidence.KubeWorkload) { w.Observed = false },
		"1 of 2 pods are of the":    func(w *evidence.KubeWorkload) { w.Updated = 1 },
		"1 of 2 pods are available": func(w *evidence.KubeWorkload) { w.Available = 1 },
		"its rollout is stuck: words": func(w *evidence.KubeWorkload) {
			w.Conditions = evidence.KubeConditions{{Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded", Message: "words"}}
		},
	} {
		j := run(t, "kubernetes-rollouts-complete", deployment(change))
		require.Equal(t, found == "", j.Verdict == readiness.Pass, j.Found)
		require.Contains(t, j.Found, found)
	}
}

func TestRollbackNeedsAnOlderRevisionAfterTheFirst(t *testing.T) {
	require.Equal(t, readiness.Pass, run(t, "kubernetes-rollback-possible", deployment(func(*evidence.KubeWorkload) {})).Verdict)
	j := run(t, "kubernetes-rollback-possible", deployment(func(w *evidence.KubeWorkload) { w.Revision = 3 }))
	require.Contains(t, j.Found, "no older one is left")
}

func TestImages(t *testing.T) {
	const ecr = "111122223333.dkr.ecr.us-west-2.amazonaws.com/web"
	for image, want := range map[string]readiness.Verdict{
		ecr + ":1.2.3":                  readiness.Pass,
		ecr + "@sha256:0123":            readiness.Pass,
		ecr + ":latest@sha256:0123":     readiness.Pass,
		ecr:                             readiness.Fail,
		ecr + ":main":                   readiness.Fail,
		"docker.io/library/nginx:1.2.3": readiness.Fail,
		"quay.io/prometheuscommunity/pgbouncer-exporter:v0.11.0":      readiness.Pass,
		"quay.io/prometheuscommunity/pgbouncer-exporter:1.28.0-extra": readiness.Pass,
		"quay.io/prometheuscommunity/pgbouncer-exporter@sha256:0123":  readiness.Pass,
		"quay.io/prometheuscommunity/pgbouncer-exporter:latest":       readiness.Fail,
		"quay.io/prometheuscommunity/pgbouncer-exporter:v0":           readiness.Fail,
		"quay.io/prometheuscommunity/pgbouncer-exporter":              readiness.Fail,
		"quay.io/prometheuscommunityX/exporter:v0.11.0":               readiness.Fail,
		"evil.example/quay.io/prometheuscommunity/exporter:v0.11.0":   readiness.Fail,
		"localhost:5000/web": readiness.Fail,
		"evil.example/111122223333.dkr.ecr.us-west-2.amazonaws.com/web:1": readiness.Fail,
	} {
		j := run(t, "kubernetes-images", deployment(func(w *evidence.KubeWorkload) {
			w.Template.Containers = []evidence.KubeContainer{{Name: "c", Image: image}}
		}))
		require.Equal(t, want, j.Verdict, image)
	}
}

func TestNetworkPolicyThatLetsEverythingThroughFencesNothing(t *testing.T) {
	policy := evidence.KubeNetworkPolicy{KubeObject: in, Ingress: true, Egress: true}
	judged := func(p evidence.KubeNetworkPolicy, problems ...evidence.Problem) readiness.Judgement {
		return run(t, "kubernetes-network-policies", func(f evidence.Facts) {
			evidence.Fix(f, evidence.KubernetesPods, []evidence.KubePod{{KubeObject: in, Labels: map[string]string{"app": "web"}}})
			evidence.Fix(f, evidence.KubernetesNamespaces, []evidence.KubeNamespace{{Name: "portal"}})
			evidence.Fix(f, evidence.KubernetesNetworkPolicies, []evidence.KubeNetworkPolicy{p}, problems...)
		})
	}
	require.Equal(t, readiness.Pass, judged(policy).Verdict)
	open := policy
	open.OpenEgress = true
	require.Contains(t, judged(open).Found, "policy web lets everything out")
	other := policy
	other.Namespace = "elsewhere"
	require.Equal(t, readiness.Fail, judged(other).Verdict)
	narrow := policy
	narrow.Pods.Labels = map[string]string{"app": "web"}
	require.Contains(t, judged(narrow).Found, "does not deny by default")
	require.Equal(t, readiness.Unknown, judged(other, evidence.Problem{Kind: evidence.Throttled}).Verdict, "what is missing may fence")
}

func TestBackups(t *testing.T) {
	judged := func(tasks ...evidence.KubeTask) readiness.Judgement {
		return run(t, "kubernetes-restore-drill", func(f evidence.Facts) {
			evidence.Fix(f, evidence.KubernetesBackups, evidence.KubeBackups{Found: []evidence.KubeObject{in}, Tasks: tasks})
		})
	}
	drill := func(age time.Duration, ok bool) evidence.KubeTask {
		return evidence.KubeTask{Name: "drill", Succeeded: ok, Finished: now.Add(-age)}
	}
	require.Equal(t, readiness.Pass, judged(drill(8*24*time.Hour, true)).Verdict)
	require.Equal(t, readiness.Fail, judged(drill(8*24*time.Hour+time.Second, true)).Verdict)
	require.Equal(t, readiness.Fail, judged(drill(time.Hour, false)).Verdict)
	require.Equal(t, readiness.Unknown, judged(drill(-time.Hour, true)).Verdict)
	require.Contains(t, judged().Found, "it has not run yet")
}

func TestTheFirstDefaultIsNotEnough(t *testing.T) {
	class := evidence.KubeStorageClass{
		Name: "gp3", Default: true, Provisioner: "ebs.csi.aws.com", Expands: true, Binding: "WaitForFirstConsumer",
		Parameters: map[string]string{"encrypted": "true"},
	}
	shared := evidence.KubeStorageClass{Name: "efs", Provisioner: "efs.csi.aws.com"}
	judged := func(all ...evidence.KubeStorageClass) readiness.Judgement {
		return run(t, "kubernetes-storage-classes", func(f evidence.Facts) { evidence.Fix(f, evidence.KubernetesStorageClasses, all) })
	}
	require.Equal(t, readiness.Pass, judged(class, shared).Verdict)
	require.Contains(t, judged(class, class, shared).Found, "2 of them are the default")
	require.Contains(t, judged(shared).Found, "0 of them are the default")
	require.Contains(t, judged(class).Found, "no volume can be shared")
}
