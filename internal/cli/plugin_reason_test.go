package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/sandbox/node"
	"gatehouse/sandbox/sandboxtest"
)

// fail runs a Job that fails, and has its pod leave a message.
func fail(t *testing.T, client kubernetes.Interface, namespace, name, message string) {
	t.Helper()
	_, err := client.BatchV1().Jobs(namespace).Create(t.Context(), &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: batchv1.JobSpec{BackoffLimit: new(int32), Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{node.ExitCode: "1"}},
			Spec: corev1.PodSpec{
				RestartPolicy: corev1.RestartPolicyNever, AutomountServiceAccountToken: new(bool),
				Containers: []corev1.Container{{Name: "installer", Image: "example.com/other:1"}},
			},
		}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		job, err := client.BatchV1().Jobs(namespace).Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(t, err)
		for _, c := range job.Status.Conditions {
			if c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue {
				return true
			}
		}
		return false
	}, time.Minute, 50*time.Millisecond)
	pods, err := client.CoreV1().Pods(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: batchv1.JobNameLabel + "=" + name})
	require.NoError(t, err)
	require.Len(t, pods.Items, 1)
	pods.Items[0].Status.ContainerStatuses[0].State.Terminated.Message = message
	_, err = client.CoreV1().Pods(namespace).UpdateStatus(t.Context(), &pods.Items[0], metav1.UpdateOptions{})
	require.NoError(t, err)
}

func TestWhyTheInstallerFailed(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	connection, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(connection)
	require.NoError(t, err)
	const namespace = "reasons"
	_, err = client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})
	require.NoError(t, err)
	began := time.Now().Truncate(time.Second)
	reasons := func(since time.Time) []string { return installerReasons(t.Context(), client, namespace, since) }
	require.Empty(t, reasons(began), "nothing is known")

	store := status.Store{Client: client.CoreV1(), Namespace: namespace, Name: install.StatusName, FieldManager: "test"}
	_, err = store.Update(t.Context(), func(s *status.Status) error {
		s.Generation, s.Phase = "1-aa", status.RolledBack
		s.Failure = status.Failure{Generation: "2-bb", Reason: "plugin-a threw\nat require", Time: began}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"plugin-a threw at require"}, reasons(began))
	require.Empty(t, reasons(began.Add(time.Second)), "that was another up")

	fail(t, client, namespace, "backup-1", "no space")
	require.Equal(t, []string{"plugin-a threw at require"}, reasons(began), "the Jobs of others do not count")
	fail(t, client, namespace, "plugin-stage-a-1", `{"level":"INFO","msg":"begun"}`+"\n"+`{"level":"ERROR","msg":"ended"}`+"\nrefused: vulnerability:\nGHSA-1")
	fail(t, client, namespace, "plugin-stage-b-1", strings.Repeat("long ", 200))
	found := reasons(began)
	require.Len(t, found, 2)
	require.Equal(t, "refused: vulnerability: GHSA-1", found[0])
	require.Len(t, []rune(found[1]), reasonLength)
	require.Empty(t, reasons(time.Now().Add(time.Minute)))

	fail(t, client, namespace, "plugin-activate-1", "")
	require.Regexp(t, "^plugin-activate-1: .*backoff limit", reasons(began)[0], "without a word of the pod, that of the Job")
}
