package install_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
)

// proved is a scene whose portal has one plugin.
func proved(t *testing.T) (*scene, install.MaintainRequest) {
	t.Helper()
	s := newScene(t)
	good := s.publish("good", "1.0.0")
	require.NoError(t, s.up(set(good)))
	return s, install.MaintainRequest{Set: set(good)}
}

// What somebody changed by hand is found, told and not mended; when it is undone, that
// is told too.
func TestMaintainFindsAPortalThatWasChangedByHand(t *testing.T) {
	s, r := proved(t)
	current := s.portal.loaded
	require.NoError(t, s.Maintain(t.Context(), r))
	require.Equal(t, []string{""}, s.shown.checks)

	s.portal.loaded = "1-abcdef012345"
	switched := len(s.portal.switched)
	err := s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err), "%v", err)
	require.ErrorContains(t, err, "generation "+string(current)+" is current, and the portal is not as it was proved")
	require.ErrorContains(t, err, "it has loaded 1-abcdef012345")
	require.Len(t, s.portal.switched, switched, "it is not taken back: somebody may have meant it")
	require.Len(t, s.shown.checks, 2)
	require.Contains(t, s.shown.checks[1], "kubectl rollout undo")
	require.Equal(t, "fail 1 failed", s.history()[len(s.history())-1])

	s.portal.loaded = current
	require.NoError(t, s.Maintain(t.Context(), r))
	require.Empty(t, s.shown.checks[2])
}

// A portal that does not get ready is not as it was proved; one that cannot be asked
// is not known.
func TestMaintainCannotTell(t *testing.T) {
	s, r := proved(t)
	s.portal.err = errors.New("the API server does not answer")
	err := s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Empty(t, s.shown.checks, "nothing is told that nobody knows")
	s.portal.err, s.Patience = errors.New("pod a is not ready"), time.Nanosecond
	err = s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err), "%v", err)
	require.ErrorContains(t, err, "it did not start within")
}

// Something else in the trail's next place stops neither an installation nor the
// nightly run; a record that is gone does.
func TestGarbageInTheTrail(t *testing.T) {
	s, r := proved(t)
	place := func(sequence int64) string {
		return filepath.Join(s.Trail.String(), trail.Place{Sequence: sequence}.Name())
	}
	next := s.shown.head.Sequence + 1
	require.NoError(t, os.WriteFile(place(next), []byte("<html>"), 0o600))
	require.NoError(t, s.Maintain(t.Context(), r))
	other := s.publish("other", "1.0.0")
	require.NoError(t, s.up(set(other)))
	require.Greater(t, s.shown.head.Sequence, next)
	require.NoError(t, s.Maintain(t.Context(), r))
	_, problems, err := trail.Inspect(t.Context(), s.Trail, s.shown.head)
	require.NoError(t, err)
	require.True(t, trail.Whole(problems))
	require.Len(t, problems, 1, "it is told for ever")

	require.NoError(t, os.Remove(place(next+1)))
	err = s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err))
	require.ErrorContains(t, err, "the audit trail is not whole: ")
	require.Contains(t, s.shown.checks[len(s.shown.checks)-1], "the audit trail is not whole")
}

// A trail that is not whole stays so under Object Lock: it must not hide from then on
// what is wrong with the plugins.
func TestMaintainLooksAtPluginsUnderATornTrail(t *testing.T) {
	s, r := proved(t)
	require.NoError(t, os.Remove(filepath.Join(s.Trail.String(), trail.Place{Sequence: s.shown.head.Sequence}.Name())))
	spoil(t, filepath.Join(s.dir, s.portal.loaded.Root(generation.Portal), "good", "package.json"))
	err := s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err), "%v", err)
	for _, said := range []string{err.Error(), s.shown.checks[0]} {
		require.Contains(t, said, "the audit trail is not whole")
		require.Contains(t, said, "package.json")
	}
}

// What is found and cannot be put into the audit trail is shown at least.
func TestMaintainShowsWhatTheTrailDoesNotTake(t *testing.T) {
	s, r := proved(t)
	spoil(t, filepath.Join(s.dir, s.portal.loaded.Root(generation.Portal), "good", "package.json"))
	s.Trail = deaf{s.Trail}
	require.Equal(t, install.ExitUnavailable, install.ExitCode(s.Maintain(t.Context(), r)), "the next try may")
	require.Len(t, s.shown.checks, 1)
	require.Contains(t, s.shown.checks[0], "package.json")
}

// A status that was changed by hand is a finding too.
func TestMaintainFindsADamagedStatus(t *testing.T) {
	s, r := proved(t)
	s.shown.broken = &status.DamagedError{Name: "a/b", Err: errors.New("it was changed by hand")}
	err := s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err), "%v", err)
	require.ErrorContains(t, err, "ConfigMap a/b is damaged")
}

// Who asked, and why, is in the records that people ask for; a stranger's text harms
// none of them.
func TestTheTrailSaysWhoAndWhy(t *testing.T) {
	s := newScene(t)
	s.Actor, s.Reason = "github:alice\n\x1b[31m"+strings.Repeat("ä", 500), "CHG-7: for search"
	good := s.publish("good", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.Reason = ""
	require.NoError(t, s.up(set()))
	require.Error(t, s.stage(s.publish("forged", "1.0.0", npmtest.WrongSignature(s.key)), ""))
	records, problems, err := trail.Inspect(t.Context(), s.Trail, s.shown.head)
	require.NoError(t, err)
	require.Empty(t, problems)
	reasons := map[trail.Action]string{}
	for _, r := range records {
		require.Equal(t, "github:alice [31m"+strings.Repeat("ä", 91)+"…", r.Actor)
		reasons[r.Action] = r.Reason
	}
	require.Equal(t, "it is in the configuration: CHG-7: for search", reasons[trail.VerifyPlugin])
	require.Equal(t, "it is in the configuration: CHG-7: for search", reasons[trail.Install])
	require.Equal(t, "it is no longer in the configuration", reasons[trail.Uninstall])
	require.Contains(t, reasons[trail.Refuse], "signature", "the gate's own")
}
