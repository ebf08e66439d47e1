package cluster_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/keepertest"
)

func TestStatusKeepsTheOtherTasks(t *testing.T) {
	c, client, namespace := keepertest.Namespace(t)
	require.ErrorContains(t, c.WriteStatus(t.Context(), "drill", 1), "ConfigMap "+namespace+"/backup-status")
	keepertest.Status(t, client, namespace)
	require.NoError(t, c.WriteStatus(t.Context(), "base", "old"))
	require.NoError(t, c.WriteStatus(t.Context(), "drill", map[string]bool{"passed": true}))
	got, err := client.CoreV1().ConfigMaps(namespace).Get(t.Context(), cluster.StatusName, metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"base": `"old"`, "drill": `{"passed":true}`}, got.Data)
}

func TestConfigurationComesBackByKubectl(t *testing.T) {
	c, client, namespace := keepertest.Namespace(t)
	keepertest.Deployment(t, client, namespace, "shop", 2)
	for _, object := range []*corev1.ConfigMap{
		{ObjectMeta: metav1.ObjectMeta{Name: "settings"}, Data: map[string]string{"a.yaml": "x: 1\n"}},
		{ObjectMeta: metav1.ObjectMeta{Name: cluster.StatusName}},
	} {
		_, err := client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	_, err := client.CoreV1().Services(namespace).Create(t.Context(), &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: "shop"}, Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	_, err = client.CoreV1().Secrets(namespace).Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "shop"}, StringData: map[string]string{"PASSWORD": "hush-hush"},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	externalSecret(t, namespace, `{"secretStoreRef":{"name":"gatehouse","kind":"ClusterSecretStore"},"target":{"name":"shop"},
		"data":[{"secretKey":"PASSWORD","remoteRef":{"key":"x"}},{"secretKey":"KEY","remoteRef":{"key":"y"}}]}`)

	found, err := c.Configuration(t.Context(), namespace)
	require.NoError(t, err)
	require.Equal(t, []backup.Secret{{Namespace: namespace, Name: "shop", Keys: []string{"KEY", "PASSWORD"}}}, found.Secrets)
	text := unzip(t, found.Gzipped)
	require.NotContains(t, text, "hush-hush")
	kinds := map[string]int{}
	documents := strings.Split(strings.TrimPrefix(text, "---\n"), "\n---\n")
	for _, document := range documents {
		var object unstructured.Unstructured
		require.NoError(t, yaml.Unmarshal([]byte(document), &object.Object))
		kinds[object.GetKind()+" "+object.GetName()]++
		require.Nil(t, object.Object["status"])
		require.Empty(t, object.GetUID())
		require.NotContains(t, document, "clusterIP:")
	}
	require.Equal(t, map[string]int{"ConfigMap settings": 1, "Service shop": 1, "Deployment shop": 1, "ExternalSecret shop": 1}, kinds)
	require.Equal(t, len(documents), found.Objects)

	// They come back in another namespace, as they would in a new cluster.
	_, _, other := keepertest.Namespace(t)
	keepertest.Apply(t, strings.ReplaceAll(text, "namespace: "+namespace, "namespace: "+other))
	_, err = client.AppsV1().Deployments(other).Get(t.Context(), "shop", metav1.GetOptions{})
	require.NoError(t, err)

	_, err = c.Configuration(t.Context(), "there-is-no-such-namespace")
	require.ErrorContains(t, err, "are these the right namespaces?")
}

func unzip(t *testing.T, gzipped []byte) string {
	t.Helper()
	reader, err := gzip.NewReader(bytes.NewReader(gzipped))
	require.NoError(t, err)
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	return string(text)
}

func externalSecret(t *testing.T, namespace, spec string) {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", keepertest.Kubeconfig(t))
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(config)
	require.NoError(t, err)
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": map[string]any{"name": "shop"},
	}}
	var decoded map[string]any
	require.NoError(t, json.Unmarshal([]byte(spec), &decoded))
	object.Object["spec"] = decoded
	_, err = client.Resource(schema.GroupVersionResource{Group: "external-secrets.io", Version: "v1", Resource: "externalsecrets"}).
		Namespace(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	require.NoError(t, err)
}

func TestStopAndStartKeepTheReplicas(t *testing.T) {
	c, client, namespace := keepertest.Namespace(t)
	keepertest.Deployment(t, client, namespace, "shop", 3)
	keepertest.Status(t, client, namespace)
	shop := cluster.Workload{Namespace: namespace, Name: "shop"}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	started, err := c.Start(ctx, shop)
	require.NoError(t, err)
	require.Zero(t, started, "it was not stopped by the keeper")
	for range 2 { // the second finds it stopped and remembers
		replicas, err := c.Stop(ctx, shop)
		require.NoError(t, err)
		require.EqualValues(t, 3, replicas)
	}
	require.NoError(t, c.AwaitStopped(ctx, shop))
	pods, err := client.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	require.NoError(t, err)
	require.Empty(t, pods.Items)

	replicas, err := c.Start(ctx, shop)
	require.NoError(t, err)
	require.EqualValues(t, 3, replicas)
	got, err := client.AppsV1().Deployments(namespace).Get(ctx, "shop", metav1.GetOptions{})
	require.NoError(t, err)
	require.EqualValues(t, 3, got.Status.AvailableReplicas)
	status, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, cluster.StatusName, metav1.GetOptions{})
	require.NoError(t, err)
	require.Empty(t, status.Data, "it is forgotten how many there were")

	_, err = c.Stop(ctx, cluster.Workload{Namespace: namespace, Name: "other"})
	require.ErrorContains(t, err, "stop "+namespace+"/other")
	short, cancelShort := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancelShort()
	require.ErrorContains(t, c.AwaitStopped(short, shop), "3 pods are left")
}

func TestWorkloadsAreParsed(t *testing.T) {
	w, err := cluster.ParseWorkload("backstage/backstage-backend")
	require.NoError(t, err)
	require.Equal(t, cluster.Workload{Namespace: "backstage", Name: "backstage-backend"}, w)
	for _, bad := range []string{"", "backstage", "/x", "x/", "a/b/c"} {
		_, err := cluster.ParseWorkload(bad)
		require.ErrorContains(t, err, "write NAMESPACE/NAME", bad)
	}
}
