package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox"
	"gatehouse/sandbox/sandboxtest"
)

func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the control plane and moto_server; run make test")
	}
}

// tools of every sandbox in these tests.
func tools(t *testing.T) sandbox.Tools {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	tools, err := toolbox.Sandbox(t.Context(), root, true, func(line string) { t.Log(line) })
	require.NoError(t, err)
	return tools
}

// up brings a sandbox up, and takes it down when the test ends.
func up(t *testing.T, s *sandbox.Sandbox, o sandbox.Options) sandbox.Status {
	t.Helper()
	t.Cleanup(func() { require.NoError(t, s.Down(context.Background())) })
	o.Progress = func(step sandbox.Step) {
		t.Logf("%-24s %s %s", step.Part, step.Text, step.Took.Round(time.Millisecond))
	}
	begin := time.Now()
	status, err := s.Up(t.Context(), o)
	require.NoError(t, err)
	t.Logf("up in %s", time.Since(begin).Round(time.Millisecond))
	requireReady(t, status)
	return status
}

func requireReady(t *testing.T, status sandbox.Status) {
	t.Helper()
	for _, part := range status.Parts {
		require.True(t, part.Healthy, "%s: %s", part.Name, part.Problem)
	}
	require.True(t, status.Ready())
}

func client(t *testing.T, status sandbox.Status) kubernetes.Interface {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", status.Kubernetes.Kubeconfig)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

func part(t *testing.T, status sandbox.Status, name string) sandbox.Part {
	t.Helper()
	for _, part := range status.Parts {
		if part.Name == name {
			return part
		}
	}
	require.FailNow(t, "no such part", name)
	return sandbox.Part{}
}

// requireGone waits until no process with one of the PIDs is ours any more.
func requireGone(t *testing.T, status sandbox.Status) {
	t.Helper()
	for _, part := range status.Parts {
		if part.PID != 0 {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", part.PID))
			require.True(t, err != nil || isZombie(text), "%s (%d) still runs", part.Name, part.PID)
		}
	}
}

func isZombie(stat []byte) bool {
	for i := len(stat) - 1; i >= 0; i-- {
		if stat[i] == ')' {
			return stat[i+2] == 'Z'
		}
	}
	return false
}

func TestUpMendsEveryPartAndDownLeavesNothing(t *testing.T) {
	long(t)
	s := open(t)
	o := sandbox.Options{Tools: tools(t)}
	first := up(t, s, o)
	require.Equal(t, "v1.34.1", first.Kubernetes.Version)
	require.Equal(t, "moto", first.AWS.Name)
	info, err := os.Stat(first.Kubernetes.Kubeconfig)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	_, err = client(t, first).CoreV1().Namespaces().Get(t.Context(), "default", metav1.GetOptions{})
	require.NoError(t, err)

	again := up(t, s, o)
	require.Equal(t, first, again, "a second up must change nothing")

	for _, victim := range first.Parts {
		t.Run("kill "+victim.Name, func(t *testing.T) {
			before, err := s.Status(t.Context())
			require.NoError(t, err)
			require.NoError(t, syscall.Kill(part(t, before, victim.Name).PID, syscall.SIGKILL))
			require.Eventually(t, func() bool {
				status, err := s.Status(t.Context())
				return err == nil && !part(t, status, victim.Name).Alive && !status.Ready()
			}, 10*time.Second, 20*time.Millisecond)
			after, err := s.Up(t.Context(), o)
			require.NoError(t, err)
			requireReady(t, after)
			for _, p := range after.Parts {
				old := part(t, before, p.Name)
				switch {
				case p.Name == victim.Name:
					require.NotEqual(t, old.PID, p.PID)
				case p.Name == "kube-controller-manager" && (victim.Name == "kube-apiserver" || victim.Name == "etcd"):
					// It ends itself when it loses the API server while it starts.
				default:
					require.Equal(t, old.PID, p.PID, "%s must be kept", p.Name)
				}
				require.Equal(t, old.Port, p.Port, "ports are kept")
			}
			if victim.Name == "aws" {
				require.NotEqual(t, before.AWS.Generation, after.AWS.Generation)
			} else {
				require.Equal(t, before.AWS.Generation, after.AWS.Generation)
			}
		})
	}

	t.Run("a part that hangs", func(t *testing.T) {
		before, err := s.Status(t.Context())
		require.NoError(t, err)
		require.NoError(t, syscall.Kill(part(t, before, "aws").PID, syscall.SIGSTOP))
		after, err := s.Up(t.Context(), o)
		require.NoError(t, err)
		requireReady(t, after)
		require.NotEqual(t, part(t, before, "aws").PID, part(t, after, "aws").PID)
	})

	t.Run("a damaged state", func(t *testing.T) {
		before, err := s.Status(t.Context())
		require.NoError(t, err)
		state := filepath.Join(s.Dir(), "state.json")
		require.NoError(t, os.WriteFile(state, []byte(`{"parts": {"etcd": {"pid": 1`), 0o600))
		_, err = s.Status(t.Context())
		require.ErrorContains(t, err, "state.json is damaged")
		require.ErrorContains(t, err, "gatehouse sandbox up")
		after, err := s.Up(t.Context(), o)
		require.NoError(t, err)
		requireReady(t, after)
		requireGone(t, before)
	})

	// The state is lost, as after a kill of up itself. Down with one is tested with
	// the servers.
	last, err := s.Status(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(s.Dir(), "state.json")))
	require.NoError(t, s.Down(t.Context()))
	requireGone(t, last)
	require.NoDirExists(t, s.Dir())
	require.NoError(t, s.Down(t.Context()), "down is safe to repeat")
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.False(t, status.Ready())
}

func TestTwoProjectsDoNotCollide(t *testing.T) {
	long(t)
	o := sandbox.Options{Tools: tools(t)}
	boxes := []*sandbox.Sandbox{open(t), open(t)}
	statuses := make([]sandbox.Status, len(boxes))
	var group errgroup.Group
	for i, s := range boxes {
		t.Cleanup(func() { require.NoError(t, s.Down(context.Background())) })
		group.Go(func() (err error) {
			statuses[i], err = s.Up(t.Context(), o)
			return err
		})
	}
	require.NoError(t, group.Wait())
	for _, status := range statuses {
		requireReady(t, status)
	}
	space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "only-in-one"}}
	_, err := client(t, statuses[0]).CoreV1().Namespaces().Create(t.Context(), space, metav1.CreateOptions{})
	require.NoError(t, err)
	_, err = client(t, statuses[1]).CoreV1().Namespaces().Get(t.Context(), "only-in-one", metav1.GetOptions{})
	require.True(t, apierrors.IsNotFound(err), "%v", err)

	require.NoError(t, boxes[0].Down(t.Context()))
	requireGone(t, statuses[0])
	status, err := boxes[1].Status(t.Context())
	require.NoError(t, err)
	requireReady(t, status)
}

func TestAnotherEmulator(t *testing.T) {
	long(t)
	endpoint, stop := sandboxtest.OwnAWS(t)
	s, o := open(t), sandbox.Options{Tools: tools(t), AWSEndpoint: endpoint}
	o.Tools.Emulator = ""
	status := up(t, s, o)
	require.Equal(t, "external", status.AWS.Name)
	require.Equal(t, endpoint, status.AWS.Endpoint)
	require.Zero(t, part(t, status, "aws").PID)
	again, err := s.Up(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, status.AWS.Generation, again.AWS.Generation)

	stop()
	status, err = s.Status(t.Context())
	require.NoError(t, err)
	require.False(t, status.Ready())
	_, err = s.Up(t.Context(), o)
	require.ErrorContains(t, err, "nobody answers there")
}

func TestRefusedEndpointTouchesNothing(t *testing.T) {
	root := t.TempDir()
	_, err := sandbox.Open(root, stack).Up(t.Context(), sandbox.Options{AWSEndpoint: "https://ec2.us-west-2.amazonaws.com"})
	require.ErrorContains(t, err, "not a loopback address")
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	require.Empty(t, entries)
}

// TestForeignProcessesLive puts the ID of a process that is not ours into the
// state, as when the machine was started again since.
func TestForeignProcessesLive(t *testing.T) {
	stranger := exec.Command("sleep", "600")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	s := sandbox.Open(t.TempDir(), stack)
	require.NoError(t, os.MkdirAll(s.Dir(), 0o700))
	state := fmt.Sprintf(`{"ports": {"etcd": 1}, "parts": {"etcd": {"pid": %d, "started": "another boot/1"}}}`, stranger.Process.Pid)
	require.NoError(t, os.WriteFile(filepath.Join(s.Dir(), "state.json"), []byte(state), 0o600))
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.False(t, part(t, status, "etcd").Alive)
	require.NoError(t, s.Down(t.Context()))
	require.NoError(t, stranger.Process.Signal(syscall.Signal(0)), "the stranger must live")
	require.NoDirExists(t, s.Dir())
}

func TestAPartThatCannotStartSaysWhy(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "controlplane")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\necho unknown flag: $2 >&2\nexit 1\n"), 0o700))
	quiet := filepath.Join(dir, "moto")
	require.NoError(t, os.WriteFile(quiet, []byte("#!/bin/sh\nexec sleep 600\n"), 0o700))
	s := open(t)
	t.Cleanup(func() { require.NoError(t, s.Down(context.Background())) })
	_, err := s.Up(t.Context(), sandbox.Options{Tools: sandbox.Tools{ControlPlane: broken, Emulator: quiet, Gatehouse: quiet}})
	require.ErrorContains(t, err, "start etcd: it ended at once")
	require.ErrorContains(t, err, "unknown flag: --name=sandbox")

	_, err = s.Up(t.Context(), sandbox.Options{})
	require.ErrorContains(t, err, "the caller named no program")
}
