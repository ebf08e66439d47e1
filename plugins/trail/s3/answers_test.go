package s3_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/trail"
	"gatehouse/plugins/trail/s3"
	"gatehouse/sandbox/sandboxtest"
)

// answering is a server that answers every call the same.
func answering(t *testing.T, code int, name string) *s3.Log {
	t.Helper()
	return open(t, sandboxtest.Config(sandboxtest.RefusingS3(t, code, name)), "s3://bucket/prefix", s3.Retention{Mode: types.ObjectLockModeGovernance, Period: 24 * time.Hour})
}

// The emulator denies nothing, so what AWS answers then is answered here.
func TestBadAnswersAreExplained(t *testing.T) {
	for name, c := range map[string]struct {
		code              int
		write, list, read string
	}{
		"AccessDenied":                 {403, "s3:PutObject on arn:aws:s3:::bucket/prefix/*", "s3:ListBucketVersions on arn:aws:s3:::bucket is", "s3:GetObject and s3:GetObjectVersion on arn:aws:s3:::bucket/prefix/*"},
		"AuthorizationHeaderMalformed": {400, "in another region", "in another region", "in another region"},
		"NotImplemented":               {501, "cannot write on a condition", "", ""},
		"InvalidRequest":               {400, "has no Object Lock", "", ""},
		"SlowDown":                     {503, "SlowDown", "SlowDown", "SlowDown"},
	} {
		t.Run(name, func(t *testing.T) {
			log := answering(t, c.code, name)
			require.ErrorContains(t, log.Create(t.Context(), 1, []byte("x")), c.write)
			_, _, err := trail.Load(t.Context(), log)
			require.ErrorContains(t, err, c.list)
			_, err = log.Read(t.Context(), trail.Place{Sequence: 1})
			require.ErrorContains(t, err, c.read)
		})
	}
	require.ErrorIs(t, answering(t, 409, "ConditionalRequestConflict").Create(t.Context(), 1, nil), trail.ErrExists)
	require.ErrorIs(t, answering(t, 412, "PreconditionFailed").Create(t.Context(), 1, nil), trail.ErrExists)
}

// A server that says nothing is waited for as long as the context lasts.
func TestAStallEndsWithTheContext(t *testing.T) {
	endpoint, asked := sandboxtest.Silent(t)
	log := open(t, sandboxtest.Config(endpoint), "s3://bucket", s3.Retention{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := trail.Append(ctx, log, event(0))
	require.ErrorIs(t, err, context.Canceled)
}
