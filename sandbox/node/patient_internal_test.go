package node

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/util/retry"
)

func TestAnEndedContextIsAnErrorOfTheLastTry(t *testing.T) {
	ended := fmt.Errorf("get node: %w", context.Canceled)
	try := func(err error) error { return retry.RetryOnConflict(retry.DefaultRetry, func() error { return err }) }
	require.NoError(t, try(ended), "client-go loses it: when this fails, patient is needed no more")
	require.EqualError(t, try(opaque(ended)), ended.Error())
	other := errors.New("other")
	require.Equal(t, other, opaque(other))
	require.NoError(t, opaque(nil))
}
