package installer

import (
	"testing"

	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"

	"gatehouse/plugins/install"
)

// The pods of before may have the same generation: the image tells them apart.
func TestPodsThatAreToldToRunAnImage(t *testing.T) {
	for image, want := range map[string]bool{
		built.Tagged: true, built.Pinned: true, "r/b:plugins-2": false, "r/b@" + digest("b"): false,
	} {
		pod := core.Pod{Spec: core.PodSpec{Containers: []core.Container{{Name: "proxy", Image: "mesh"}, {Name: "backstage", Image: image}}}}
		require.Equal(t, want, told(pod, map[string]install.Image{"backstage": built}), image)
		require.True(t, told(pod, nil), "no image is asked for")
	}
}
