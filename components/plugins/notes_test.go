package plugins_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Notes tell of this very run: they are ignored where a Job is there.
func TestNotesAreNoPartOfAJob(t *testing.T) {
	require.Empty(t, run(t, args()).Named(t, jobType, "p-assemble").IgnoreChanges)
	with := args()
	with.Notes = map[string]string{"gatehouse/who": "alice", "gatehouse/reason": ""}
	seen := run(t, with)
	for _, job := range seen.OfType(jobType) {
		require.Equal(t, map[string]any{"gatehouse/who": "alice", "gatehouse/reason": ""}, job.Input("spec.template.metadata.annotations"), job.Name)
		require.Equal(t, []string{
			`spec.template.metadata.annotations["gatehouse/reason"]`, `spec.template.metadata.annotations["gatehouse/who"]`,
		}, job.IgnoreChanges, job.Name)
	}
	require.Nil(t, seen.One(t, cronJobType).Input("spec.jobTemplate.spec.template.metadata.annotations"))
}

// Only what judges has the keys that attestations are verified with.
func TestTheTrustedRoot(t *testing.T) {
	const mounts = "containers[0].volumeMounts"
	mount := map[string]any{"name": "config-plugin-trusted-root", "mountPath": "/etc/plugin-trust", "readOnly": true}
	with := args()
	with.TrustedRoot = "{}"
	seen := run(t, with)
	require.Equal(t, map[string]any{"trusted_root.json": "{}"}, seen.Named(t, "kubernetes:core/v1:ConfigMap", "p-trusted-root").Input("data"))
	require.Contains(t, seen.Named(t, jobType, "p-stage-b").Input(inPod+mounts), mount)
	require.Contains(t, waits(seen.Named(t, jobType, "p-stage-b")), "p-trusted-root")
	require.Contains(t, seen.One(t, cronJobType).Input("spec.jobTemplate."+inPod+mounts), mount)
	for _, name := range []string{"p-assemble", "p-activate"} {
		require.NotContains(t, seen.Named(t, jobType, name).Input(inPod+mounts), mount, name)
	}
}
