package rollout_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"

	"gatehouse/sandbox/sandboxtest"
)

// kubelet is a node whose containers do what a test says: it speaks to the API server
// as a kubelet does, and has logs.
type kubelet struct {
	t      *testing.T
	client kubernetes.Interface
	name   string
	logs   map[string]string // by container; one of the run before has "previous " in front

	mu      sync.Mutex
	scripts map[string]func(*core.Pod) // by generation
	began   map[types.UID]int          // how often a pod was told what becomes of it
}

// newKubelet registers a node that takes nothing but pods that name it.
func newKubelet(t *testing.T, client kubernetes.Interface, name string) *kubelet {
	k := &kubelet{
		t: t, client: client, name: name, logs: map[string]string{},
		scripts: map[string]func(*core.Pod){}, began: map[types.UID]int{},
	}
	// The API server asks only a node that its own authority vouches for.
	pki := filepath.Join(filepath.Dir(sandboxtest.Kubernetes(t)), "pki")
	certificate, err := tls.LoadX509KeyPair(filepath.Join(pki, "serving.crt"), filepath.Join(pki, "serving.key"))
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(k.serve))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	number, err := strconv.ParseInt(port, 10, 32)
	require.NoError(t, err)
	node, err := client.CoreV1().Nodes().Create(t.Context(), &core.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"node": name}},
		Spec:       core.NodeSpec{Taints: []core.Taint{{Key: "test", Effect: core.TaintEffectNoSchedule}}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, client.CoreV1().Nodes().Delete(context.Background(), name, metav1.DeleteOptions{}))
	})
	node.Status = core.NodeStatus{
		Capacity: core.ResourceList{"cpu": resource.MustParse("8"), "memory": resource.MustParse("8Gi"), "pods": resource.MustParse("100")},
		Conditions: []core.NodeCondition{{
			Type: core.NodeReady, Status: core.ConditionTrue, LastHeartbeatTime: metav1.Now(), LastTransitionTime: metav1.Now(),
		}},
		Addresses:       []core.NodeAddress{{Type: core.NodeInternalDNS, Address: "127.0.0.1"}},
		DaemonEndpoints: core.NodeDaemonEndpoints{KubeletEndpoint: core.DaemonEndpoint{Port: int32(number)}},
	}
	node.Status.Allocatable = node.Status.Capacity
	node.ResourceVersion = "" // whatever controllers have done to it meanwhile
	_, err = client.CoreV1().Nodes().UpdateStatus(t.Context(), node, metav1.UpdateOptions{})
	require.NoError(t, err)

	own := fields.OneTermEqualSelector("spec.nodeName", name)
	source := cache.NewListWatchFromClient(client.CoreV1().RESTClient(), "pods", metav1.NamespaceAll, own)
	informer := cache.NewSharedInformer(source, &core.Pod{}, 0)
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(o any) { k.take(o.(*core.Pod)) },
		UpdateFunc: func(_, o any) { k.take(o.(*core.Pod)) },
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { informer.RunWithContext(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done })
	return k
}

func (k *kubelet) serve(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/") // /containerLogs/NAMESPACE/POD/CONTAINER
	container := parts[len(parts)-1]
	if r.URL.Query().Get("previous") == "true" {
		container = "previous " + container
	}
	text, found := k.logs[container]
	if !found || r.URL.Query().Get("tailLines") != "20" {
		http.Error(w, "no such log", http.StatusNotFound)
		return
	}
	_, _ = w.Write([]byte(text)) // more than was asked for
}

// script says what becomes of the pods of a generation, also of those that are there.
func (k *kubelet) script(generation string, does func(*core.Pod)) {
	k.mu.Lock()
	k.scripts[generation] = does
	clear(k.began)
	k.mu.Unlock()
	pods, err := k.client.CoreV1().Pods("").List(k.t.Context(), metav1.ListOptions{FieldSelector: "spec.nodeName=" + k.name})
	require.NoError(k.t, err)
	for _, pod := range pods.Items {
		k.take(&pod)
	}
}

func (k *kubelet) take(pod *core.Pod) {
	ctx := context.Background()
	pods := k.client.CoreV1().Pods(pod.Namespace)
	if pod.DeletionTimestamp != nil {
		_ = pods.Delete(ctx, pod.Name, *metav1.NewDeleteOptions(0)) // or it is gone already
		return
	}
	k.mu.Lock()
	does := k.scripts[pod.Annotations[annotation]]
	k.began[pod.UID]++
	first := k.began[pod.UID] == 1
	k.mu.Unlock()
	if !first {
		return
	}
	pod = pod.DeepCopy()
	runs(pod)
	if does != nil {
		does(pod)
	}
	_, _ = pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{}) // or it is gone meanwhile
}

// runs: all containers run and are ready.
func runs(pod *core.Pod) {
	pod.Status = core.PodStatus{Phase: core.PodRunning, PodIP: "100.64.0.7", PodIPs: []core.PodIP{{IP: "100.64.0.7"}}}
	yes := true
	for _, c := range pod.Spec.Containers {
		pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, core.ContainerStatus{
			Name: c.Name, Image: c.Image, ImageID: c.Image + "@sha256:1", Ready: true, Started: &yes,
			State: core.ContainerState{Running: &core.ContainerStateRunning{StartedAt: metav1.Now()}},
		})
	}
	conditions(pod, core.ConditionTrue)
}

func conditions(pod *core.Pod, ready core.ConditionStatus) {
	pod.Status.Conditions = []core.PodCondition{
		{Type: core.PodScheduled, Status: core.ConditionTrue}, {Type: core.PodReady, Status: ready, LastTransitionTime: metav1.NewTime(time.Now().Add(-time.Second))},
	}
}

// starts: the first container is not ready yet.
func starts(pod *core.Pod) {
	pod.Status.ContainerStatuses[0].Ready = false
	conditions(pod, core.ConditionFalse)
}

// waits: the first container waits for a reason, after some restarts.
func waits(reason, message string, restarts int32, ended *core.ContainerStateTerminated) func(*core.Pod) {
	return func(pod *core.Pod) {
		starts(pod)
		status := &pod.Status.ContainerStatuses[0]
		status.State = core.ContainerState{Waiting: &core.ContainerStateWaiting{Reason: reason, Message: message}}
		status.RestartCount = restarts
		status.LastTerminationState = core.ContainerState{Terminated: ended}
		if ended == nil {
			pod.Status.Phase = core.PodPending
		}
	}
}

func ended(code int32, reason, message string) *core.ContainerStateTerminated {
	return &core.ContainerStateTerminated{ExitCode: code, Reason: reason, Message: message}
}

func manyLines(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "line %d\n", i+1)
	}
	return text.String()
}
