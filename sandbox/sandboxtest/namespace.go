package sandboxtest

import (
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// Namespace makes a namespace of the test's own on the control plane of [Kubernetes],
// and says how its admin reaches it, as often as it likes. Short tests are skipped.
func Namespace(t testing.TB) (config *rest.Config, client kubernetes.Interface, name string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts an API server: not in -short")
	}
	config, err := clientcmd.BuildConfigFromFlags("", Kubernetes(t))
	require.NoError(t, err)
	config.QPS = -1
	client, err = kubernetes.NewForConfig(config)
	require.NoError(t, err)
	made, err := client.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	return config, client, made.Name
}
