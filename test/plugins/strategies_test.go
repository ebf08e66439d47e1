package plugins

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"gatehouse/internal/engine"
	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/prove/provetest"
	"gatehouse/plugins/status"
	"gatehouse/test/suite"
)

// TestStrategies brings plugins in by the container beside Backstage and by a pipeline
// that really builds, several at once, and into two sets of pods.
func TestStrategies(t *testing.T) {
	s := newScene(t)
	g := newGitLab(t, s)
	for _, name := range []string{"beside", "built", "unbuildable", "first", "second", "third", "by-hand"} {
		s.publish(name, "1.0.0")
	}
	s.publish("broken", "1.0.0", provetest.ThrowsAtRequire("no module today"))

	s.plugin(t, 0, "install", "beside@1.0.0", "--strategy", "sidecar", "--yes", "--skip-preview")
	s.loadsBeside(t, "beside")
	base := image(t, s, "backstage-backend")
	g.pushBase(t, strings.TrimSuffix(base, ":1.0.0"))

	t.Run("a pipeline that fails", func(t *testing.T) {
		before, running := s.content(t), s.pods(t)
		_, stderr := s.plugin(t, 2, "install", "unbuildable@1.0.0", "--strategy", "rebuild", "--yes", "--skip-preview")
		require.Contains(t, stderr, "the pipeline's run did not succeed: failed (failed): see "+g.url)
		require.Equal(t, 1, g.started(), "it is not tried again")
		require.Equal(t, before, s.content(t))
		require.Equal(t, names(running), names(s.pods(t)), "the portal is not touched")
	})

	t.Run("an image that does not start", func(t *testing.T) {
		before := s.content(t)
		_, stderr := s.plugin(t, 2, "install", "broken@1.0.0", "--strategy", "rebuild", "--yes", "--skip-preview")
		require.Contains(t, stderr, "no module today")
		require.Contains(t, stderr, "The portal is back on generation")
		require.Equal(t, before, s.content(t))
		require.Equal(t, g.digest(t, "1.0.0"), s.digest(t), "it runs the base")
		s.loadsBeside(t, "beside")
	})

	t.Run("rebuild", func(t *testing.T) {
		runs := g.started()
		s.plugin(t, 0, "install", "built@1.0.0", "--strategy", "rebuild", "--yes", "--skip-preview")
		require.Equal(t, runs+1, g.started())
		require.Equal(t, "1.0.0", s.serves(t, "built"))
		tag := image(t, s, "backstage-backend")
		require.Contains(t, tag, ":plugins-")
		require.Equal(t, g.digest(t, tag[strings.LastIndexByte(tag, ':')+1:]), s.digest(t))
		s.loadsBeside(t, "beside")
		require.Equal(t, status.Proved, s.status(t).Phase)
	})

	t.Run("two at once", func(t *testing.T) {
		both := []string{"first", "second"}
		var commands []func() (int, string)
		for _, name := range both {
			commands = append(commands, s.start(t, "plugin", "install", name+"@1.0.0", "-s", "staging", "--sandbox", "--yes", "--skip-preview"))
		}
		installed := map[string]bool{}
		for i, wait := range commands {
			code, stderr := wait()
			installed[both[i]] = code == 0
			if code != 0 {
				require.Equal(t, 2, code, stderr)
				require.Contains(t, stderr, "somebody else")
			}
		}
		require.True(t, installed["first"] || installed["second"], "one of them is first")
		for _, name := range both {
			require.Equal(t, installed[name], strings.Contains(s.content(t), "name: "+name+"\n"), name)
			require.Equal(t, installed[name], s.serves(t, name) == "1.0.0", name)
		}
		require.Equal(t, status.Proved, s.status(t).Phase)
	})

	t.Run("by hand during an up", func(t *testing.T) {
		wait := s.start(t, "plugin", "install", "third@1.0.0", "-s", "staging", "--sandbox", "--yes", "--skip-preview")
		suite.Eventually(t, "the switch", func(context.Context) bool { return s.status(t).Phase == status.Switching })
		s.byHand(t, "plugin-install-by-hand", "by-hand", "1.0.0")
		code, stderr := wait()
		require.Zero(t, code, stderr)
		for _, name := range []string{"third", "by-hand", "built"} {
			require.Equal(t, "1.0.0", s.serves(t, name), name)
		}
		s.loadsBeside(t, "beside")
	})

	t.Run("blue and green", func(t *testing.T) {
		s.configure(t, func(text string) string {
			return strings.Replace(text, "\n  gatehouse:portal:\n", "\n  gatehouse:portal:\n    strategy: blueGreen\n    active: blue\n", 1)
		})
		s.Operate(t, 0, engine.Up, "staging", "--skip-preview")
		require.Equal(t, []string{"blue", "green"}, s.slots(t))
		require.Equal(t, "1.0.0", s.serves(t, "built"))
		s.plugin(t, 0, "uninstall", "built", "--yes", "--skip-preview")
		require.Equal(t, []string{"blue", "green"}, s.slots(t))
		require.Empty(t, s.serves(t, "built"))
		require.Equal(t, "1.0.0", s.serves(t, "third"))
		require.Equal(t, base, image(t, s, "backstage-backend"))
		require.Equal(t, status.Proved, s.status(t).Phase)
	})

	stdout, _ := s.plugin(t, 0, "history", "--verify")
	for _, want := range []string{"install", "rollback", "uninstall", "no module today"} {
		require.Contains(t, stdout, want)
	}
}

// start starts a command; what it gives waits for its exit code and what it said.
func (s *scene) start(t *testing.T, args ...string) (wait func() (code int, stderr string)) {
	t.Helper()
	command := s.Command(args...)
	var errs bytes.Buffer
	command.Stderr = &errs
	require.NoError(t, command.Start())
	return func() (int, string) {
		_ = command.Wait() // its exit code says it
		return command.ProcessState.ExitCode(), errs.String()
	}
}

// loadsBeside wants the container beside Backstage, and no other, to serve a plugin.
func (s *scene) loadsBeside(t *testing.T, name string) {
	t.Helper()
	pods := s.pods(t)
	require.NotEmpty(t, pods)
	for _, pod := range pods {
		i := slices.IndexFunc(pod.Spec.Containers, func(c corev1.Container) bool { return c.Name == "plugin-loader" })
		require.Positive(t, i, "it comes after Backstage")
		require.Equal(t, "1Gi", pod.Spec.Containers[i].Resources.Limits.Memory().String())
		require.Equal(t, "1.0.0", ask(t, pod.Status.PodIP, install.LoaderPort, name))
		require.Empty(t, ask(t, pod.Status.PodIP, install.BackstagePort, name))
		for port, has := range map[int]bool{install.LoaderProbePort: true, install.ProbePort: false} {
			loaded, err := prove.Ask(t.Context(), http.DefaultClient, local(t, pod.Status.PodIP, port))
			require.NoError(t, err)
			require.Equal(t, has, slices.ContainsFunc(loaded.Plugins, func(p prove.Plugin) bool {
				return plugins.Ref{Name: p.Name, Version: p.Version} == plugins.Ref{Name: name, Version: "1.0.0"}
			}))
		}
	}
}

// image is what the portal's pods are told to run.
func image(t *testing.T, s *scene, container string) string {
	t.Helper()
	images := map[string]bool{}
	for _, pod := range s.pods(t) {
		images[pod.Spec.Containers[0].Image] = true
	}
	require.Len(t, images, 1, "all pods alike")
	for each := range images {
		require.Contains(t, each, container)
		return each
	}
	return ""
}

// digest is what they really run.
func (s *scene) digest(t *testing.T) string {
	t.Helper()
	digests := map[string]bool{}
	for _, pod := range s.pods(t) {
		for _, each := range pod.Status.ContainerStatuses {
			if each.Name == install.App {
				_, digest, _ := strings.Cut(each.ImageID, "@")
				digests[digest] = true
			}
		}
	}
	require.Len(t, digests, 1, "all pods alike")
	for each := range digests {
		return each
	}
	return ""
}

// slots are those of the portal's pods.
func (s *scene) slots(t *testing.T) []string {
	t.Helper()
	var slots []string
	for _, pod := range s.pods(t) {
		slots = append(slots, pod.Labels["slot"])
	}
	slices.Sort(slots)
	return slices.Compact(slots)
}

func names(pods []corev1.Pod) []string {
	var all []string
	for _, pod := range pods {
		all = append(all, pod.Name)
	}
	slices.Sort(all)
	return all
}
