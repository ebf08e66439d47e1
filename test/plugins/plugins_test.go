package plugins

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/internal/engine"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/prove/provetest"
	"gatehouse/plugins/status"
	"gatehouse/test/suite"
)

// TestTheLifeOfPlugins follows the plugins of one environment.
func TestTheLifeOfPlugins(t *testing.T) {
	s := newScene(t)
	s.publish("good", "1.0.0", provetest.NeedsConfig("good.greeting"))
	s.publish("good", "1.1.0")
	s.publish("broken-require", "1.0.0", provetest.ThrowsAtRequire("no module today"))
	s.publish("broken-init", "1.0.0", provetest.ThrowsInInit("no start today"))
	s.publish("by-hand", "1.0.0")
	forged := provetest.Package("forged", "1.0.0")
	forged.Lies = []npmtest.Lie{npmtest.WrongSignature(s.key)}
	s.registry.Publish(forged)
	s.publish("vulnerable", "1.0.0")

	fragment := s.Root + "/good.yaml"
	require.NoError(t, os.WriteFile(fragment, []byte("good:\n  greeting: hello\n"), 0o600))
	s.plugin(t, 0, "install", "good@1.0.0", "--app-config", fragment, "--yes")
	require.Equal(t, "1.0.0", s.serves(t, "good"))
	found := s.status(t)
	require.Equal(t, status.Proved, found.Phase)
	require.Equal(t, status.Loaded, found.Plugins[0].State)
	require.Contains(t, s.content(t), "# as the suite has it", "comments stay")

	t.Run("unchanged", func(t *testing.T) {
		before := len(s.registry.Requests())
		result := s.Operate(t, 0, engine.Up, "staging")
		require.Equal(t, map[string]int{"same": result.ChangeSummary["same"]}, result.ChangeSummary)
		require.Len(t, s.registry.Requests(), before)
		require.Empty(t, s.Operate(t, 0, engine.Refresh, "staging").Changes, "what the installer changed is no drift")
	})

	t.Run("upgrade", func(t *testing.T) {
		began := time.Now()
		s.plugin(t, 0, "install", "good@1.1.0", "--yes", "--skip-preview")
		t.Logf("proved %s after the command, which took %s", s.status(t).Since.Sub(began).Round(time.Second), time.Since(began).Round(time.Second))
		require.Equal(t, "1.1.0", s.serves(t, "good"))
	})

	for name, why := range map[string]string{"forged@1.0.0": "signature", "vulnerable@1.0.0": "GHSA-1", "absent@1.0.0": "exists"} {
		t.Run("refuse "+name, func(t *testing.T) {
			before := s.content(t)
			stdout, _ := s.plugin(t, 1, "install", name, "--yes", "--skip-preview")
			require.Contains(t, stdout, why)
			require.Equal(t, before, s.content(t))
		})
	}

	t.Run("refuse in the cluster", func(t *testing.T) {
		before := s.content(t)
		s.configure(t, func(text string) string {
			return strings.Replace(text, "      packages:\n", "      packages:\n        - name: forged\n          version: 1.0.0\n          integrity: "+integrity(s, forged)+"\n", 1)
		})
		code, _, stderr := s.Run(t, "up", "-s", "staging", "--sandbox", "--yes", "--skip-preview")
		require.NotZero(t, code)
		require.Contains(t, stderr, "forged@1.0.0 is refused: signature")
		job := s.job(t, "plugin-stage-forged-")
		require.EqualValues(t, 1, job.Status.Failed, "what is refused is not tried again")
		require.NoError(t, os.WriteFile(s.file(), []byte(before), 0o600))
		s.Operate(t, 0, engine.Up, "staging", "--skip-preview")
		require.Equal(t, "1.1.0", s.serves(t, "good"))
	})

	for name, why := range map[string]string{"broken-require@1.0.0": "no module today", "broken-init@1.0.0": "no start today"} {
		t.Run("roll back "+name, func(t *testing.T) {
			before := s.content(t)
			_, stderr := s.plugin(t, 2, "install", name, "--yes", "--skip-preview")
			require.Contains(t, stderr, why)
			require.Contains(t, stderr, "The portal is back on generation")
			require.Equal(t, before, s.content(t), "so is the file")
			require.Equal(t, "1.1.0", s.serves(t, "good"))
			found := s.status(t)
			require.Equal(t, status.RolledBack, found.Phase)
			require.Contains(t, found.Failure.Reason, why)
		})
	}

	t.Run("by hand", func(t *testing.T) {
		s.byHand(t, "plugin-install-by-hand", "by-hand", "1.0.0")
		require.Equal(t, "1.0.0", s.serves(t, "by-hand"))
		require.Equal(t, "1.1.0", s.serves(t, "good"))
	})

	t.Run("monitoring", s.pictures)

	t.Run("interrupted", func(t *testing.T) {
		s.publish("late", "1.0.0")
		change := s.Command("plugin", "install", "late@1.0.0", "-s", "staging", "--sandbox", "--yes", "--skip-preview")
		require.NoError(t, change.Start())
		suite.Eventually(t, "the switch", func(context.Context) bool { return s.status(t).Phase == status.Switching })
		require.NoError(t, change.Process.Signal(syscall.SIGKILL))
		_ = change.Wait() // it was killed
		s.plugin(t, 0, "install", "late@1.0.0", "--yes", "--skip-preview")
		require.Equal(t, "1.0.0", s.serves(t, "late"))
	})

	t.Run("go back", func(t *testing.T) {
		s.plugin(t, 0, "rollback", "--yes", "--skip-preview")
		require.Empty(t, s.serves(t, "late"))
		require.Equal(t, "1.1.0", s.serves(t, "good"))
	})

	t.Run("uninstall", func(t *testing.T) {
		s.plugin(t, 0, "uninstall", "good", "--yes", "--skip-preview")
		require.Empty(t, s.serves(t, "good"))
		_, stdout, _ := s.Run(t, "plugin", "list", "-s", "staging")
		require.NotContains(t, stdout, "good@")
	})

	t.Run("history", func(t *testing.T) {
		stdout, _ := s.plugin(t, 0, "history", "--verify")
		for _, want := range []string{"install", "upgrade", "refuse", "rollback", "uninstall", "no start today", "signature"} {
			require.Contains(t, stdout, want)
		}
	})
}

func integrity(s *scene, p npmtest.Package) string { return s.registry.Publish(p).Integrity.String() }

// job is the newest Job whose name begins so.
func (s *scene) job(t *testing.T, prefix string) batchv1.Job {
	t.Helper()
	list, err := s.cluster(t).BatchV1().Jobs("backstage").List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	var found batchv1.Job
	for _, each := range list.Items {
		if strings.HasPrefix(each.Name, prefix) && found.CreationTimestamp.Before(&each.CreationTimestamp) {
			found = each
		}
	}
	require.NotEmpty(t, found.Name, "no Job %s…", prefix)
	return found
}
