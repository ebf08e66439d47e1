package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// strategy: guide's "Rolling Deployment": maxSurge 1, maxUnavailable 0.
var strategy = judge.Checker{
	ID: "kubernetes-rollout-strategy", Expected: "every Deployment of the portal is replaced without ever having fewer pods",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		c.Expect("every Deployment of the portal has the strategy RollingUpdate with maxUnavailable 0")
		for _, w := range deployments(c) {
			none := w.MaxUnavailable == "0" || w.MaxUnavailable == "0%"
			c.Require(w.Strategy == "RollingUpdate" && none, where(w, ""), "its strategy is %s with maxUnavailable %q", w.Strategy, w.MaxUnavailable)
		}
	},
}

// rollouts: `kubectl rollout status`, of everything of the portal that serves.
var rollouts = judge.Checker{
	ID: "kubernetes-rollouts-complete", Expected: "every workload of the portal is rolled out: all pods are of the newest revision and available",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		for _, w := range portal(c) {
			if !w.Serves() || w.Desired == 0 {
				continue
			}
			progress := w.Conditions.Get("Progressing")
			switch {
			case !w.Observed:
				c.Fail(where(w, ""), "its newest description is not taken up yet")
			case progress.Reason == "ProgressDeadlineExceeded":
				c.Fail(where(w, ""), "its rollout is stuck: %s", progress.Message)
			case w.Updated < w.Desired && w.Strategy != "OnDelete":
				c.Fail(where(w, ""), "%d of %d pods are of the newest revision", w.Updated, w.Desired)
			default:
				c.Require(w.Available >= w.Desired, where(w, ""), "%d of %d pods are available", w.Available, w.Desired)
			}
		}
	},
}

// rollback: guide's "Rollback": what `kubectl rollout undo` needs. A Deployment
// in its first revision has nothing to go back to, and is none the worse.
var rollback = judge.Checker{
	ID: "kubernetes-rollback-possible", Expected: "every Deployment of the portal keeps older revisions to go back to",
	Needs: needs(evidence.KubernetesWorkloads.Name(), evidence.KubernetesReplicaSets.Name()),
	Judge: func(c *judge.Case) {
		least := c.Int("minimumHistory")
		c.Expect("every Deployment of the portal keeps at least %d older revisions, and those after the first have one", least)
		all, whole := judge.Whole(c, evidence.KubernetesReplicaSets)
		for _, w := range deployments(c) {
			older := slices.ContainsFunc(all, func(s evidence.KubeReplicaSet) bool {
				return s.Namespace == w.Namespace && s.Deployment == w.Name && s.Revision < w.Revision
			})
			switch {
			case w.History < least:
				c.Fail(where(w, ""), "its revisionHistoryLimit is %d", w.History)
			case w.Revision > 1 && !older && whole:
				c.Fail(where(w, ""), "it is at revision %d and no older one is left", w.Revision)
			default:
				c.Saw()
			}
		}
	},
}

// podsHealthy: guide's "Health Verification": `kubectl wait --for=condition=ready
// pod`, and no crash loop.
var podsHealthy = judge.Checker{
	ID: "kubernetes-pods-healthy", Expected: "every pod of the portal is ready and does not keep restarting",
	Needs: needs(evidence.KubernetesPods.Name()),
	Judge: func(c *judge.Case) {
		most, recent := c.Int("maximumRestarts"), c.Duration("restartsWithin")
		c.Expect("every pod of the portal is ready, and none has restarted more than %d times with the last time within %s", most, recent)
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if !c.Portal(p.Namespace) || p.Ending || p.OwnerKind == "Job" {
				continue
			}
			var wrong []string
			if !p.Ready {
				wrong = append(wrong, strings.TrimSpace("it is "+p.Phase+" and not ready "+p.Waiting))
			}
			if p.Restarts > most && (p.Restarted.IsZero() || c.Now.Sub(p.Restarted) < recent) {
				wrong = append(wrong, count(p.Restarts, "restart"))
			}
			c.Require(len(wrong) == 0, podAt(p, ""), "%s", strings.Join(wrong, "; "))
		}
	},
}
