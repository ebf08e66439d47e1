package rollout_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/transport"

	"gatehouse/plugins/rollout"
	"gatehouse/sandbox/sandboxtest"
)

const annotation = "gatehouse/plugin-generation"

// portal is one in a namespace of the test's own, on a real control plane.
type portal struct {
	rollout.Portal
	t      *testing.T
	config *rest.Config
	client kubernetes.Interface
}

func newPortal(t *testing.T, deployments ...string) *portal {
	t.Helper()
	config, client, namespace := sandboxtest.Namespace(t)
	return &portal{t: t, config: config, client: client, Portal: rollout.Portal{
		Client: client, Namespace: namespace, Deployments: deployments,
		Annotation: annotation, FieldManager: "plugin-installer",
		Poll: 20 * time.Millisecond, Patience: 200 * time.Millisecond,
	}}
}

// as is the same portal for somebody else, or over a broken line.
func (p *portal) as(user string, line transport.WrapperFunc) rollout.Portal {
	p.t.Helper()
	config := rest.CopyConfig(p.config)
	if user != "" {
		config.Impersonate = rest.ImpersonationConfig{UserName: user}
	}
	if line != nil {
		config.Wrap(line)
	}
	client, err := kubernetes.NewForConfig(config)
	require.NoError(p.t, err)
	other := p.Portal
	other.Client = client
	return other
}

// deploy makes a Deployment, on a kubelet's node or, with nil, on the sandbox's.
func (p *portal) deploy(name string, on *kubelet, change ...func(*apps.Deployment)) {
	p.t.Helper()
	labels := map[string]string{"app": name}
	replicas := int32(2)
	d := &apps.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: p.Namespace},
		Spec: apps.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: core.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       core.PodSpec{Containers: []core.Container{{Name: "backstage", Image: "backstage:1"}, {Name: "loader", Image: "loader:1"}}},
			},
		},
	}
	if on != nil {
		d.Spec.Template.Spec.NodeSelector = map[string]string{"node": on.name}
		d.Spec.Template.Spec.Tolerations = []core.Toleration{{Operator: core.TolerationOpExists}}
	}
	for _, change := range change {
		change(d)
	}
	_, err := p.client.AppsV1().Deployments(p.Namespace).Create(p.t.Context(), d, metav1.CreateOptions{FieldManager: "pulumi"})
	require.NoError(p.t, err)
}

func (p *portal) live(name string) *apps.Deployment {
	p.t.Helper()
	d, err := p.client.AppsV1().Deployments(p.Namespace).Get(p.t.Context(), name, metav1.GetOptions{})
	require.NoError(p.t, err)
	return d
}

// to switches to a generation and waits.
func (p *portal) to(generation string) ([]rollout.Pod, error) {
	p.t.Helper()
	require.NoError(p.t, p.Switch(p.t.Context(), rollout.Change{Generation: generation}))
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	return p.Wait(ctx)
}

func (p *portal) toward(generation string) []rollout.Pod {
	p.t.Helper()
	pods, err := p.to(generation)
	require.NoError(p.t, err)
	return pods
}

// undo is what `kubectl rollout undo` does: it writes the earlier template.
func (p *portal) undo(name, generation string) {
	p.t.Helper()
	d := p.live(name)
	d.Spec.Template.Annotations = map[string]string{annotation: generation}
	_, err := p.client.AppsV1().Deployments(p.Namespace).Update(p.t.Context(), d, metav1.UpdateOptions{FieldManager: "kubectl-rollout"})
	require.NoError(p.t, err)
}

func TestSwitch(t *testing.T) {
	p := newPortal(t, "backstage", "backstage-b")
	p.deploy("backstage", nil)
	p.deploy("backstage-b", nil)
	generation, err := p.Current(t.Context())
	require.NoError(t, err)
	require.Empty(t, generation)

	pods := p.toward("1-aa")
	require.Len(t, pods, 4)
	for i, pod := range pods {
		require.Equal(t, []string{"backstage", "backstage", "backstage-b", "backstage-b"}[i], pod.Deployment)
		require.Equal(t, "1-aa", pod.Generation)
		require.NotEmpty(t, pod.IP)
		require.Equal(t, []rollout.Container{{Name: "backstage", Image: "backstage:1", ImageID: "backstage:1"}, {Name: "loader", Image: "loader:1", ImageID: "loader:1"}}, pod.Containers)
	}
	generation, err = p.Current(t.Context())
	require.NoError(t, err)
	require.Equal(t, "1-aa", generation)
	for _, entry := range p.live("backstage").ManagedFields {
		if entry.Manager == p.FieldManager {
			require.JSONEq(t, `{"f:spec":{"f:template":{"f:metadata":{"f:annotations":{"f:`+annotation+`":{}}}}}}`, string(entry.FieldsV1.Raw), "it owns nothing else")
		}
	}

	before := p.live("backstage").Generation
	require.Equal(t, pods, p.toward("1-aa"), "the same pods")
	require.Equal(t, before, p.live("backstage").Generation)

	for _, pod := range p.toward("") {
		require.Empty(t, pod.Generation)
	}
	require.NotContains(t, p.live("backstage").Spec.Template.Annotations, annotation)
}

// Who undoes a rollout owns the annotation from then on; the next switch takes it back.
func TestSwitchAfterUndo(t *testing.T) {
	p := newPortal(t, "backstage", "backstage-b")
	p.deploy("backstage", nil)
	p.deploy("backstage-b", nil)
	p.toward("1-aa")
	p.toward("2-bb")
	p.undo("backstage", "1-aa")

	_, err := p.Current(t.Context())
	var differ *rollout.DifferError
	require.ErrorAs(t, err, &differ)
	require.Equal(t, map[string]string{"backstage": "1-aa", "backstage-b": "2-bb"}, differ.Generations)
	require.ErrorContains(t, err, "backstage 1-aa, backstage-b 2-bb")

	for _, pod := range p.toward("3-cc") {
		require.Equal(t, "3-cc", pod.Generation)
	}
	p.undo("backstage", "2-bb")
	require.NoError(t, p.Switch(t.Context(), rollout.Change{}))
	require.NotContains(t, p.live("backstage").Spec.Template.Annotations, annotation)
}

func TestSwitchImages(t *testing.T) {
	p := newPortal(t, "backstage", "other")
	p.deploy("backstage", nil)
	p.deploy("other", nil, func(d *apps.Deployment) { d.Spec.Template.Spec.Containers[0].Name = "other" })
	image := "registry/backstage@sha256:" + strings.Repeat("a", 64)
	change := rollout.Change{Generation: "1-aa", Images: map[string]string{"backstage": image}}
	require.ErrorContains(t, p.Switch(t.Context(), change), "change Deployment other: it has no container backstage")
	require.Empty(t, p.live("backstage").Spec.Template.Annotations, "nothing is changed when one cannot be")
	change.Images["backstage"] = "registry/backstage:2"
	require.ErrorContains(t, p.Switch(t.Context(), change), "has no digest")

	p.Deployments = p.Deployments[:1]
	change.Images["backstage"] = image
	require.NoError(t, p.Switch(t.Context(), change))
	pods := p.toward("2-bb")
	require.Equal(t, image, pods[0].Containers[0].Image, "an image that is not named stays")
	require.Equal(t, "loader:1", pods[0].Containers[1].Image)
}

func TestAbsentAndForbidden(t *testing.T) {
	p := newPortal(t, "backstage")
	_, err := p.Current(t.Context())
	require.ErrorContains(t, err, "find Deployment "+p.Namespace+"/backstage")
	require.ErrorContains(t, p.Switch(t.Context(), rollout.Change{Generation: "1-aa"}), "is the portal deployed?")
	_, err = p.Wait(t.Context())
	require.ErrorContains(t, err, "is the portal deployed?", "it does not wait for what nobody makes")

	p.deploy("backstage", nil)
	nobody := p.as("nobody", nil)
	_, err = nobody.Wait(t.Context())
	require.ErrorContains(t, err, "forbidden")
	_, err = nobody.RunningGenerations(t.Context())
	require.ErrorContains(t, err, "forbidden")
	p.Deployments = nil
	_, err = p.Wait(t.Context())
	require.ErrorContains(t, err, "no Deployment is named")
	_, err = p.Current(t.Context())
	require.ErrorContains(t, err, "no Deployment is named")
}

// line is a network that fails for some requests.
type line struct {
	next  http.RoundTripper
	fails func(*http.Request) bool
}

func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.fails(r) {
		return nil, http.ErrHandlerTimeout
	}
	return l.next.RoundTrip(r)
}
