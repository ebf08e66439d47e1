package installer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/rollout"
	"gatehouse/sandbox/sandboxtest"
)

func digest(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }

// built is an image that is named in both ways.
var built = install.Image{Pinned: "r/b@" + digest("a"), Tagged: "r/b:plugins-1"}

func TestWhatAContainerRuns(t *testing.T) {
	for name, c := range map[string]struct {
		image, id string
		want      install.Image
		proved    bool
	}{
		"by its tag":            {"r/b:plugins-1", "r/b@" + digest("a"), built, true},
		"by its digest":         {"r/b@" + digest("a"), "r/b@" + digest("a"), built, true},
		"a node without digest": {"r/b:plugins-1", "r/b:plugins-1", built, true},
		"the tag was moved":     {"r/b:plugins-1", "r/b@" + digest("b"), built, false},
		"another tag":           {"r/b:plugins-2", "r/b@" + digest("a"), built, false},
		"another digest":        {"r/b@" + digest("b"), "r/b@" + digest("b"), built, false},
		"no tag is known":       {"r/b:plugins-1", "r/b@" + digest("a"), install.Image{Pinned: built.Pinned}, false},
		"no image":              {"", "", install.Image{Pinned: built.Pinned}, false},
	} {
		pod := rollout.Pod{Name: "p", Containers: []rollout.Container{{Name: "mesh", Image: "m"}, {Name: "backstage", Image: c.image, ImageID: c.id}}}
		err := runs(pod, map[string]install.Image{"backstage": c.want})
		if c.proved {
			require.NoError(t, err, name)
		} else {
			require.ErrorIs(t, err, install.ErrNotProved, name)
		}
		require.NoError(t, runs(pod, nil))
	}
}

// An image that is there by its tag begins no second rollout; what is not is named by
// its digest, and taken from whoever set it.
func TestSwitchLeavesWhatIsThere(t *testing.T) {
	_, client, namespace := sandboxtest.Namespace(t)
	p := portal{Portal: rollout.Portal{Client: client, Namespace: namespace, Deployments: []string{"blue", "green"}, Annotation: install.Annotation, FieldManager: fieldManager}}
	deployments := client.AppsV1().Deployments(namespace)
	none := int32(0)
	for _, name := range p.Deployments {
		labels := map[string]string{"slot": name}
		_, err := deployments.Create(t.Context(), &apps.Deployment{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: apps.DeploymentSpec{
			Replicas: &none, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: core.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: core.PodSpec{Containers: []core.Container{{Name: "backstage", Image: built.Tagged}}}},
		}}, metav1.CreateOptions{})
		require.NoError(t, err)
	}
	look := func() (images []string, generations []int64) {
		for _, name := range p.Deployments {
			d, err := deployments.Get(t.Context(), name, metav1.GetOptions{})
			require.NoError(t, err)
			images, generations = append(images, d.Spec.Template.Spec.Containers[0].Image), append(generations, d.Generation)
		}
		return images, generations
	}
	id := generation.ID("1-" + strings.Repeat("0", 12))
	wanted := map[string]install.Image{"backstage": built}
	require.NoError(t, p.Switch(t.Context(), id, wanted))
	images, first := look()
	require.Equal(t, []string{built.Tagged, built.Tagged}, images)
	require.NoError(t, p.Switch(t.Context(), id, wanted))
	_, second := look()
	require.Equal(t, first, second)

	before := install.Image{Pinned: "r/b@" + digest("b")}
	require.NoError(t, p.Switch(t.Context(), id, map[string]install.Image{"backstage": before}))
	images, _ = look()
	require.Equal(t, []string{before.Pinned, before.Pinned}, images, "back")
	require.NoError(t, p.Switch(t.Context(), id, wanted))
	images, _ = look()
	require.Equal(t, []string{built.Pinned, built.Pinned}, images, "and forth, by the digest")

	p.Deployments = append(p.Deployments, "absent")
	require.ErrorContains(t, p.Switch(t.Context(), id, wanted), "absent")
}

// The packages of an image are proved by what the portal's own program finds.
func TestPackagesOfAnImage(t *testing.T) {
	one := plugins.Ref{Name: "@acme/one", Version: "1.0.0"}
	for name, c := range map[string]struct {
		status int
		answer string
		want   string // "" when it is proved
		known  bool
	}{
		"there":          {200, `{"packages":{"@acme/one":"1.0.0"}}`, "", true},
		"not there":      {200, `{"packages":{}}`, "its image does not have @acme/one@1.0.0", true},
		"another":        {200, `{"packages":{"@acme/one":"0.9.0"}}`, "its image has @acme/one@0.9.0, not 1.0.0", true},
		"an older probe": {404, `{}`, "no answer of the probe", true},
		"starting":       {503, `{}`, "too late", false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.status == http.StatusServiceUnavailable {
					defer cancel(errors.New("too late"))
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			}))
			defer server.Close()
			// A pod's address leads to the server, as it does behind a proxy of the node.
			through := &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse(server.URL) }}}
			p := portal{http: through, every: time.Millisecond}
			err := p.resolves(ctx, rollout.Pod{Name: "p", IP: "100.64.0.1"}, []plugins.Ref{one})
			switch {
			case c.want == "":
				require.NoError(t, err)
			case c.known:
				require.ErrorIs(t, err, install.ErrNotProved)
				require.ErrorContains(t, err, c.want)
			default:
				require.NotErrorIs(t, err, install.ErrNotProved)
				require.ErrorContains(t, err, c.want)
			}
			require.NoError(t, p.resolves(ctx, rollout.Pod{}, nil), "nothing was built")
		})
	}
}
