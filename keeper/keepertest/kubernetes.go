package keepertest

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/keeper/cluster"
	"gatehouse/sandbox/sandboxtest"
)

// Kubeconfig is that of a control plane. It skips the test in short mode.
func Kubeconfig(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	return sandboxtest.Kubernetes(t)
}

// Namespace makes a namespace that is the test's own.
func Namespace(t testing.TB) (*cluster.Cluster, kubernetes.Interface, string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", Kubeconfig(t))
	require.NoError(t, err)
	c, err := cluster.New(config)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	made, err := client.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	// Pods are refused until the controller manager has made the account.
	eventually(t, func() bool {
		_, err := client.CoreV1().ServiceAccounts(made.Name).Get(t.Context(), "default", metav1.GetOptions{})
		return err == nil
	})
	c.StatusNamespace = made.Name
	return c, client, made.Name
}

// Status makes the ConfigMap that the stack makes.
func Status(t testing.TB, client kubernetes.Interface, namespace string) {
	t.Helper()
	_, err := client.CoreV1().ConfigMaps(namespace).Create(t.Context(),
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: cluster.StatusName}}, metav1.CreateOptions{})
	require.NoError(t, err)
}

// Deployment makes a Deployment and waits until its pods are available.
func Deployment(t testing.TB, client kubernetes.Interface, namespace, name string, replicas int32) {
	t.Helper()
	labels := map[string]string{"app": name}
	_, err := client.AppsV1().Deployments(namespace).Create(t.Context(), &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: name, Image: "none"}}},
			},
		},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	eventually(t, func() bool {
		got, err := client.AppsV1().Deployments(namespace).Get(t.Context(), name, metav1.GetOptions{})
		return err == nil && got.Status.AvailableReplicas == replicas
	})
}

// Apply applies documents as a person would, with kubectl.
func Apply(t testing.TB, documents string) {
	t.Helper()
	kubectl, err := exec.LookPath("kubectl")
	if err != nil {
		t.Skip("needs kubectl")
	}
	cmd := exec.Command(kubectl, "--kubeconfig", Kubeconfig(t), "apply", "-f", "-")
	cmd.Stdin = strings.NewReader(documents)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func eventually(t testing.TB, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, time.Minute, 50*time.Millisecond)
}
