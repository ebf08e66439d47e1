package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox"
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
	o.Progress = func(step sandbox.Step) { t.Logf("%-24s %s %s", step.Part, step.Text, step.Took.Round(time.Millisecond)) }
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
	root := t.TempDir()
	s := sandbox.Open(root)
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
				if p.Name == victim.Name {
					require.NotEqual(t, old.PID, p.PID)
				} else {
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

	last, err := s.Status(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.Down(t.Context()))
	requireGone(t, last)
	require.NoDirExists(t, s.Dir())
	require.NoError(t, s.Down(t.Context()), "down is safe to repeat")
	status, err := s.Status(t.Context())
	require.NoError(t, err)
	require.False(t, status.Ready())
}
