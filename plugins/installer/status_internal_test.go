package installer

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/sandbox/sandboxtest"
)

// A set that cannot be read is as none: the next proof writes it anew, and nobody is
// kept from installing until somebody deletes a ConfigMap.
func TestTheLastGoodSet(t *testing.T) {
	of := func(request string) *install.SetRequest {
		return lastGood(status.Status{LastGood: status.Good{Generation: "1-aa", Request: json.RawMessage(request)}})
	}
	require.Equal(t, &install.SetRequest{Plugins: []install.Plugin{}, Keep: 5}, of(`{"plugins":[],"keep":5}`))
	for _, unreadable := range []string{``, `null`, `{"plugins":1}`, `{"plugins":[],"keep":5,"ofLater":true}`, `{"plugins":[{"name":"../evil","version":"1.0.0","strategy":"dynamic"}],"keep":1}`} {
		require.Nil(t, of(unreadable), unreadable)
	}
	require.Nil(t, lastGood(status.Status{}))
}

// What the nightly run has found stands beside the phase, until another phase begins.
func TestWhatWasCheckedIsShown(t *testing.T) {
	_, client, namespace := sandboxtest.Namespace(t)
	s := newStatus(client, namespace)
	now := time.Date(2026, 11, 22, 3, 30, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	require.NoError(t, s.Show(t.Context(), install.Report{Phase: status.Proved, Generation: "1-aa"}))
	require.NoError(t, s.Checked(t.Context(), "another generation"))
	found, err := s.Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, status.Proved, found.Phase)
	require.Equal(t, status.Check{Time: now, Problem: "another generation"}, found.Check)
	require.False(t, found.Proved())
	require.NoError(t, s.Show(t.Context(), install.Report{Phase: status.RolledBack, Generation: "1-aa"}))
	found, err = s.Read(t.Context())
	require.NoError(t, err)
	require.Zero(t, found.Check)
	require.True(t, found.Proved())
}

// The nightly look does not make good again what somebody has changed by hand.
func TestACheckDoesNotRepair(t *testing.T) {
	_, client, namespace := sandboxtest.Namespace(t)
	s := newStatus(client, namespace)
	require.NoError(t, s.Show(t.Context(), install.Report{Phase: status.Proved, Generation: "1-aa"}))
	maps := client.CoreV1().ConfigMaps(namespace)
	kept, err := maps.Get(t.Context(), install.StatusName, metav1.GetOptions{})
	require.NoError(t, err)
	kept.Data["generation"] = "2-bb"
	kept, err = maps.Update(t.Context(), kept, metav1.UpdateOptions{})
	require.NoError(t, err)
	var damaged *status.DamagedError
	require.ErrorAs(t, s.Checked(t.Context(), ""), &damaged)
	after, err := maps.Get(t.Context(), install.StatusName, metav1.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, kept.Data, after.Data)
}

func TestWhoAsked(t *testing.T) {
	asked := func(env map[string]string) []string {
		p := program{world: World{Getenv: func(name string) string { return env[name] }}}
		actor, reason := p.asked("pod-1")
		return []string{actor, reason}
	}
	require.Equal(t, []string{"github:alice", "CHG-7"}, asked(map[string]string{"PLUGIN_ACTOR": "github:alice", "PLUGIN_REASON": "CHG-7", "JOB_NAME": "job-1"}))
	require.Equal(t, []string{"job plugin-install-todo", ""}, asked(map[string]string{"JOB_NAME": "plugin-install-todo"}))
	require.Equal(t, []string{"job pod-1", ""}, asked(nil))
}
