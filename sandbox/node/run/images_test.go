package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// A store with one image under a tag, one link that leads nowhere, and one folder
// that is no image of a digest.
func imagesOf(t *testing.T) (store Images, built, digest string) {
	t.Helper()
	hex := strings.Repeat("a", 64)
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	built = filepath.Join(root, Backend, "sha256", hex)
	require.NoError(t, os.MkdirAll(built, 0o700))
	require.NoError(t, os.Symlink("sha256/"+hex, filepath.Join(root, Backend, "plugins-1")))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(root, Backend, "broken")))
	require.NoError(t, os.Mkdir(filepath.Join(root, Backend, "plain"), 0o700))
	return Images(root), built, "sha256:" + hex
}

func TestImagesOfTheStore(t *testing.T) {
	store, built, digest := imagesOf(t)
	installed := Known{Installer: []string{"i"}, Backstage: "/b"}.Programs()
	for image, want := range map[string]struct{ folder, digest string }{
		"r:5000/x/backstage-backend:plugins-1":                    {built, digest},
		"x/backstage-backend@" + digest:                           {built, digest},
		"x/backstage-backend:other@" + digest:                     {built, digest},
		"x/backstage-backend:plain":                               {filepath.Join(string(store), Backend, "plain"), ""},
		"x/backstage-backend:broken":                              {filepath.Join(string(store), Backend, "broken"), ""},
		"x/backstage-backend:1.0.0":                               {"/b", ""},
		"x/backstage-backend":                                     {"/b", ""},
		"x/backstage-backend:..":                                  {"/b", ""},
		"x/backstage-backend@sha256:" + strings.Repeat("b", 64):   {"/b", ""},
		"x/backstage-backend:plugins-1@sha256:" + digest[7:70]:    {"/b", ""},
		"r.example/x/plugin-loader:plugins-1":                     {"/b", ""},
		"r.example:5000/plugins-1/backstage-backend:plugins-none": {"/b", ""},
	} {
		program, found, known := installed.in(store, image)
		require.True(t, known, image)
		require.Equal(t, want.digest, found, image)
		require.Equal(t, want.folder, program.Dir, image)
		require.Equal(t, filepath.Join(want.folder, "index.js"), program.Argv[1], image)
		require.Equal(t, map[string]string{"/app": want.folder}, program.Roots, image)
	}
	_, _, known := installed.in(store, "x/other:plugins-1")
	require.False(t, known)
	program, found, known := installed.in(store, "x/plugin-installer:plugins-1")
	require.True(t, known)
	require.Equal(t, []string{"i"}, program.Argv, "it has no content of its own")
	require.Empty(t, found)
	program, _, _ = installed.in("", "x/backstage-backend:plugins-1")
	require.Equal(t, "/b", program.Dir, "without a store")
}

// What runs is named as a kubelet does that has pulled it.
func TestAnImageIsReportedByItsDigest(t *testing.T) {
	store, _, digest := imagesOf(t)
	h := &Host{Options: Options{Dir: t.TempDir(), Programs: Known{Backstage: "/b"}.Programs(), Images: store}}
	for image, want := range map[string]string{
		"r:5000/x/backstage-backend:plugins-1": "r:5000/x/backstage-backend@" + digest,
		"r:5000/x/backstage-backend@" + digest: "r:5000/x/backstage-backend@" + digest,
		"r:5000/x/backstage-backend:1.0.0":     "r:5000/x/backstage-backend:1.0.0",
		"r:5000/x/backstage-backend":           "r:5000/x/backstage-backend",
	} {
		object := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: image}}}}
		reported, _ := newPod(h, object, "192.0.2.1").report()
		require.Equal(t, want, reported.Status.ContainerStatuses[0].ImageID)
		require.Equal(t, image, reported.Status.ContainerStatuses[0].Image)
	}
}
