package checks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

func TestVersionsNameWhatWasRead(t *testing.T) {
	facts := evidence.Facts{}
	bare := versions(facts)
	require.Len(t, bare, 1, "what was not read has no version")
	require.Regexp(t, `^sha256:[0-9a-f]{64}$`, bare[0].Version)
	evidence.Fix(facts, evidence.KubernetesVersion, evidence.KubeVersion{Git: "v1.34.1"})
	evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Version: 150018}, {Version: 150018}, {Version: 150017}, {}})
	require.Equal(t, []readiness.Version{bare[0], {Name: "kubernetes", Version: "v1.34.1"}, {Name: "postgresql", Version: "15.18, 15.17"}}, versions(facts))
}
