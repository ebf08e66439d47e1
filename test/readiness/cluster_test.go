package readiness

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

// A large company's cluster.
const (
	spaces       = 60
	appsOfSpace  = 5
	replicas     = 17
	pods         = spaces * appsOfSpace * replicas
	makersAtOnce = 16
)

const ofSpace = `
- {apiVersion: v1, kind: ServiceAccount, metadata: {name: app, namespace: %[1]s}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: %[1]s}, data: {region: us-west-2, level: info}}
- {apiVersion: v1, kind: Secret, metadata: {name: app, namespace: %[1]s}, stringData: {password: 5d41402abc4b2a76b9719d911017c592}}
- {apiVersion: v1, kind: LimitRange, metadata: {name: all, namespace: %[1]s}, spec: {limits: [{type: Container, default: {cpu: 500m, memory: 256Mi}}]}}
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: default-deny, namespace: %[1]s}
  spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata: {name: app, namespace: %[1]s}
  rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {name: app, namespace: %[1]s}
  roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: app}
  subjects: [{kind: ServiceAccount, name: app, namespace: %[1]s}]
`

const ofApp = `
- apiVersion: v1
  kind: Service
  metadata: {name: %[2]s, namespace: %[1]s}
  spec: {selector: {app: %[2]s}, ports: [{name: http, port: 80, targetPort: http}]}
- apiVersion: policy/v1
  kind: PodDisruptionBudget
  metadata: {name: %[2]s, namespace: %[1]s}
  spec: {minAvailable: 50%%, selector: {matchLabels: {app: %[2]s}}}
- apiVersion: autoscaling/v2
  kind: HorizontalPodAutoscaler
  metadata: {name: %[2]s, namespace: %[1]s}
  spec:
    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %[2]s}
    minReplicas: %[3]d
    maxReplicas: 40
    metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: %[2]s, namespace: %[1]s, labels: {app: %[2]s}}
  spec:
    replicas: %[3]d
    selector: {matchLabels: {app: %[2]s}}
    template:
      metadata: {labels: {app: %[2]s, version: v1}}
      spec:
        serviceAccountName: app
        automountServiceAccountToken: false
        securityContext: {runAsNonRoot: true, runAsUser: 10001, seccompProfile: {type: RuntimeDefault}}
        initContainers: [{name: migrate, image: "registry.example.com/%[2]s:1.2.3", resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {cpu: 1, memory: 64Mi}}}]
        containers:
        - name: app
          image: registry.example.com/%[2]s:1.2.3
          ports: [{name: http, containerPort: 8080}]
          env:
          - {name: NODE_ENV, value: production}
          - {name: LOG_LEVEL, value: info}
          - {name: PASSWORD, valueFrom: {secretKeyRef: {name: app, key: password}}}
          envFrom: [{configMapRef: {name: app}}]
          resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {cpu: 500m, memory: 256Mi}}
          securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
          readinessProbe: {httpGet: {path: /ready, port: http}}
          livenessProbe: {httpGet: {path: /live, port: http}}
          volumeMounts: [{name: tmp, mountPath: /tmp}]
        - {name: agent, image: "registry.example.com/agent:4.5.6", resources: {requests: {cpu: 1m, memory: 1Mi}, limits: {cpu: 100m, memory: 64Mi}}}
        volumes: [{name: tmp, emptyDir: {sizeLimit: 64Mi}}]
`

var plurals = map[string]string{
	"ServiceAccount": "serviceaccounts", "ConfigMap": "configmaps", "Secret": "secrets", "LimitRange": "limitranges",
	"NetworkPolicy": "networkpolicies", "Role": "roles", "RoleBinding": "rolebindings", "Service": "services",
	"PodDisruptionBudget": "poddisruptionbudgets", "HorizontalPodAutoscaler": "horizontalpodautoscalers", "Deployment": "deployments",
}

// fillCluster makes the cluster large, and returns when its pods run.
func fillCluster(t testing.TB, kubeconfig string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	config.QPS = -1
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	binary := *config
	binary.ContentType = runtime.ContentTypeProtobuf
	typed, err := kubernetes.NewForConfig(&binary)
	require.NoError(t, err)
	began := time.Now()
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(makersAtOnce)
	for i := range spaces {
		group.Go(func() error {
			space := fmt.Sprintf("team-%d", i)
			if i < 2 {
				space = []string{"developer-portal", "backstage"}[i]
			}
			_, err := typed.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: space}}, metav1.CreateOptions{})
			if err != nil {
				return err
			}
			text := fmt.Sprintf(ofSpace, space)
			for j := range appsOfSpace {
				text += fmt.Sprintf(ofApp, space, fmt.Sprintf("app-%d", j), replicas)
			}
			return create(ctx, client, text)
		})
	}
	require.NoError(t, group.Wait())
	t.Logf("objects made in %s", time.Since(began).Round(time.Second))
	require.Eventually(t, func() bool {
		ready := 0
		list, err := typed.AppsV1().Deployments("").List(t.Context(), metav1.ListOptions{})
		if err != nil {
			return false
		}
		for i := range list.Items {
			ready += int(list.Items[i].Status.ReadyReplicas)
		}
		return ready == pods
	}, 6*time.Minute, time.Second, "the pods do not run")
	t.Logf("%d pods run after %s", pods, time.Since(began).Round(time.Second))
}

func create(ctx context.Context, client dynamic.Interface, text string) error {
	var objects []map[string]any
	if err := yaml.Unmarshal([]byte(text), &objects); err != nil {
		return err
	}
	for _, each := range objects {
		object := &unstructured.Unstructured{Object: each}
		kind := object.GroupVersionKind()
		resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version, Resource: plurals[kind.Kind]}
		if _, err := client.Resource(resource).Namespace(object.GetNamespace()).Create(ctx, object, metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("create %s %s: %w", kind.Kind, object.GetName(), err)
		}
	}
	return nil
}
