package checklist_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checklist"
)

// An item is about a layer of an environment, or about none.
func TestParseLayer(t *testing.T) {
	const item = `items: [{id: X-1, guide: readiness, section: S, title: T, text: T, severity: low, phase: periodic, attestation: A, remediation: R%s}]`
	for given, want := range map[string]string{"": "", ", layer: data": "data"} {
		items, err := checklist.Parse("x.yaml", fmt.Appendf(nil, item, given))
		require.NoError(t, err)
		require.Equal(t, want, items[0].Layer)
	}
	for _, given := range []string{", layer: Data", ", layer: storage"} {
		_, err := checklist.Parse("x.yaml", fmt.Appendf(nil, item, given))
		require.ErrorContains(t, err, "item X-1: layer")
		require.ErrorContains(t, err, "foundation, network, edge, data, cluster, platform, portal, or none")
	}
}
