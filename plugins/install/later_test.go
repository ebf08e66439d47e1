package install_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/install"
)

// Knowledge that is too old is evidence that may be there later: the Job is tried
// again, and nothing says that the plugin was refused.
func TestStaleAdvisoriesAreNoRefusal(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	known := s.Sources.Advisories
	old := time.Now().AddDate(0, 0, -30).UTC().Format(time.RFC3339)
	s.Sources.Advisories = gate.Have[advisory.Source](advisory.OSV{Files: fstest.MapFS{"GHSA-1.json": {Data: []byte(`{"id": "GHSA-1", "modified": "` + old + `",
		"affected": [{"package": {"ecosystem": "npm", "name": "vulnerable"}, "versions": ["1.0.0"]}], "database_specific": {"severity": "HIGH"}}`)}}})
	err := s.stage(p, "")
	require.ErrorContains(t, err, "vulnerabilities: what is known is")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Empty(t, s.history())

	require.Equal(t, install.ExitRefused, install.ExitCode(s.stage(s.publish("vulnerable", "1.0.0"), "")), "what it knows counts all the same")
	s.Sources.Advisories = known
	require.NoError(t, s.stage(p, ""), "the next try has newer ones")
}
