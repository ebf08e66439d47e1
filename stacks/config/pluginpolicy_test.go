package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins/gate"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// Whatever is valid here, the gate reads, and it is what was meant.
func TestPluginPolicyIsTheGates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := configtest.Valid(t).Portal.Plugins
		for _, pkg := range p.Packages {
			text, err := config.PluginPolicyYAML(p, pkg)
			require.NoError(t, err)
			policy, err := gate.ParsePolicy(strings.NewReader(text))
			require.NoError(t, err, text)
			override, other := policy.Plugins[string(pkg.Name)], gate.DefaultPolicy()
			require.Len(t, override.Accept, len(pkg.Accept))
			for i, e := range pkg.Accept {
				require.Equal(t, string(e.Step), override.Accept[i].Step)
				require.Equal(t, string(e.Expires), override.Accept[i].Expires.String())
			}
			require.Equal(t, pkg.RequireProvenance, override.Provenance != nil)
			switch {
			case p.Policy == nil:
				require.Equal(t, other.Licences, policy.Licences)
			case p.Policy.MaxPackedMiB != nil:
				require.EqualValues(t, *p.Policy.MaxPackedMiB<<20, policy.Limits.Packed)
				require.Equal(t, other.Limits.Path, policy.Limits.Path)
			case p.Policy.AdvisoriesMaxAgeDays != nil:
				require.Equal(t, time.Duration(*p.Policy.AdvisoriesMaxAgeDays)*24*time.Hour, policy.Vulnerabilities.MaxAge)
				require.Equal(t, string(*p.Policy.RefuseFrom), policy.Vulnerabilities.RefuseFrom.String())
			}
		}
	})
}

func TestPluginPolicyWithoutAnythingIsTheDefault(t *testing.T) {
	text, err := config.PluginPolicyYAML(config.Plugins{}, config.Package{Name: "plugin"})
	require.NoError(t, err)
	policy, err := gate.ParsePolicy(strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, gate.DefaultPolicy(), policy)
}
