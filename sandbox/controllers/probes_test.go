package controllers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/controllers"
	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/metrics/metricstest"
	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/sandboxtest"
)

// listen is the variable that has the test binary be a portal with a probe.
const listen = "TEST_PROBE_LISTEN"

func TestMain(m *testing.M) {
	if address := os.Getenv(listen); address != "" {
		os.Exit(probe(address))
	}
	os.Exit(m.Run())
}

func probe(address string) int {
	http.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, `gatehouse_plugin_generation_info{generation="1-abc"} 1`)
	})
	fmt.Println(http.ListenAndServe(address, nil))
	return 1
}

// Prometheus asks the probes of the pods that run, by the labels of a real
// environment, and nobody where pods pretend: a target that is down would be told of.
func TestPrometheusAsksTheProbes(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs a control plane and Prometheus; run make test")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	kubeconfig, _ := sandboxtest.OwnKubernetes(t, run.Programs{run.Backend: {
		Argv: []string{self},
		Variables: func(address string) map[string]string {
			return map[string]string{listen: address + ":7010"}
		},
	}})
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	_, err = client.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "backstage"}}, metav1.CreateOptions{})
	require.NoError(t, err)
	pod := func(name, image string, port corev1.ContainerPort) {
		_, err := client.CoreV1().Pods("backstage").Create(t.Context(), &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec: corev1.PodSpec{
				AutomountServiceAccountToken: new(bool),
				Containers: []corev1.Container{{
					Name: "backstage", Image: "registry.example.com/" + image + ":1",
					Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 7007}, port},
				}},
			},
		}, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { // the controller manager makes it
		_, err := client.CoreV1().ServiceAccounts("backstage").Get(t.Context(), "default", metav1.GetOptions{})
		return err == nil
	}, time.Minute, 100*time.Millisecond)
	probes := corev1.ContainerPort{Name: "plugins", ContainerPort: 7010}
	pod("real", "backstage-backend", probes)
	pod("pretends", "something-else", probes)
	pod("other-ports", "backstage-backend", corev1.ContainerPort{Name: "metrics", ContainerPort: 9090})

	file := filepath.Join(t.TempDir(), "probes.json")
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		done <- controllers.Run(ctx, config, controllers.Options{Monitoring: controllers.Monitoring{Probes: file}})
	}()
	t.Cleanup(func() { stop(); <-done })
	server := metricstest.Prometheus(t, metricstest.Options{Scrapes: metrics.Targets{Probes: file}.Jobs()[2:]})
	var found []map[string]string
	require.Eventually(t, func() bool {
		found = series(t, server.URL, `gatehouse_plugin_generation_info`)
		return len(found) > 0
	}, time.Minute, 200*time.Millisecond)
	require.Len(t, found, 1)
	delete(found[0], "instance")
	require.Equal(t, map[string]string{
		"__name__": "gatehouse_plugin_generation_info", "generation": "1-abc", "job": "backstage-plugins", "service": "backstage-plugins",
		"namespace": "backstage", "pod": "real", "container": "backstage", "endpoint": "plugins",
	}, found[0])
	require.Len(t, series(t, server.URL, `up{job="backstage-plugins"}`), 1, "those that pretend are not asked")

	require.NoError(t, client.CoreV1().Pods("backstage").Delete(t.Context(), "real", metav1.DeleteOptions{}))
	require.Eventually(t, func() bool { return len(series(t, server.URL, `up{job="backstage-plugins"}`)) == 0 },
		time.Minute, 200*time.Millisecond, "one that is gone is asked no more")
}

// series are the labels of what a query finds.
func series(t *testing.T, base, query string) (all []map[string]string) {
	t.Helper()
	response, err := http.Get(base + "/api/v1/query?query=" + url.QueryEscape(query))
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string `json:"metric"`
			} `json:"result"`
		} `json:"data"`
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	for _, each := range answer.Data.Result {
		all = append(all, each.Metric)
	}
	return all
}
