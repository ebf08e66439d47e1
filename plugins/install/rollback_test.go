package install_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
)

func TestAPluginThatDoesNotLoadIsRolledBack(t *testing.T) {
	s := newScene(t)
	good, bad := s.publish("good", "1.0.0"), s.publish("bad", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.broken = []string{"bad"}
	err := s.up(set(bad, good))
	require.ErrorContains(t, err, "bad@1.0.0 did not load: Error: no. The portal is back on generation 1-")
	require.Equal(t, install.ExitRefused, install.ExitCode(err))
	require.Equal(t, 1, s.portal.loaded.Number())
	last := s.shown.last()
	require.Equal(t, status.RolledBack, last.Phase)
	require.Contains(t, last.Failure, "bad@1.0.0 did not load")
	require.Equal(t, 2, last.Failed.Number())
	require.Equal(t, []install.Plugin{good}, s.shown.set.Plugins, "what is proved stays")
	require.Equal(t, []string{
		"verify good@1.0.0 succeeded", "prove 1 succeeded", "install good@1.0.0 succeeded",
		"verify bad@1.0.0 succeeded", "verify good@1.0.0 succeeded", "prove 2 failed", "rollback 1 succeeded",
	}, s.history())

	require.ErrorContains(t, s.up(set(bad, good)), "back on generation 1-")
	switched := len(s.portal.switched)
	err = s.up(set(bad, good))
	require.ErrorContains(t, err, "has failed 2 times in a row and is not tried again: it is not proved: bad@1.0.0 did not load")
	require.Len(t, s.portal.switched, switched, "the portal is left alone")

	s.portal.broken = nil
	again := set(bad, good)
	again.Workload = "backstage:2"
	require.NoError(t, s.up(again), "in another portal it may")
	require.Equal(t, 2, s.portal.loaded.Number())
}

func TestTwoFailuresInARowStop(t *testing.T) {
	s := newScene(t)
	good, bad := s.publish("good", "1.0.0"), s.publish("bad", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.broken = []string{"bad", "good"}
	err := s.up(set(bad, good))
	require.ErrorContains(t, err, "Going back to generation 1-")
	require.ErrorContains(t, err, "failed too")
	require.Equal(t, status.Stopped, s.shown.last().Phase)
	require.Len(t, s.portal.switched, 3, "to the new one, and back, and no further")
	require.Contains(t, s.history(), "rollback 1 failed")
}

func TestTheFirstPluginThatFailsLeavesNone(t *testing.T) {
	s := newScene(t)
	bad := s.publish("bad", "1.0.0")
	s.portal.broken = []string{"bad"}
	require.ErrorContains(t, s.up(set(bad)), "The portal is back on generation 2-")
	g, err := generation.Open(s.Store).Get(s.portal.loaded)
	require.NoError(t, err)
	require.Empty(t, g.Plugins)
}

// An outcome that is not known rolls nothing back; the next try goes on.
func TestWhatIsNotKnownIsTriedAgain(t *testing.T) {
	s := newScene(t)
	good, next := s.publish("good", "1.0.0"), s.publish("next", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.err = errors.New("the API server does not answer")
	err := s.up(set(good, next))
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Equal(t, 2, s.portal.loaded.Number())
	s.portal.err = nil
	require.NoError(t, s.Activate(t.Context(), set(good, next)))
	require.Equal(t, "install next@1.0.0 succeeded", s.history()[len(s.history())-1])

	s.Patience = time.Nanosecond
	s.portal.err = context.DeadlineExceeded
	require.ErrorContains(t, s.up(set(next)), "it did not start within 1ns")
}
