package run_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/sandboxtest"
)

func TestPods(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	kubeconfig, stop := sandboxtest.OwnKubernetes(t, programs())
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	w := world{client, filepath.Dir(kubeconfig)}
	t.Run("pods", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, world){
			"Jobs end with the code of their process": jobs, "what a pod is given": given, "volumes": volumes,
			"a token can do what RBAC allows": token, "crash loop": crashes, "probes and the proxy": probes,
			"delete ends the processes": deleted, "a pod without Backstage pretends": pretends,
			"a pod waits for its ConfigMap": waits, "a deadline ends it": deadline, "only the API server is answered": answered,
			"sidecar and other images": mixed,
		} {
			t.Run(name, func(t *testing.T) { t.Parallel(); test(t, w) })
		}
	})
	t.Run("a node that ends leaves no process", func(t *testing.T) {
		space := w.space(t)
		w.pod(t, space, "p", `{containers: [{name: c, image: x/plugin-installer, args: [serve]}]}`)
		w.log(t, space, "p", "c", "listens on")
		require.NotEmpty(t, w.processes())
		stop()
		require.Empty(t, w.processes())
	})
}

func jobs(t *testing.T, w world) {
	space := w.space(t)
	for name, code := range map[string]string{"done": "0", "refused": "1", "unavailable": "3"} {
		job := decode[batchv1.Job](t, `
spec:
  backoffLimit: 1
  podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: c, operator: In, values: [1, 2]}}]}
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: "1.dkr.ecr.us-west-2.amazonaws.com/backstage/plugin-installer:v1@sha256:`+strings.Repeat("0", 64)+`", terminationMessagePolicy: FallbackToLogsOnError}]`)
		job.Name = name
		job.Spec.Template.Spec.Containers[0].Args = []string{"exit", code, "because " + name}
		_, err := w.BatchV1().Jobs(space).Create(t.Context(), job, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	ended := func(name string) *batchv1.Job {
		var got *batchv1.Job
		eventually(t, func() bool {
			var err error
			got, err = w.BatchV1().Jobs(space).Get(t.Context(), name, metav1.GetOptions{})
			require.NoError(t, err)
			for _, condition := range got.Status.Conditions {
				if condition.Type == batchv1.JobComplete || condition.Type == batchv1.JobFailed {
					return condition.Status == corev1.ConditionTrue
				}
			}
			return false
		})
		return got
	}
	require.EqualValues(t, 1, ended("done").Status.Succeeded)
	require.EqualValues(t, 1, ended("refused").Status.Failed, "a refusal is not tried again")
	require.EqualValues(t, 2, ended("unavailable").Status.Failed, "what is not available is")
	pods, err := w.CoreV1().Pods(space).List(t.Context(), metav1.ListOptions{LabelSelector: "job-name=refused"})
	require.NoError(t, err)
	state := pods.Items[0].Status.ContainerStatuses[0].State.Terminated
	require.Equal(t, "Error", state.Reason)
	require.Equal(t, "because refused\n", state.Message)
	require.EqualValues(t, 1, state.ExitCode)
	require.Equal(t, "because refused\n", w.logs(t, space, pods.Items[0].Name, corev1.PodLogOptions{}), "the log outlives the process")
}

// crashes shows restarts with pauses, and the log of the run before.
func crashes(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "p", `{containers: [{name: c, image: x/plugin-installer, args: [exit, "7", told]}]}`)
	pod := w.until(t, space, "p", func(p *corev1.Pod) bool {
		s := p.Status.ContainerStatuses
		return len(s) == 1 && s[0].RestartCount >= 1 && s[0].State.Waiting != nil
	})
	status := pod.Status.ContainerStatuses[0]
	require.Equal(t, "CrashLoopBackOff", status.State.Waiting.Reason)
	require.EqualValues(t, 7, status.LastTerminationState.Terminated.ExitCode)
	require.Equal(t, corev1.PodRunning, pod.Status.Phase)
	require.False(t, ready(pod))
	require.Equal(t, "told\n", w.logs(t, space, "p", corev1.PodLogOptions{Previous: true}))
}

// deadline shows activeDeadlineSeconds of a pod.
func deadline(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "p", `{activeDeadlineSeconds: 1, terminationGracePeriodSeconds: 1, restartPolicy: Never, containers: [{name: c, image: x/plugin-installer, args: [stubborn]}]}`)
	pod := w.until(t, space, "p", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodFailed })
	require.Equal(t, "DeadlineExceeded", pod.Status.Reason)
	// SIGKILL's, or SIGTERM's when that came before the stub took it.
	require.Contains(t, []int32{137, 143}, pod.Status.ContainerStatuses[0].State.Terminated.ExitCode)
}

// pretends shows what happens without Backstage.
func pretends(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "activate", `{restartPolicy: Never, containers: [{name: c, image: x/plugin-installer, args: [exit, "1", x]}]}`,
		run.Needs, run.NeedsBackstage)
	w.pod(t, space, "backend", `{containers: [{name: c, image: x/backstage-backend}]}`)
	w.until(t, space, "activate", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	w.until(t, space, "backend", ready)
	text, err := w.CoreV1().Pods(space).GetLogs("backend", &corev1.PodLogOptions{}).DoRaw(t.Context())
	require.Error(t, err)
	require.Contains(t, string(text), "only pretends")
}

// waits shows a pod whose ConfigMap and variable are not there yet.
func waits(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "p", `{restartPolicy: Never, containers: [{name: c, image: x/plugin-installer, args: [cat, /s/k], volumeMounts: [{name: v, mountPath: /s}]}], volumes: [{name: v, configMap: {name: late}}]}`)
	pod := w.until(t, space, "p", func(p *corev1.Pod) bool { return strings.Contains(p.Status.Message, "late") })
	require.Equal(t, corev1.PodPending, pod.Status.Phase)
	require.Equal(t, "ContainerCreating", pod.Status.ContainerStatuses[0].State.Waiting.Reason)
	w.settings(t, space, "late", map[string]string{"k": "came"})
	w.until(t, space, "p", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	require.Equal(t, "came <nil>\n", w.logs(t, space, "p", corev1.PodLogOptions{}))

	w.pod(t, space, "q", `{restartPolicy: Never, containers: [{name: c, image: x/plugin-installer, args: [exit, "0", x], volumeMounts: [{name: v, mountPath: /s, subPathExpr: $(NOT_SET)}]}], volumes: [{name: v, emptyDir: {}}]}`)
	pod = w.until(t, space, "q", func(p *corev1.Pod) bool {
		s := p.Status.ContainerStatuses
		return len(s) == 1 && s[0].State.Waiting != nil && s[0].State.Waiting.Reason == "CreateContainerConfigError"
	})
	require.Contains(t, pod.Status.ContainerStatuses[0].State.Waiting.Message, "NOT_SET")
}

// mixed shows init containers, a sidecar, and an image that is not run.
func mixed(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "p", `{restartPolicy: Never, volumes: [{name: v, emptyDir: {}}],
  initContainers: [
    {name: proxy, image: x/istio, restartPolicy: Always},
    {name: server, image: x/plugin-installer, args: [serve], restartPolicy: Always},
    {name: first, image: x/plugin-installer, args: [write, /v/file, text], volumeMounts: [{name: v, mountPath: /v}]}],
  containers: [{name: c, image: x/plugin-installer, args: [cat, /v/file], volumeMounts: [{name: v, mountPath: /v}]}, {name: other, image: x/other}]}`)
	pod := w.until(t, space, "p", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded })
	require.Equal(t, "text <nil>\n", w.logs(t, space, "p", corev1.PodLogOptions{Container: "c"}))
	require.Contains(t, w.logs(t, space, "p", corev1.PodLogOptions{Container: "server"}), "ends cleanly", "a sidecar ends when the others have")
	require.NotNil(t, pod.Status.InitContainerStatuses[1].State.Terminated)

	w.pod(t, space, "q", `{restartPolicy: Never, initContainers: [{name: first, image: x/plugin-installer, args: [exit, "2", x]}],
  containers: [{name: c, image: x/plugin-installer, args: [exit, "0", x]}]}`)
	pod = w.until(t, space, "q", func(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodFailed })
	require.Nil(t, pod.Status.ContainerStatuses[0].State.Terminated, "it never started")
}
