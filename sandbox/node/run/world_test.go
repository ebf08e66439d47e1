package run_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/yaml"

	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/process"
)

const limit = 60 * time.Second

// world is a cluster whose nodes run the stub; dir is its folder.
type world struct {
	kubernetes.Interface
	dir string
}

// space makes a namespace.
func (w world) space(t *testing.T) string {
	t.Helper()
	created, err := w.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	eventually(t, func() bool { // pods are refused until then
		_, err := w.CoreV1().ServiceAccounts(created.Name).Get(t.Context(), "default", metav1.GetOptions{})
		return err == nil
	})
	return created.Name
}

// pod makes one of a spec in YAML, with pairs of labels.
func (w world) pod(t *testing.T, space, name, spec string, labels ...string) {
	t.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}, Annotations: map[string]string{"gatehouse/plugin-generation": "g-1"}}}
	for i := 0; i < len(labels); i += 2 {
		pod.Labels[labels[i]] = labels[i+1]
	}
	pod.Spec = *decode[corev1.PodSpec](t, spec)
	_, err := w.CoreV1().Pods(space).Create(t.Context(), pod, metav1.CreateOptions{})
	require.NoError(t, err)
}

func (w world) settings(t *testing.T, space, name string, data map[string]string) {
	t.Helper()
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}
	_, err := w.CoreV1().ConfigMaps(space).Create(t.Context(), object, metav1.CreateOptions{})
	require.NoError(t, err)
}

// until waits for a pod and returns it.
func (w world) until(t *testing.T, space, name string, is func(*corev1.Pod) bool) *corev1.Pod {
	t.Helper()
	var last *corev1.Pod
	deadline := time.Now().Add(limit)
	for {
		pod, err := w.CoreV1().Pods(space).Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(t, err)
		if last = pod; is(pod) {
			return pod
		}
		if time.Now().After(deadline) {
			text, _ := yaml.Marshal(last.Status)
			require.FailNow(t, "the pod does not come so far", "%s", text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (w world) logs(t *testing.T, space, name string, options corev1.PodLogOptions) string {
	t.Helper()
	text, err := w.CoreV1().Pods(space).GetLogs(name, &options).DoRaw(t.Context())
	require.NoError(t, err, "%s", text)
	return string(text)
}

// log waits until a container has said something.
func (w world) log(t *testing.T, space, name, container, says string) {
	t.Helper()
	eventually(t, func() bool {
		text, err := w.CoreV1().Pods(space).GetLogs(name, &corev1.PodLogOptions{Container: container}).DoRaw(t.Context())
		return err == nil && strings.Contains(string(text), says)
	})
}

// processes are those of all pods of the cluster.
func (w world) processes() []process.Identity {
	return process.Marked(run.Mark + "=" + filepath.Join(w.dir, "pods"))
}

func ready(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
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
