package lease_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/lease"
)

// In a bubble of synctest waiting takes no time, and is exact.

func TestOneOwnerAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leases lease.Memory
		var inside, most atomic.Int32
		done := make(chan error)
		for _, owner := range []string{"a", "b", "c"} {
			go func() {
				held, err := leases.Acquire(t.Context(), "volume", owner, 15*time.Second)
				if err == nil {
					most.Store(max(most.Load(), inside.Add(1)))
					time.Sleep(time.Minute) // longer than the ttl: it is renewed
					inside.Add(-1)
					if err = context.Cause(held.Context()); err == nil {
						err = held.Release()
					}
				}
				done <- err
			}()
		}
		for range 3 {
			require.NoError(t, <-done)
		}
		require.EqualValues(t, 1, most.Load())
	})
}

func TestOtherNamesDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leases lease.Memory
		for _, name := range []string{"a", "b"} {
			held, err := leases.Acquire(t.Context(), name, "owner", 3*time.Second)
			require.NoError(t, err)
			defer func() { require.NoError(t, held.Release()) }()
		}
	})
}

func TestWhoHasIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leases lease.Memory
		held, err := leases.Acquire(t.Context(), "volume", "first", 15*time.Second)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = leases.Acquire(ctx, "volume", "second", 15*time.Second)
		require.ErrorContains(t, err, "first has it")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, held.Release())
		require.NoError(t, held.Release(), "a second time")
		next, err := leases.Acquire(t.Context(), "volume", "second", 15*time.Second)
		require.NoError(t, err)
		require.NoError(t, next.Release())
	})
}

// Work that is cancelled takes a while to end: until then nobody else may begin.
func TestCancelledWorkKeepsTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leases lease.Memory
		ctx, cancel := context.WithCancel(t.Context())
		held, err := leases.Acquire(ctx, "volume", "first", 3*time.Second)
		require.NoError(t, err)
		cancel()
		<-held.Context().Done()
		waiting, end := context.WithTimeout(t.Context(), time.Minute)
		defer end()
		_, err = leases.Acquire(waiting, "volume", "second", 3*time.Second)
		require.ErrorContains(t, err, "first has it")
		require.NoError(t, held.Release())
	})
}

func TestTooShort(t *testing.T) {
	for _, ttl := range []time.Duration{0, time.Second, 3500 * time.Millisecond} {
		_, err := new(lease.Memory).Acquire(t.Context(), "volume", "owner", ttl)
		require.ErrorContains(t, err, "whole seconds")
	}
}
