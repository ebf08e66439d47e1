package run_test

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/sandbox/process"
)

func succeeded(p *corev1.Pod) bool { return p.Status.Phase == corev1.PodSucceeded }

// given shows a container's variables, arguments and working directory.
func given(t *testing.T, w world) {
	space := w.space(t)
	w.settings(t, space, "settings", map[string]string{"FROM": "map", "k": "v"})
	_, err := w.CoreV1().Secrets(space).Create(t.Context(),
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "secret"}, StringData: map[string]string{"password": "$(FROM)"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	w.pod(t, space, "p", `{restartPolicy: Never, automountServiceAccountToken: false, volumes: [{name: v, emptyDir: {}}], containers: [{name: c, image: x/plugin-installer,
  command: [plugin-installer, tell], args: ["--to=/v/x", /v, /vx, "$(FROM)", "$$(FROM)", "$(NONE)"], workingDir: /v/sub,
  envFrom: [{configMapRef: {name: settings}}],
  resources: {limits: {memory: 100Mi, cpu: 250m}},
  volumeMounts: [{name: v, mountPath: /v}, {name: v, mountPath: /v/sub, subPath: sub}],
  env: [
    {name: FIELD, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['gatehouse/plugin-generation']"}}},
    {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}},
    {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}},
    {name: KEY, valueFrom: {configMapKeyRef: {name: settings, key: k}}},
    {name: PASSWORD, valueFrom: {secretKeyRef: {name: secret, key: password}}},
    {name: BOTH, value: "$(KEY)-$(FIELD)"},
    {name: FILE, value: /v/file}, {name: LIST, value: "/usr/lib:/v/lib"}, {name: QUOTED, value: '"/v/q"'},
    {name: AWS_PROFILE, value: production}, {name: AWS_ENDPOINT_URL_S3, value: "https://s3.example.test"}, {name: AWS_REGION, value: eu-west-1}]}]}`)
	pod := w.until(t, space, "p", succeeded)
	var told struct {
		Env, Args []string
		Dir       string
	}
	require.NoError(t, json.Unmarshal([]byte(w.logs(t, space, "p", corev1.PodLogOptions{})), &told))
	folder := filepath.Join(w.dir, "pods", string(pod.UID))
	volume := filepath.Join(folder, "volumes", "v")
	require.Equal(t, []string{"--to=" + volume + "/x", volume, "/vx", "map", "$(FROM)", "$(NONE)"}, told.Args)
	require.Equal(t, filepath.Join(volume, "sub"), told.Dir)
	env := map[string]string{}
	for _, entry := range told.Env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	for name, value := range map[string]string{
		"FROM": "map", "k": "v", "FIELD": "g-1", "IP": pod.Status.PodIP, "LIMIT": "100", "KEY": "v", "PASSWORD": "$(FROM)", "BOTH": "v-g-1",
		"FILE": volume + "/file", "LIST": "/usr/lib:" + volume + "/lib", "QUOTED": fmt.Sprintf("%q", volume+"/q"),
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "sandbox", "HOSTNAME": "p", "HOME": folder + "/home", "TMPDIR": folder + "/tmp",
		"STUB_ADDRESS": "127" + strings.TrimPrefix(pod.Status.PodIP, "100"), "PATH": os.Getenv("PATH"),
	} {
		require.Equal(t, value, env[name], name)
	}
	for _, name := range []string{"AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "KUBECONFIG", "USER", "GOCACHE"} {
		require.NotContains(t, env, name)
	}
}

// volumes shows a claim that two pods share, and what is projected.
func volumes(t *testing.T, w world) {
	space := w.space(t)
	mode := storagev1.VolumeBindingWaitForFirstConsumer
	_, err := w.StorageV1().StorageClasses().Create(t.Context(),
		&storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: space}, Provisioner: "efs.csi.aws.com", VolumeBindingMode: &mode}, metav1.CreateOptions{})
	require.NoError(t, err)
	claim := decode[corev1.PersistentVolumeClaim](t, "{metadata: {name: shared}, spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}")
	claim.Spec.StorageClassName = &space
	_, err = w.CoreV1().PersistentVolumeClaims(space).Create(t.Context(), claim, metav1.CreateOptions{})
	require.NoError(t, err)
	w.settings(t, space, "settings", map[string]string{"a": "1", "b": "2"})

	w.pod(t, space, "writes", `{restartPolicy: Never, volumes: [{name: v, persistentVolumeClaim: {claimName: shared}}],
  containers: [{name: c, image: x/plugin-installer, args: [write, /plugins/file, text], volumeMounts: [{name: v, mountPath: /plugins, subPath: generations/g-1}]}]}`)
	w.until(t, space, "writes", succeeded)
	w.pod(t, space, "reads", `{restartPolicy: Never,
  volumes: [{name: v, persistentVolumeClaim: {claimName: shared}}, {name: s, projected: {sources: [
    {configMap: {name: settings, items: [{key: b, path: dir/b}]}}, {secret: {name: none, optional: true}},
    {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}}],
  containers: [{name: c, image: x/plugin-installer, args: [cat, /plugins/file, /s/dir/b, /s/labels, /s/a],
    env: [{name: PLUGIN_GENERATION, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['gatehouse/plugin-generation']"}}}],
    volumeMounts: [{name: v, mountPath: /plugins, subPathExpr: generations/$(PLUGIN_GENERATION), readOnly: true}, {name: s, mountPath: /s}]}]}`, "app", "x")
	w.until(t, space, "reads", succeeded)
	lines := strings.Split(w.logs(t, space, "reads", corev1.PodLogOptions{}), "\n")
	require.Equal(t, []string{"text <nil>", "2 <nil>", `app="x" <nil>`}, lines[:3])
	require.Contains(t, lines[3], "no such file", "only the item is there")

	folders, err := filepath.Glob(filepath.Join(w.dir, "volumes", "*", "generations"))
	require.NoError(t, err)
	require.Len(t, folders, 1)
	require.NoError(t, w.CoreV1().Namespaces().Delete(t.Context(), space, metav1.DeleteOptions{}))
	eventually(t, func() bool { _, err := os.Stat(filepath.Dir(folders[0])); return os.IsNotExist(err) })
}

// token shows that the pod is its service account, and no more.
func token(t *testing.T, w world) {
	space := w.space(t)
	w.settings(t, space, "settings", nil)
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "r"}, Rules: []rbacv1.PolicyRule{{
		APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"get"}, ResourceNames: []string{"settings"},
	}}}
	_, err := w.RbacV1().Roles(space).Create(t.Context(), role, metav1.CreateOptions{})
	require.NoError(t, err)
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "r"}, RoleRef: rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "r"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "default", Namespace: space}},
	}
	_, err = w.RbacV1().RoleBindings(space).Create(t.Context(), binding, metav1.CreateOptions{})
	require.NoError(t, err)
	w.pod(t, space, "p", `{restartPolicy: Never, containers: [{name: c, image: x/plugin-installer, args: [kube], env: [{name: SPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]}]}`)
	w.until(t, space, "p", succeeded)
	said := w.logs(t, space, "p", corev1.PodLogOptions{})
	require.Contains(t, said, "configmap: <nil>\n")
	require.Contains(t, said, `secrets is forbidden: User "system:serviceaccount:`+space+`:default"`)
}

// probes shows startup, readiness and liveness, the Service's and the proxy's view
// of it, and a log that is followed.
func probes(t *testing.T, w world) {
	space := w.space(t)
	folder := t.TempDir()
	w.pod(t, space, "p", `{terminationGracePeriodSeconds: 1, containers: [{name: c, image: x/plugin-installer, args: [serve], env: [{name: FOLDER, value: "`+folder+`"}],
  ports: [{name: http, containerPort: 8080}],
  startupProbe: {httpGet: {path: /live, port: http}, periodSeconds: 1, failureThreshold: 30},
  readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 1},
  livenessProbe: {httpGet: {path: /live, port: 8080}, periodSeconds: 1, failureThreshold: 1}}]}`, "app", space)
	service := decode[corev1.Service](t, "{metadata: {name: web}, spec: {ports: [{port: 80, targetPort: http}], selector: {app: "+space+"}}}")
	_, err := w.CoreV1().Services(space).Create(t.Context(), service, metav1.CreateOptions{})
	require.NoError(t, err)
	stream, err := w.CoreV1().Pods(space).GetLogs("p", &corev1.PodLogOptions{}).Stream(t.Context())
	if err == nil {
		require.NoError(t, stream.Close())
	}
	pod := w.until(t, space, "p", func(p *corev1.Pod) bool {
		s := p.Status.ContainerStatuses
		return len(s) == 1 && s[0].Started != nil && *s[0].Started
	})
	require.False(t, ready(pod), "it is up but not ready")
	require.Contains(t, w.get(t, space, "http://web."+space+".svc/"), "is ready on port 80", "a Service of no ready pod leads nowhere")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ready"), nil, 0o600))
	w.until(t, space, "p", ready)
	require.Equal(t, "served by p\n", w.get(t, space, "http://"+pod.Status.PodIP+":8080/"))
	eventually(t, func() bool { return w.get(t, space, "http://web."+space+".svc.cluster.local/") == "served by p\n" })
	require.NoError(t, os.Remove(filepath.Join(folder, "ready")))
	w.until(t, space, "p", func(p *corev1.Pod) bool { return !ready(p) })

	stream, err = w.CoreV1().Pods(space).GetLogs("p", &corev1.PodLogOptions{Follow: true, Timestamps: true}).Stream(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, stream.Close()) }()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "dead"), nil, 0o600))
	pod = w.until(t, space, "p", func(p *corev1.Pod) bool { return p.Status.ContainerStatuses[0].RestartCount > 0 })
	require.Contains(t, pod.Status.ContainerStatuses[0].LastTerminationState.Terminated.Message, "liveness probe failed")
	var lines []string
	for scanner := bufio.NewScanner(stream); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if strings.Contains(scanner.Text(), "ends cleanly") {
			break
		}
	}
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\S+Z listens on`, lines[0])
	require.True(t, slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "liveness probe failed") }))
	tail := int64(1)
	require.Equal(t, "ends cleanly\n", w.logs(t, space, "p", corev1.PodLogOptions{Previous: true, TailLines: &tail}))
}

// get asks a URL from within a pod, by its proxy.
func (w world) get(t *testing.T, space, url string) string {
	t.Helper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{GenerateName: "get-"}, Spec: corev1.PodSpec{
		RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "c", Image: "x/plugin-installer", Args: []string{"get", url}}},
	}}
	created, err := w.CoreV1().Pods(space).Create(t.Context(), pod, metav1.CreateOptions{})
	require.NoError(t, err)
	w.until(t, space, created.Name, func(p *corev1.Pod) bool { return succeeded(p) || p.Status.Phase == corev1.PodFailed })
	return w.logs(t, space, created.Name, corev1.PodLogOptions{})
}

// deleted shows that all processes of a pod end, those too that take no signal.
func deleted(t *testing.T, w world) {
	space := w.space(t)
	w.pod(t, space, "p", `{terminationGracePeriodSeconds: 1, containers: [{name: c, image: x/plugin-installer, args: [stubborn], env: [{name: SPACE, value: `+space+`}]}]}`)
	mine := func() int { return len(process.Marked("SPACE=" + space)) }
	eventually(t, func() bool { return mine() == 2 })
	require.NoError(t, w.CoreV1().Pods(space).Delete(t.Context(), "p", metav1.DeleteOptions{}))
	eventually(t, func() bool {
		_, err := w.CoreV1().Pods(space).Get(t.Context(), "p", metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	require.Zero(t, mine())
}

// answered shows that nobody but the API server gets logs of the nodes.
func answered(t *testing.T, w world) {
	nodes, err := w.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	url := fmt.Sprintf("https://127.0.0.1:%d/containerLogs/a/b/c", nodes.Items[0].Status.DaemonEndpoints.KubeletEndpoint.Port)
	ask := func(certificates ...tls.Certificate) (*http.Response, error) {
		config := &tls.Config{InsecureSkipVerify: true, Certificates: certificates} //nolint:gosec // the answer is what matters
		return (&http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}).Get(url)
	}
	_, err = ask() //nolint:bodyclose // there is none
	require.Error(t, err)
	admin, err := tls.LoadX509KeyPair(filepath.Join(w.dir, "pki", "admin.crt"), filepath.Join(w.dir, "pki", "admin.key"))
	require.NoError(t, err)
	response, err := ask(admin)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusForbidden, response.StatusCode)
}
