package collect_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect"
	"gatehouse/checks/evidence"
)

var (
	names = evidence.Define[[]string](evidence.AWS, "names", "ec2:DescribeNames")
	count = evidence.Define[int](evidence.Redis, "count")
)

func gather(t *testing.T, limits collect.Limits, p collect.Plan) (evidence.Facts, map[string]evidenceOf) {
	t.Helper()
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p.Now = time.Now
	facts, records := collect.Gather(t.Context(), p, limits)
	by := map[string]evidenceOf{}
	for _, r := range records {
		var kinds []string
		for _, problem := range r.Problems {
			kinds = append(kinds, problem.Kind+": "+problem.Message+" → "+problem.Remedy)
		}
		by[r.ID] = evidenceOf{r.Source, r.Query, r.Identity, string(r.Content), r.SHA256, r.Complete, strings.Join(kinds, "; ")}
	}
	return facts, by
}

type evidenceOf struct {
	source, query, identity, content, sha string
	complete                              bool
	problems                              string
}

func TestGatherKeepsWhatWasReadAndWhatWasNot(t *testing.T) {
	partial := evidence.Read(names, "ec2:DescribeNames in us-west-2", func(context.Context) ([]string, error) {
		return []string{"web", "hunter2"}, errors.Join(
			evidence.Problem{Kind: evidence.Denied, Message: "page 2 is denied to hunter2"}, context.DeadlineExceeded)
	})
	var asked atomic.Int32
	facts, records := gather(t, collect.Limits{}, collect.Plan{
		Needs: []evidence.Name{count.Name(), names.Name(), names.Name()}, Readers: []evidence.Reader{partial},
		Missing: map[evidence.Source]string{evidence.Redis: "redis-server is not installed"},
		Identities: map[evidence.Source]func(context.Context) (string, error){
			evidence.AWS: func(context.Context) (string, error) { asked.Add(1); return "arn:aws:iam::1:role/reader", nil },
		},
		Redact: func(text string) string { return strings.ReplaceAll(text, "hunter2", "[secret]") },
	})
	content := `["web","[secret]"]`
	sum := sha256.Sum256([]byte(content))
	require.Equal(t, map[string]evidenceOf{
		"aws.names": {
			"aws", "ec2:DescribeNames in us-west-2", "arn:aws:iam::1:role/reader", content, hex.EncodeToString(sum[:]), false,
			"denied: page 2 is denied to [secret] → grant ec2:DescribeNames; timed out: no answer within 10s → ",
		},
		"redis.count": {"redis", "", "", "", "", false, "not configured: redis-server is not installed → "},
	}, records)
	require.EqualValues(t, 1, asked.Load())
	fact := evidence.Get(facts, names)
	require.Equal(t, []string{"web", "hunter2"}, fact.Value, "checkers judge what is there")
	require.Len(t, fact.Problems, 2)
	require.Equal(t, evidence.NotConfigured, evidence.Get(facts, count).Problems[0].Kind)
}

func TestReadersThatHangPanicOrLieEnd(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	var readers []evidence.Reader
	add := func(what string, read func(context.Context) (any, error)) {
		readers = append(readers, evidence.Read(evidence.Define[any](evidence.Web, what), what, read))
	}
	add("deaf", func(context.Context) (any, error) { <-release; return nil, nil })
	add("slow", func(ctx context.Context) (any, error) { <-ctx.Done(); return "a part", ctx.Err() })
	add("panics", func(context.Context) (any, error) { panic("boom") })
	add("unwritable", func(context.Context) (any, error) { return func() {}, nil })
	var needs []evidence.Name
	for _, r := range readers {
		needs = append(needs, r.Name)
	}
	begin := time.Now()
	facts, records := collect.Gather(t.Context(), collect.Plan{Needs: needs, Readers: readers, Now: time.Now}, collect.Limits{Each: 50 * time.Millisecond})
	require.Less(t, time.Since(begin), 5*time.Second)
	require.Len(t, facts, 4)
	kinds := map[string]string{}
	for _, r := range records {
		require.Len(t, r.Problems, 1, r.ID)
		require.False(t, r.Complete)
		kinds[r.ID] = r.Problems[0].Kind + ": " + r.Problems[0].Message
	}
	require.Equal(t, "timed out: no answer within 50ms", kinds["web.deaf"])
	require.Equal(t, "timed out: no answer within 50ms", kinds["web.slow"])
	require.Equal(t, "failed: reading it panicked: boom", kinds["web.panics"])
	require.Contains(t, kinds["web.unwritable"], "cannot be written as JSON")
	require.Equal(t, "a part", facts["web.slow"].Value)
}

func TestCancelledInTheMiddleKeepsWhatIsThere(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	quick := evidence.Read(count, "quick", func(context.Context) (int, error) { cancel(); return 7, nil })
	slow := evidence.Read(names, "slow", func(ctx context.Context) ([]string, error) { <-ctx.Done(); return nil, ctx.Err() })
	facts, _ := collect.Gather(ctx, collect.Plan{
		Needs: []evidence.Name{names.Name(), count.Name()}, Readers: []evidence.Reader{quick, slow}, Now: time.Now,
	}, collect.Limits{})
	require.Equal(t, 7, evidence.Get(facts, count).Value)
	require.Equal(t, evidence.Cancelled, evidence.Get(facts, names).Problems[0].Kind)
}

func TestTheWholeRunHasALimit(t *testing.T) {
	var needs []evidence.Name
	var readers []evidence.Reader
	for _, what := range []string{"a", "b", "c", "d", "e"} {
		q := evidence.Define[int](evidence.Web, what)
		needs = append(needs, q.Name())
		readers = append(readers, evidence.Read(q, what, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }))
	}
	begin := time.Now()
	facts, records := collect.Gather(t.Context(), collect.Plan{Needs: needs, Readers: readers, Now: time.Now},
		collect.Limits{Whole: 50 * time.Millisecond, AtOnce: 1})
	require.Less(t, time.Since(begin), 5*time.Second)
	require.Len(t, facts, 5)
	require.Len(t, records, 5)
}
