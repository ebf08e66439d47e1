package cluster_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/checks/checkstest"
	. "gatehouse/checks/collect/kubernetes/kubernetestest"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/cluster"
)

func list(items ...any) []any { return items }

// thresholds are the checklist's, but for what a sandbox lacks.
func thresholds(t *testing.T) judge.Thresholds {
	t.Helper()
	return checkstest.Figures(t, judge.Thresholds{
		"variables": list("portal-frontend NODE_ENV=production", "backstage-backend NODE_ENV=production",
			"backstage-backend PLUGIN_INSTALL_MODE=dynamic|rebuild", "backstage-backend BACKSTAGE_ROOT", "backstage-backend DYNAMIC_PLUGINS_PATH",
			"backstage-backend S3_PLUGIN_BUCKET", "backstage-backend CI_CD_TRIGGER_URL"),
		"loggingWorkloads": list("portal-frontend", "backstage-backend"), "logCollectors": list("fluent-bit", "fluentd"),
		"nodeAutoscalers": list("cluster-autoscaler", "karpenter"), "scaledWorkloads": list("portal-frontend"),
		"registry": `^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/|^docker\.io/istio/`, "registries": list("quay.io/prometheuscommunity"),
		"backupTasks": list("database", "configuration"),
	}, "minimumVersion", "minimumWorkers", "minimumZones", "minimumMasters", "maximumUsedPercent", "quotaResources", "fastTypes",
		"minimumLevel", "portalLevel", "systemNamespaces", "unusedNamespaces", "exceptions", "monitoring", "minimumReplicas",
		"maximumBackupAge", "maximumDrillAge", "minimumHistory", "maximumRestarts", "restartsWithin")
}

func status(task string, succeeded bool, finished time.Time) string {
	return fmt.Sprintf(`{"task":%q,"succeeded":%t,"finished":%q,"error":"it did not work"}`, task, succeeded, finished.UTC().Format(time.RFC3339))
}

func TestLive(t *testing.T) {
	w := New(t)
	now := time.Now()
	results := func(database, drill string) string {
		return fmt.Sprintf(`{apiVersion: v1, kind: ConfigMap, metadata: {name: backup-status, namespace: backstage}, data: {database: '%s', configuration: '%s', drill: '%s'}}`,
			database, status("configuration", true, now.Add(-time.Hour)), drill)
	}
	good := status("drill", true, now.Add(-24*time.Hour))
	w.Apply(t, results(status("database", true, now.Add(-time.Hour)), good))
	stage := checkstest.Stage{
		Checkers: cluster.Checkers(), Thresholds: thresholds(t),
		Environment: judge.Environment{Name: "test", Namespaces: Namespaces}, Readers: w.Readers,
	}
	w.Settled(t, stage, "kubernetes-rollouts-complete", "kubernetes-claims-bound", "kubernetes-jobs-complete", "kubernetes-pods-healthy",
		"kubernetes-log-collector", "kubernetes-monitoring-workloads", "kubernetes-node-autoscaler", "kubernetes-disruption-budgets",
		"kubernetes-ingresses", "kubernetes-quotas")
	measured(t, w)
	w.Settled(t, stage, "kubernetes-autoscaling")

	const (
		frontend = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: portal-frontend, namespace: developer-portal}, spec: %s}"
		main     = "{template: {spec: {containers: [{name: portal-frontend, image: %s, %s}]}}}"
		image    = "111122223333.dkr.ecr.us-west-2.amazonaws.com/portal-frontend:1.0.0"
	)
	change := func(spec string) func(*testing.T) func() { return w.Changed(fmt.Sprintf(frontend, spec)) }
	kept := `env: [{name: NODE_ENV, value: production}, {name: LOG_LEVEL, value: info}, {name: LOG_FORMAT, value: json}],
		livenessProbe: {httpGet: {path: /, port: 4400}}, readinessProbe: {httpGet: {path: /, port: 4400}}`
	hard := `securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}}`
	pod := func(spec string) func(*testing.T) func() {
		return w.Added("{apiVersion: v1, kind: Pod, metadata: {name: stray, namespace: backstage, labels: {app: stray}}, spec: " + spec + "}")
	}
	deployments, pods, nodes := List("apps", "deployments"), List("", "pods"), List("", "nodes")
	node := func(field string) func(*testing.T) func() {
		return w.Changed("{apiVersion: v1, kind: Node, metadata: {name: apps-1}, spec: {" + field + "}}")
	}
	workers := func(t *testing.T) func() {
		var undo []func()
		for i := range 5 {
			undo = append(undo, w.Change(t, fmt.Sprintf("{apiVersion: v1, kind: Node, metadata: {name: apps-%d}, spec: {unschedulable: true}}", i+1)))
		}
		return func() {
			for _, each := range undo {
				each()
			}
		}
	}
	version := w.Scene(stage, "kubernetes-version", func(*testing.T) func() {
		return w.Front.Answer("/version", func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = rw.Write([]byte(`{"major":"1","minor":"27+","gitVersion":"v1.27.16-eks-1"}`))
		})
	}, "it is Kubernetes v1.27.16-eks-1", Right{})
	// Everybody may ask for the version, so that it hangs.
	version.Blind, version.Why = func(t *testing.T) { w.Front.Hang(t, "/version") }, "timed out"

	play := stage
	play.Limit = 2 * time.Second
	play.Play(t,
		w.Scene(stage, "kubernetes-autoscaling", w.Changed("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: portal-frontend, namespace: developer-portal}, spec: {minReplicas: 1}}"),
			"its least is 1 replica", List("autoscaling", "horizontalpodautoscalers")),
		version,
		w.Scene(stage, "kubernetes-workers", workers, "workers ready and taking pods", nodes),
		w.Scene(stage, "kubernetes-nodes-healthy", node("unschedulable: true"), "node apps-1: it is cordoned", nodes),
		w.Scene(stage, "kubernetes-containers-bounded",
			w.Added(`{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: backstage}, spec: {schedule: "0 0 1 1 *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "111122223333.dkr.ecr.us-west-2.amazonaws.com/keeper:1.0.0", resources: {requests: {cpu: 1, memory: 1Gi}}}]}}}}}}`),
			"it has no CPU limit, no memory limit", pods),
		w.Scene(stage, "kubernetes-quotas", w.Changed(`{apiVersion: v1, kind: ResourceQuota, metadata: {name: quota, namespace: backstage}, spec: {hard: {pods: "2"}}}`),
			"100 % of pods is used", List("", "resourcequotas")),
		w.Scene(stage, "kubernetes-storage-classes",
			w.Added(`{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp2, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}, provisioner: ebs.csi.aws.com, parameters: {type: gp2}}`),
			`its volumes are of type "gp2"`, List("storage.k8s.io", "storageclasses")),
		w.Scene(stage, "kubernetes-claims-bound",
			w.Added("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: lost, namespace: backstage}, spec: {storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
			"claim backstage/lost: it is Pending: there is no storage class none", List("", "persistentvolumeclaims")),
		w.Scene(stage, "kubernetes-network-policies", w.Changed("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: default-deny, namespace: backstage}, spec: {policyTypes: [Ingress]}}"),
			"no policy is about what goes out", List("networking.k8s.io", "networkpolicies")),
		w.Scene(stage, "kubernetes-network-enforcement", w.Changed("{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: aws-node, namespace: kube-system}, spec: {template: {spec: {containers: [{name: aws-node, image: none}]}}}}"),
			"its agent is not told to enforce", List("apps", "daemonsets")),
		w.Scene(stage, "kubernetes-pod-security-standards", w.Changed("{apiVersion: v1, kind: Namespace, metadata: {name: backstage, labels: {pod-security.kubernetes.io/enforce: baseline}}}"),
			"namespace backstage: it enforces baseline", List("", "namespaces")),
		w.Scene(stage, "kubernetes-pods-hardened", func(t *testing.T) func() {
			relax := w.Change(t, "{apiVersion: v1, kind: Namespace, metadata: {name: backstage, labels: {pod-security.kubernetes.io/enforce: privileged}}}")
			remove := pod("{hostPID: true, containers: [{name: c, image: none, securityContext: {privileged: true}, resources: {requests: {cpu: 10m, memory: 8Mi}, limits: {cpu: 10m, memory: 8Mi}}}]}")(t)
			return func() { remove(); relax() }
		}, "it shares the node's processes; container c is privileged", pods),
		w.Scene(stage, "kubernetes-probes", change(fmt.Sprintf(main, image, hard+", livenessProbe: {httpGet: {path: /, port: 4400}}")), "it has no readiness probe", deployments),
		w.Scene(stage, "kubernetes-environment-variables", change(fmt.Sprintf(main, image, hard+", env: [{name: NODE_ENV, value: development}]")), `NODE_ENV is "development"`, deployments),
		w.Scene(stage, "kubernetes-log-settings", change(fmt.Sprintf(main, image, hard+", env: [{name: LOG_LEVEL, value: debug}]")), "LOG_LEVEL is debug", deployments),
		w.Scene(stage, "kubernetes-log-collector", w.Changed("{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: fluent-bit, namespace: logging}, spec: {template: {spec: {nodeSelector: {gatehouse/pool: apps}}}}}"),
			"it is meant for 6 of 10 nodes", List("apps", "daemonsets")),
		w.Scene(stage, "kubernetes-ingresses", w.Changed("{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: portal, namespace: developer-portal}, spec: {tls: [{hosts: [portal.example.com], secretName: tls}]}}"),
			`TLS does not cover host "api.portal.example.com"`, List("networking.k8s.io", "ingresses")),
		w.Scene(stage, "kubernetes-node-autoscaler", w.Changed("{apiVersion: apps/v1, kind: Deployment, metadata: {name: cluster-autoscaler, namespace: kube-system}, spec: {replicas: 0}}"),
			"deployment kube-system/cluster-autoscaler: ", deployments),
		w.Scene(stage, "kubernetes-disruption-budgets", w.Changed("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: backstage, namespace: backstage}, spec: {maxUnavailable: 0}}"),
			"it lets no pod go: 2 of 2 are healthy and 2 must be", List("policy", "poddisruptionbudgets")),
		w.Scene(stage, "kubernetes-monitoring-workloads", w.Changed("{apiVersion: apps/v1, kind: Deployment, metadata: {name: grafana, namespace: monitoring}, spec: {replicas: 0}}"),
			"deployment monitoring/grafana: ", deployments),
		w.Scene(stage, "kubernetes-images", change(fmt.Sprintf(main, "111122223333.dkr.ecr.us-west-2.amazonaws.com/portal-frontend:latest", kept+","+hard)), "portal-frontend:latest moves", deployments),
		w.Scene(stage, "kubernetes-jobs-complete", w.Added(`{apiVersion: batch/v1, kind: Job, metadata: {name: migrate-2, namespace: backstage}, spec: {backoffLimit: 0, template: {metadata: {annotations: {gatehouse.sandbox/exit-code: "3"}}, spec: {restartPolicy: Never, securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: none, `+hard+`}]}}}}`),
			"job backstage/migrate-2: it failed", List("batch", "jobs")),
		w.Scene(stage, "kubernetes-backups-recorded", w.Changed(results(status("database", false, now), good)), "failed: it did not work", Get("", "configmaps")),
		w.Scene(stage, "kubernetes-restore-drill", w.Changed(results(status("database", true, now), status("drill", true, now.Add(-300*time.Hour)))), "is 300h0m0s old", Get("", "configmaps")),
		w.Scene(stage, "kubernetes-rollout-strategy", change("{strategy: {rollingUpdate: {maxUnavailable: 1}}}"), `RollingUpdate with maxUnavailable "1"`, deployments),
		w.Scene(stage, "kubernetes-rollouts-complete", change("{template: {spec: {nodeSelector: {none: such}}}}"), "deployment developer-portal/portal-frontend: ", deployments),
		w.Scene(stage, "kubernetes-rollback-possible", w.Added("{apiVersion: apps/v1, kind: Deployment, metadata: {name: forgetful, namespace: backstage}, spec: {replicas: 1, revisionHistoryLimit: 0, selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec: {securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: none, "+hard+"}]}}}}"), "its revisionHistoryLimit is 0", deployments),
		w.Scene(stage, "kubernetes-references-exist", func(t *testing.T) func() {
			w.Remove(t, "{apiVersion: v1, kind: ConfigMap, metadata: {name: app-config, namespace: backstage}}")
			return func() {
				w.Apply(t, `{apiVersion: v1, kind: ConfigMap, metadata: {name: app-config, namespace: backstage}, data: {app-config.yaml: "app: {}"}}`)
			}
		}, "there is no ConfigMap app-config", List("", "configmaps")),
		w.Scene(stage, "kubernetes-pods-healthy", pod("{nodeSelector: {none: such}, securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: none, "+hard+"}]}"),
			"pod backstage/stray: it is Pending and not ready", pods),
	)
}

// measured stands in for the metrics server: what the pods of the frontend take.
func measured(t *testing.T, w *World) {
	t.Helper()
	pods, err := w.Admin.CoreV1().Pods(Portal).List(t.Context(), metav1.ListOptions{LabelSelector: "app=portal-frontend"})
	require.NoError(t, err)
	for _, p := range pods.Items {
		w.Apply(t, fmt.Sprintf(`{apiVersion: metrics.k8s.io/v1beta1, kind: PodMetrics, metadata: {name: %s, namespace: %s, labels: {app: portal-frontend}},
			timestamp: %q, window: 15s, containers: [{name: portal-frontend, usage: {cpu: 100m}}, {name: istio-proxy, usage: {cpu: 10m}}]}`,
			p.Name, Portal, time.Now().Add(time.Minute).UTC().Format(time.RFC3339)))
	}
}
