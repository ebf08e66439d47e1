package config_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/stacks/config"
)

// The last day of support belongs to it; sixty days before, a warning begins.
func TestKubernetesSupportEnds(t *testing.T) {
	content := []byte(baseFile(t, "staging")) // version 1.35, supported up to 2027-03-27
	for moment, want := range map[string]string{
		"2027-01-25T00:00:00Z": "",
		"2027-01-27T00:00:00Z": "warning: Kubernetes 1.35 leaves EKS standard support on 2027-03-27",
		"2027-03-27T23:59:59Z": "warning: Kubernetes 1.35 leaves EKS standard support on 2027-03-27",
		"2027-03-28T00:00:00Z": "Kubernetes 1.35 left EKS standard support on 2027-03-27; supported are 1.36",
	} {
		now, err := time.Parse(time.RFC3339, moment)
		require.NoError(t, err)
		_, problems := config.Check("Pulumi.staging.yaml", content, config.At(now))
		if want == "" {
			require.Empty(t, problems, moment)
			continue
		}
		require.Len(t, problems, 1, moment)
		require.Contains(t, problems[0].String(), want, moment)
	}
}
