package sandboxtest

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/crds"
	"gatehouse/sandbox/node"
	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/process"
	"gatehouse/sandbox/process/processtest"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// sharedCluster is the control plane of this test binary, for the reason that
// [shared] is.
var sharedCluster struct {
	sync.Mutex
	kubeconfig string
	stop       func() // never called, but what it holds keeps the servers alive
}

// Kubernetes returns the path of an admin's kubeconfig for a control plane with
// one node that reports pods as running without running them. All tests of one
// binary share it, so each needs a namespace of its own. The
// CustomResourceDefinitions of the sandbox are loaded.
func Kubernetes(t testing.TB) (kubeconfig string) {
	t.Helper()
	sharedCluster.Lock()
	defer sharedCluster.Unlock()
	if sharedCluster.kubeconfig == "" {
		// Not t.TempDir: it outlives the test that came first, and goes with the
		// last process.
		dir, err := os.MkdirTemp("", "gatehouse-kubernetes-")
		require.NoError(t, err)
		sharedCluster.kubeconfig, sharedCluster.stop = startKubernetes(t, dir, dir, nil)
	}
	return sharedCluster.kubeconfig
}

// OwnKubernetes is like [Kubernetes] with a control plane of its own, which ends
// with the test or when stop is called. Pods of the programs run as processes.
func OwnKubernetes(t testing.TB, programs ...run.Programs) (kubeconfig string, stop func()) {
	t.Helper()
	all := run.Programs{}
	for _, some := range programs {
		maps.Copy(all, some)
	}
	kubeconfig, stop = startKubernetes(t, t.TempDir(), "", all)
	stop = sync.OnceFunc(stop)
	t.Cleanup(stop)
	return kubeconfig, stop
}

// startKubernetes runs the control plane in dir. The last of its processes to
// end removes the folder remove, unless that is empty.
func startKubernetes(t testing.TB, dir, remove string, programs run.Programs) (kubeconfig string, stop func()) {
	t.Helper()
	progress := func(line string) { t.Log(line) }
	binary, err := toolbox.Ensure(t.Context(), projectRoot(t), toolbox.ControlPlane, progress)
	require.NoError(t, err)
	bundle, err := toolbox.CRDs(t.Context(), projectRoot(t), progress)
	require.NoError(t, err)
	definitions, err := crds.Seed(bundle, time.Now())
	require.NoError(t, err)
	layout := controlplane.Layout{Binary: binary, Dir: dir}
	require.NoError(t, os.MkdirAll(filepath.Dir(layout.Log("any")), 0o700))
	_, err = controlplane.EnsurePKI(layout.PKI())
	require.NoError(t, err)
	probe, err := layout.NewProbe()
	require.NoError(t, err)

	var stops []func()
	start := func(part string, port int, command process.Command) {
		stops = append(stops, processtest.StartShared(t, command, remove).Stop)
		processtest.Await(t, part, command.Log, time.Minute, func(ctx context.Context) error { return probe.Healthy(ctx, part, port) })
	}
	etcd, server := freePort(t), freePort(t)
	require.NoError(t, layout.WriteKubeconfigs(server))
	start(controlplane.Etcd, etcd, layout.Etcd(etcd, freePort(t)))
	require.NoError(t, probe.PutNew(t.Context(), etcd, definitions))
	start(controlplane.APIServer, server, layout.APIServer(server, etcd))
	port := freePort(t)
	start(controlplane.ControllerManager, port, layout.ControllerManager(port))
	port = freePort(t)
	start(controlplane.Scheduler, port, layout.Scheduler(port))
	kubeconfig = layout.Kubeconfig(controlplane.Admin)
	options := node.Options{Volumes: filepath.Join(dir, "volumes"), Programs: programs}
	if len(programs) > 0 {
		options.Pods, options.Kubelet = filepath.Join(dir, "pods"), run.Kubelet(layout.Kubelet())
	}
	stops = append(stops, startNode(t, kubeconfig, options))
	return kubeconfig, func() {
		for i := len(stops) - 1; i >= 0; i-- {
			stops[i]()
		}
	}
}

// startNode runs the node in this process. It returns once the API server shows
// it, because until then nothing can be scheduled.
func startNode(t testing.TB, kubeconfig string, options node.Options) (stop func()) {
	t.Helper()
	config := restConfig(t, kubeconfig)
	ctx, cancel := context.WithCancel(context.Background()) // not the test's: others share it
	ready, done := make(chan struct{}), make(chan error, 1)
	options.Ready = func() { close(ready) }
	go func() { done <- node.Run(ctx, config, options) }()
	select {
	case <-ready:
	case err := <-done:
		cancel()
		require.NoError(t, err)
	case <-time.After(time.Minute):
		cancel()
		require.FailNow(t, "the node is not ready within a minute")
	}
	return func() {
		cancel()
		<-done
	}
}

func restConfig(t testing.TB, kubeconfig string) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	require.NoError(t, err)
	return config
}

func freePort(t testing.TB) int {
	t.Helper()
	port, err := process.FreePort()
	require.NoError(t, err)
	return port
}

// projectRoot is the folder above the tests that holds tools/.
func projectRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "tools", "controlplane", "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		require.NotEqual(t, dir, parent, "no tools/controlplane above the test's folder")
		dir = parent
	}
}
