package kubernetes

import (
	"testing"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const generation = "gatehouse/plugin-generation"

// apply is what another does by server-side apply; with force, to take over.
func (l live) apply(t *testing.T, manager, name, spec string) {
	t.Helper()
	force := true
	_, err := l.others.AppsV1().Deployments(l.namespace).Patch(t.Context(), name, types.ApplyPatchType,
		[]byte(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"`+name+`"},"spec":`+spec+`}`),
		metav1.PatchOptions{FieldManager: manager, Force: &force})
	require.NoError(t, err)
}

func (l live) deployment(t *testing.T, name string) *appsv1.Deployment {
	t.Helper()
	d, err := l.others.AppsV1().Deployments(l.namespace).Get(t.Context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	return d
}

// An annotation of the template that another manager owns is neither touched by an
// update nor drift, with and without annotations of the program's own beside it.
func TestAnothersTemplateAnnotationStays(t *testing.T) {
	p := liveProvider(t, map[string]any{"enablePatchForce": true})
	for name, own := range map[string]func(version string) map[string]any{
		"alone":  nil,
		"beside": func(version string) map[string]any { return map[string]any{"checksum/config": version} },
	} {
		t.Run(name, func(t *testing.T) {
			web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", name)
			first := with(t, deployment(p.namespace), "metadata.name", name)
			if own != nil {
				first = with(t, first, "spec.template.metadata.annotations", own("1"))
			}
			web.create(first)
			p.apply(t, "plugin-installer", name, `{"template":{"metadata":{"annotations":{"`+generation+`":"3-ab"}}}}`)
			require.Empty(t, web.refresh(first), "no drift")

			second := with(t, first, "spec.template.spec.containers[0].image", "registry.k8s.io/pause:3.9")
			if own != nil {
				second = with(t, second, "spec.template.metadata.annotations", own("2"))
			}
			web.update(second)
			d := p.deployment(t, name)
			require.Equal(t, "3-ab", d.Spec.Template.Annotations[generation])
			require.Equal(t, "registry.k8s.io/pause:3.9", d.Spec.Template.Spec.Containers[0].Image)
			require.Empty(t, web.refresh(second))
			web.update(first)
			require.Equal(t, "3-ab", p.deployment(t, name).Spec.Template.Annotations[generation])
		})
	}
}

// What ignoreChanges names is left to who owns it, also with patchForce, and also
// when the engine sends the value of last time.
func TestIgnoredFieldsOfOthersStay(t *testing.T) {
	for name, force := range map[string]bool{"with force": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			p := liveProvider(t, map[string]any{"enablePatchForce": force})
			program := deployment(p.namespace)
			web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
			web.create(program)
			p.apply(t, "autoscaler", "web", `{"replicas":3}`)

			web.ignored = []string{"spec.replicas"}
			changed := with(t, program, "spec.template.spec.containers[0].image", "registry.k8s.io/pause:3.9")
			_, err := web.tryUpdate(changed, true)
			require.NoError(t, err)
			web.update(changed)
			d := p.deployment(t, "web")
			require.EqualValues(t, 3, *d.Spec.Replicas)
			require.Equal(t, "registry.k8s.io/pause:3.9", d.Spec.Template.Spec.Containers[0].Image)
			for _, entry := range d.ManagedFields {
				if entry.Manager == managerOf(web.urn, web.state) {
					require.NotContains(t, string(entry.FieldsV1.Raw), "f:replicas", "it is not shared either")
				}
			}
			web.ignored = nil
			if _, err := web.tryUpdate(changed, false); force {
				require.NoError(t, err)
				require.EqualValues(t, 2, *p.deployment(t, "web").Spec.Replicas, "what is not ignored is taken back")
			} else {
				require.ErrorContains(t, err, `conflict with "autoscaler"`)
			}
		})
	}
}

// A field that is ours still keeps its live value, whoever changed it; what is in a
// list cannot be ignored here, as with the official provider.
func TestIgnoredFieldsOfOurs(t *testing.T) {
	p := liveProvider(t, map[string]any{"enablePatchForce": true})
	program := deployment(p.namespace)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	web.create(program)
	web.ignored = []string{"spec.replicas", "spec.minReadySeconds", "spec.template.spec.containers[0].image"}
	more := with(t, program, "spec.replicas", 5) // as an engine would not send it
	web.update(more)
	require.EqualValues(t, 2, *p.deployment(t, "web").Spec.Replicas)

	image := "registry.k8s.io/pause@sha256:7031c1b283388d2c2e09b57badb803c05ebed362dc88d84b480cc47f72a21097"
	p.apply(t, "plugin-installer", "web", `{"template":{"spec":{"containers":[{"name":"web","image":"`+image+`"}]}}}`)
	require.Equal(t, image, p.deployment(t, "web").Spec.Template.Spec.Containers[0].Image)
	web.update(program)
	require.Equal(t, "registry.k8s.io/pause:3.10", p.deployment(t, "web").Spec.Template.Spec.Containers[0].Image)
	web.ignored = []string{"spec[["}
	_, err := web.tryUpdate(program, false)
	require.ErrorContains(t, err, "read ignoreChanges")
}
