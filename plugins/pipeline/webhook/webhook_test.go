package webhook_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/pipelinetest"
	"gatehouse/plugins/pipeline/webhook"
)

func TestStart(t *testing.T) {
	var got map[string]any
	var query, token string
	server := pipelinetest.New(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, token = r.URL.RawQuery, r.Header.Get("Authorization")
		_ = json.NewDecoder(r.Body).Decode(&got)
		w.WriteHeader(http.StatusAccepted)
	}))
	at := server.URL.JoinPath("hook/")
	at.RawQuery = "key=secret"
	hook, err := webhook.New(webhook.Options{Caller: pipelinetest.Caller(), Address: at})
	require.NoError(t, err)
	b := pipelinetest.Build(t, "1")
	require.NoError(t, hook.Start(t.Context(), b))
	require.Equal(t, []string{"POST /hook/"}, server.Requests())
	require.Equal(t, "key=secret", query)
	require.Equal(t, "Bearer "+pipelinetest.Token, token)
	require.Equal(t, "plugin-install", got["event_type"])
	payload := got["client_payload"].(map[string]any)
	require.Equal(t, "@acme/plugin-one", payload["plugin_name"])
	require.Equal(t, "1.2.3", payload["plugin_version"])
	require.Equal(t, "production", payload["environment"])
	require.Equal(t, b.Token(), payload["correlation"])

	for _, c := range []struct {
		fault pipelinetest.Fault
		want  error
	}{
		{pipelinetest.Fault{Times: 1, Lose: true}, pipeline.ErrUncertain},
		{pipelinetest.Fault{Times: 1, Status: 500}, pipeline.ErrUncertain},
		{pipelinetest.Fault{Times: 1, Status: 403}, pipeline.ErrDenied},
		{pipelinetest.Fault{Times: 1, Status: 404}, pipeline.ErrNotFound},
		{pipelinetest.Fault{Times: 1, Status: 422}, pipeline.ErrRefused},
		{pipelinetest.Fault{Times: 1, Status: 429}, pipeline.ErrUnavailable},
		{pipelinetest.Fault{Times: 1, Status: 302}, pipeline.ErrRefused},
	} {
		asked := len(server.Requests())
		server.Fail(c.fault)
		err := hook.Start(t.Context(), b)
		require.ErrorIs(t, err, c.want)
		require.NotContains(t, err.Error(), "secret")
		require.Len(t, server.Requests(), asked+1, "never twice")
	}
	gone, err := webhook.New(webhook.Options{Address: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}})
	require.NoError(t, err)
	require.ErrorIs(t, gone.Start(t.Context(), b), pipeline.ErrUnavailable, "nobody heard it")
}

func TestAddresses(t *testing.T) {
	for text, part := range map[string]string{
		"https://github.com/org/repo/actions/workflows/plugin-install.yml": "GitHub Actions",
		"http://example.com/hook?key=secret":                               "over http",
		"https://u:secret@example.com/":                                    "name or password",
		"ftp://example.com/?key=secret":                                    "no address",
	} {
		at, err := url.Parse(text)
		require.NoError(t, err)
		_, err = webhook.New(webhook.Options{Address: at})
		require.ErrorContains(t, err, part)
		require.NotContains(t, err.Error(), "secret")
	}
}
