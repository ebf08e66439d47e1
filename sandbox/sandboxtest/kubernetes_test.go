package sandboxtest

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox/crds"
	"gatehouse/sandbox/node"
)

const limit = 30 * time.Second

// TestNode shows what the node does, through the controllers that watch it.
func TestNode(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	kubeconfig := Kubernetes(t)
	require.Equal(t, kubeconfig, Kubernetes(t), "one control plane is shared")
	client, err := kubernetes.NewForConfig(restConfig(t, kubeconfig))
	require.NoError(t, err)

	t.Run("a Deployment becomes available, and goes", func(t *testing.T) { deployment(t, client) })
	t.Run("a Job completes, and one that is told to fails", func(t *testing.T) { jobs(t, client) })
	t.Run("a pod waits for its Secret", func(t *testing.T) { missingSecret(t, client) })
	t.Run("a claim is bound, and its volume goes with it", func(t *testing.T) { claim(t, client) })
	t.Run("the seeded definitions are served and checked", func(t *testing.T) { definitions(t, restConfig(t, kubeconfig)) })
	t.Run("there is a node for each pool and zone", func(t *testing.T) { fleet(t, client) })
	t.Run("a hundred pods are soon ready, over all zones", func(t *testing.T) { crowd(t, client) })
	t.Run("build work goes to spot nodes, and nothing else", func(t *testing.T) { build(t, client) })
	t.Run("a deleted Node comes back", func(t *testing.T) {
		require.NoError(t, client.CoreV1().Nodes().Delete(t.Context(), "apps-2", metav1.DeleteOptions{}))
		eventually(t, func() bool {
			found, err := client.CoreV1().Nodes().Get(t.Context(), "apps-2", metav1.GetOptions{})
			return err == nil && found.Labels[corev1.LabelTopologyZone] == "us-west-2b"
		})
	})
}

func deployment(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	d := decode[appsv1.Deployment](t, `
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 300
      initContainers: [{name: init, image: none}]
      containers: [{name: web, image: none, readinessProbe: {httpGet: {path: /, port: 80}}}]`)
	_, err := client.AppsV1().Deployments(space).Create(t.Context(), d, metav1.CreateOptions{})
	require.NoError(t, err)
	eventually(t, func() bool {
		got, err := client.AppsV1().Deployments(space).Get(t.Context(), "web", metav1.GetOptions{})
		return err == nil && got.Status.AvailableReplicas == 3
	})
	pods, err := client.CoreV1().Pods(space).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, pod := range pods.Items {
		require.Equal(t, corev1.PodRunning, pod.Status.Phase)
		require.NotNil(t, pod.Status.InitContainerStatuses[0].State.Terminated)
		seen[pod.Status.PodIP] = true
	}
	require.Len(t, seen, 3, "every pod has an address of its own")

	require.NoError(t, client.CoreV1().Namespaces().Delete(t.Context(), space, metav1.DeleteOptions{}))
	eventually(t, func() bool { // long before the grace period of 5 min
		_, err := client.CoreV1().Namespaces().Get(t.Context(), space, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
}

func fleet(t *testing.T, client kubernetes.Interface) {
	nodes, err := client.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	pools, zones, addresses := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, n := range nodes.Items {
		pools[n.Labels["gatehouse/pool"]]++
		zones[n.Labels[corev1.LabelTopologyZone]]++
		addresses[n.Status.Addresses[0].Address] = true
		spot := n.Labels["node.kubernetes.io/lifecycle"] == "spot"
		require.Equal(t, n.Labels["gatehouse/pool"] == "build", spot)
		require.Equal(t, spot, len(n.Spec.Taints) == 1 && n.Spec.Taints[0].ToString() == "spot=true:NoSchedule", n.Name)
	}
	require.Equal(t, map[string]int{"system": 3, "apps": 6, "build": 1}, pools)
	require.Equal(t, map[string]int{"us-west-2a": 4, "us-west-2b": 3, "us-west-2c": 3}, zones)
	require.Len(t, addresses, len(nodes.Items), "every node has an address of its own")
}

func crowd(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	begin := time.Now()
	for i := range 10 {
		d := decode[appsv1.Deployment](t, `
spec:
  replicas: 10
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}, nodeTaintsPolicy: Honor}
      containers: [{name: web, image: none, resources: {requests: {cpu: 500m, memory: 512Mi}}}]`)
		d.Name = "web-" + string(rune('a'+i))
		_, err := client.AppsV1().Deployments(space).Create(t.Context(), d, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	eventually(t, func() bool {
		list, err := client.AppsV1().Deployments(space).List(t.Context(), metav1.ListOptions{})
		require.NoError(t, err)
		available := 0
		for _, d := range list.Items {
			available += int(d.Status.AvailableReplicas)
		}
		return available == 100
	})
	t.Logf("100 pods ready in %s", time.Since(begin).Round(10*time.Millisecond))
	pods, err := client.CoreV1().Pods(space).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	nodes := map[string]int{}
	for _, pod := range pods.Items {
		nodes[pod.Spec.NodeName]++
	}
	require.Len(t, nodes, 9, "all but the spot node")
	require.NotContains(t, nodes, "build-1")
}

func build(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	pod := func(name, more string) {
		p := decode[corev1.Pod](t, "spec: {nodeSelector: {node.kubernetes.io/lifecycle: spot}, containers: [{name: c, image: none}]"+more+"}")
		p.Name = name
		_, err := client.CoreV1().Pods(space).Create(t.Context(), p, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	pod("tolerates", `, tolerations: [{key: spot, operator: Equal, value: "true", effect: NoSchedule}]`)
	pod("does-not", "")
	eventually(t, func() bool {
		tolerates, err := client.CoreV1().Pods(space).Get(t.Context(), "tolerates", metav1.GetOptions{})
		require.NoError(t, err)
		other, err := client.CoreV1().Pods(space).Get(t.Context(), "does-not", metav1.GetOptions{})
		require.NoError(t, err)
		refused := len(other.Status.Conditions) > 0 && other.Status.Conditions[0].Reason == corev1.PodReasonUnschedulable
		return tolerates.Status.Phase == corev1.PodRunning && tolerates.Spec.NodeName == "build-1" && refused
	})
}

func jobs(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	job := func(name string, annotations map[string]string) *batchv1.Job {
		j := decode[batchv1.Job](t, `
spec:
  backoffLimit: 0
  template: {spec: {restartPolicy: Never, containers: [{name: work, image: none}]}}`)
		j.Name, j.Spec.Template.Annotations = name, annotations
		return j
	}
	for _, j := range []*batchv1.Job{job("good", nil), job("bad", map[string]string{node.ExitCode: "3"})} {
		_, err := client.BatchV1().Jobs(space).Create(t.Context(), j, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	ended := func(name string, kind batchv1.JobConditionType) func() bool {
		return func() bool {
			got, err := client.BatchV1().Jobs(space).Get(t.Context(), name, metav1.GetOptions{})
			require.NoError(t, err)
			for _, condition := range got.Status.Conditions {
				if condition.Type == kind && condition.Status == corev1.ConditionTrue {
					return true
				}
			}
			return false
		}
	}
	eventually(t, ended("good", batchv1.JobComplete))
	eventually(t, ended("bad", batchv1.JobFailed))
}

func missingSecret(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	pod := decode[corev1.Pod](t, `
metadata: {name: p}
spec:
  containers: [{name: c, image: none, env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]`)
	_, err := client.CoreV1().Pods(space).Create(t.Context(), pod, metav1.CreateOptions{})
	require.NoError(t, err)
	eventually(t, func() bool {
		events, err := client.CoreV1().Events(space).List(t.Context(), metav1.ListOptions{FieldSelector: "involvedObject.name=p,type=Warning"})
		return err == nil && len(events.Items) > 0
	})
	got, err := client.CoreV1().Pods(space).Get(t.Context(), "p", metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, corev1.PodPending, got.Status.Phase)
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, StringData: map[string]string{"k": "v"}}
	_, err = client.CoreV1().Secrets(space).Create(t.Context(), secret, metav1.CreateOptions{})
	require.NoError(t, err)
	eventually(t, func() bool {
		got, err := client.CoreV1().Pods(space).Get(t.Context(), "p", metav1.GetOptions{})
		return err == nil && got.Status.Phase == corev1.PodRunning
	})
}

func claim(t *testing.T, client kubernetes.Interface) {
	space := namespace(t, client)
	mode := storagev1.VolumeBindingWaitForFirstConsumer
	class := &storagev1.StorageClass{
		ObjectMeta: metav1.ObjectMeta{Name: space}, Provisioner: "efs.csi.aws.com", VolumeBindingMode: &mode,
	}
	_, err := client.StorageV1().StorageClasses().Create(t.Context(), class, metav1.CreateOptions{})
	require.NoError(t, err)
	pvc := decode[corev1.PersistentVolumeClaim](t, `
metadata: {name: data}
spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 20Gi}}}`)
	pvc.Spec.StorageClassName = &space
	_, err = client.CoreV1().PersistentVolumeClaims(space).Create(t.Context(), pvc, metav1.CreateOptions{})
	require.NoError(t, err)
	pod := decode[corev1.Pod](t, `
metadata: {name: p}
spec:
  containers: [{name: c, image: none}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]`)
	_, err = client.CoreV1().Pods(space).Create(t.Context(), pod, metav1.CreateOptions{})
	require.NoError(t, err)
	var volume string
	eventually(t, func() bool {
		got, err := client.CoreV1().PersistentVolumeClaims(space).Get(t.Context(), "data", metav1.GetOptions{})
		require.NoError(t, err)
		volume = got.Spec.VolumeName
		running, err := client.CoreV1().Pods(space).Get(t.Context(), "p", metav1.GetOptions{})
		return err == nil && got.Status.Phase == corev1.ClaimBound && running.Status.Phase == corev1.PodRunning
	})
	require.NoError(t, client.CoreV1().Namespaces().Delete(t.Context(), space, metav1.DeleteOptions{}))
	eventually(t, func() bool {
		_, err := client.CoreV1().PersistentVolumes().Get(t.Context(), volume, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
}

func definitions(t *testing.T, config *rest.Config) {
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	issuers := client.Resource(schema.GroupVersionResource{Group: "cert-manager.io", Version: "v1", Resource: "clusterissuers"})
	issuer := func(spec map[string]any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "cert-manager.io/v1", "kind": "ClusterIssuer", "metadata": map[string]any{"generateName": "test-"}, "spec": spec,
		}}
	}
	_, err = issuers.Create(t.Context(), issuer(map[string]any{"selfSigned": map[string]any{}}), metav1.CreateOptions{})
	require.NoError(t, err)
	_, err = issuers.Create(t.Context(), issuer(map[string]any{"acme": int64(4)}), metav1.CreateOptions{})
	require.ErrorContains(t, err, "spec.acme")
	_, err = issuers.Create(t.Context(), issuer(map[string]any{"selfSinged": map[string]any{}}), metav1.CreateOptions{FieldValidation: "Strict"})
	require.ErrorContains(t, err, "selfSinged")

	// What is seeded is what Load would have loaded: it finds nothing to do.
	bundle, err := toolbox.CRDs(t.Context(), projectRoot(t), nil)
	require.NoError(t, err)
	resource := client.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	before, err := resource.List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	all, loaded, err := crds.Load(t.Context(), config, bundle)
	require.NoError(t, err)
	require.Len(t, before.Items, all)
	require.Zero(t, loaded)
	// One that is missing is loaded again, in the ordinary way.
	const name = "clusterissuers.cert-manager.io"
	require.NoError(t, resource.Delete(t.Context(), name, metav1.DeleteOptions{}))
	eventually(t, func() bool {
		_, err := resource.Get(t.Context(), name, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	_, loaded, err = crds.Load(t.Context(), config, bundle)
	require.NoError(t, err)
	require.Equal(t, 1, loaded)
	after, err := resource.Get(t.Context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, find(t, before, name)["spec"], after.Object["spec"], "the server made the same of both")
}

func find(t *testing.T, list *unstructured.UnstructuredList, name string) map[string]any {
	t.Helper()
	for _, item := range list.Items {
		if item.GetName() == name {
			return item.Object
		}
	}
	require.FailNow(t, "no such definition", name)
	return nil
}

func TestOwnKubernetesEndsAndLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	kubeconfig, stop := OwnKubernetes(t)
	client, err := kubernetes.NewForConfig(restConfig(t, kubeconfig))
	require.NoError(t, err)
	stop()
	_, err = client.Discovery().ServerVersion()
	require.Error(t, err)
	_, err = os.Stat(filepath.Dir(kubeconfig))
	require.NoError(t, err, "the folder is the test's own")
}

func namespace(t *testing.T, client kubernetes.Interface) string {
	t.Helper()
	created, err := client.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	// Pods are refused until the controller manager has made the account.
	eventually(t, func() bool {
		_, err := client.CoreV1().ServiceAccounts(created.Name).Get(t.Context(), "default", metav1.GetOptions{})
		return err == nil
	})
	return created.Name
}

func decode[T any](t *testing.T, text string) *T {
	t.Helper()
	object := new(T)
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), object))
	return object
}

func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, limit, 50*time.Millisecond)
}
