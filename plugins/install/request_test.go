package install_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/install"
)

func TestRequests(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	p.AppConfig = "a: <b>\n"
	stage := install.StageRequest{Plugin: p, Policy: "limits: {files: 7}", Host: gate.Host{Packages: map[string]string{"a": "1.0.0"}}}
	text, err := install.Encode(stage)
	require.NoError(t, err)
	require.Contains(t, text, "<b>")
	again, err := install.ParseStage(text)
	require.NoError(t, err)
	require.Equal(t, stage, again)
	both, err := install.Encode(set(p))
	require.NoError(t, err)
	parsed, err := install.ParseSet(both)
	require.NoError(t, err)
	require.Equal(t, set(p), parsed)
	twice, err := install.Encode(set(p, p))
	require.NoError(t, err)
	_, err = install.ParseSet(twice)
	require.ErrorContains(t, err, "plugin one is there twice")
	for _, wrong := range []string{"", "{}", text + "{}", `{"plugins":[],"keep":0}`, `{"plugins":[{"name":"a","version":"1.x","strategy":"dynamic"}],"keep":1}`, `{"plugins":[{"name":"a","version":"1.0.0","strategy":"magic"}],"keep":1}`, `{"keep":1,"unknown":1}`} {
		_, err := install.ParseSet(wrong)
		require.Error(t, err, wrong)
	}
	require.NotEqual(t, install.Hash("a", "bc"), install.Hash("ab", "c"))
	require.Regexp(t, "^[0-9a-f]{10}$", install.Hash("a"))
}
