package rest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/pipelinetest"
	"gatehouse/plugins/pipeline/rest"
)

var now = time.Unix(1_800_000_000, 0)

func scene(t *testing.T, service http.Handler, change ...func(*rest.Options)) (*pipelinetest.Server, *rest.Client, *[]time.Duration) {
	t.Helper()
	server := pipelinetest.New(t, service)
	var waited []time.Duration
	o := rest.Options{
		Caller: pipelinetest.Caller(), Base: server.URL, Sign: rest.Bearer,
		Now: func() time.Time { return now }, Random: func() float64 { return 1 },
	}
	o.Wait = func(ctx context.Context, d time.Duration) error {
		waited = append(waited, d)
		return context.Cause(ctx)
	}
	for _, each := range change {
		each(&o)
	}
	client, err := rest.New(o)
	require.NoError(t, err)
	return server, client, &waited
}

var fine = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"a":1}`)) })

func TestQuestionsAreAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		fault  pipelinetest.Fault
		waited []time.Duration
		want   error
	}{
		"500":      {pipelinetest.Fault{Times: 3, Status: 500}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, nil},
		"too long": {pipelinetest.Fault{Times: 9, Status: 500}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, pipeline.ErrUnavailable},
		"lost":     {pipelinetest.Fault{Times: 1, Lose: true}, []time.Duration{time.Second}, nil},
		"stalled":  {pipelinetest.Fault{Times: 1, Stall: true}, []time.Duration{time.Second}, nil},
		"after 7":  {pipelinetest.Fault{Times: 1, Status: 429, Header: http.Header{"Retry-After": {"7"}}}, []time.Duration{7 * time.Second}, nil},
		"at a date": {
			pipelinetest.Fault{Times: 1, Status: 503, Header: http.Header{"Retry-After": {now.Add(9 * time.Second).UTC().Format(http.TimeFormat)}}},
			[]time.Duration{9 * time.Second},
			nil,
		},
		"GitHub's reset": {
			pipelinetest.Fault{Times: 1, Status: 403, Header: http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset": {"1800000012"}}},
			[]time.Duration{12 * time.Second},
			nil,
		},
		"after an hour": {pipelinetest.Fault{Times: 1, Status: 429, Header: http.Header{"Retry-After": {"3600"}}}, nil, pipeline.ErrUnavailable},
		"403":           {pipelinetest.Fault{Times: 1, Status: 403, Body: `{"message":"no"}`}, nil, pipeline.ErrDenied},
		"410":           {pipelinetest.Fault{Times: 1, Status: 410}, nil, pipeline.ErrNotFound},
		"422":           {pipelinetest.Fault{Times: 1, Status: 422}, nil, pipeline.ErrRefused},
		"no JSON":       {pipelinetest.Fault{Times: 1, Status: 200, Body: "<html>"}, nil, pipeline.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			server, client, waited := scene(t, fine, func(o *rest.Options) { o.Each = 200 * time.Millisecond })
			server.Fail(c.fault)
			var got struct{ A int }
			err := client.Get(t.Context(), "x", nil, &got)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, c.waited, *waited)
			if c.want == nil {
				require.Equal(t, 1, got.A)
			}
		})
	}
}

func TestChangesAreMadeOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault pipelinetest.Fault
		want  error
	}{
		"500": {pipelinetest.Fault{Times: 1, Status: 500}, pipeline.ErrUncertain}, "lost": {pipelinetest.Fault{Times: 1, Lose: true}, pipeline.ErrUncertain},
		"stalled": {pipelinetest.Fault{Times: 1, Stall: true}, pipeline.ErrUncertain}, "429": {pipelinetest.Fault{Times: 1, Status: 429}, pipeline.ErrUnavailable},
		"302": {pipelinetest.Fault{Times: 1, Status: 302}, pipeline.ErrRefused}, "fine": {},
	} {
		server, client, waited := scene(t, fine, func(o *rest.Options) { o.Each = 200 * time.Millisecond })
		server.Fail(c.fault)
		_, err := client.PostJSON(t.Context(), "x", map[string]string{"a": "b"}, nil)
		require.ErrorIs(t, err, c.want, name)
		require.Len(t, server.Requests(), 1)
		require.Empty(t, *waited)
	}
	// Who ends it in the middle does not know either.
	ctx, cancel := context.WithCancel(t.Context())
	server, client, _ := scene(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
	_, err := client.PostForm(ctx, "x", nil, nil)
	require.ErrorIs(t, err, pipeline.ErrUncertain)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, server.Requests(), 1)
}

// The token goes to the base's origin alone: a redirect is not followed.
func TestTheTokenStays(t *testing.T) {
	var elsewhere int
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(thief.Close)
	server, client, _ := scene(t, fine)
	server.Fail(pipelinetest.Fault{Times: 9, Status: 307, Header: http.Header{"Location": {thief.URL}}})
	err := client.Get(t.Context(), "x", nil, nil)
	require.ErrorIs(t, err, pipeline.ErrRefused)
	require.ErrorContains(t, err, "it redirects")
	require.NotContains(t, err.Error(), "secret")
	require.Zero(t, elsewhere)

	server.Mend()
	large := strings.Repeat("x", 17<<20)
	server.Fail(pipelinetest.Fault{Times: 1, Status: 200, Body: large})
	require.ErrorIs(t, client.Get(t.Context(), "x", nil, &struct{}{}), pipeline.ErrInvalid)
}
