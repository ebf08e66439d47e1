package lease

import (
	"testing"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Two that have seen the same: one is faster, and the other is told so.
func TestConflict(t *testing.T) {
	var leases Memory
	first, second := &slot{memory: &leases, name: "x", owner: "1"}, &slot{memory: &leases, name: "x", owner: "2"}
	require.NoError(t, first.Create(t.Context(), resourcelock.LeaderElectionRecord{}))
	require.True(t, apierrors.IsAlreadyExists(second.Create(t.Context(), resourcelock.LeaderElectionRecord{})))
	_, _, err := second.Get(t.Context())
	require.NoError(t, err)
	require.NoError(t, first.Update(t.Context(), resourcelock.LeaderElectionRecord{HolderIdentity: "1"}))
	require.True(t, apierrors.IsConflict(second.Update(t.Context(), resourcelock.LeaderElectionRecord{HolderIdentity: "2"})))
}
