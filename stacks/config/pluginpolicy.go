package config

import (
	"fmt"
	"strconv"

	"gopkg.in/yaml.v3"
)

// gatePolicy is the gate's policy as gate.ParsePolicy reads it. What is nil or
// empty is left out, and has the gate's default.
type gatePolicy struct {
	Provenance      *gateProvenance         `yaml:"provenance,omitempty"`
	Licences        *gateLicences           `yaml:"licences,omitempty"`
	Vulnerabilities *gateVulnerabilities    `yaml:"vulnerabilities,omitempty"`
	Limits          *gateLimits             `yaml:"limits,omitempty"`
	Plugins         map[string]gateOverride `yaml:"plugins,omitempty"`
}

type gateProvenance struct {
	Required     bool     `yaml:"required"`
	Builders     []string `yaml:"builders,omitempty"`
	Repositories []string `yaml:"repositories,omitempty"`
}

type gateLicences struct {
	Allow []string `yaml:"allow"`
}

type gateVulnerabilities struct {
	RefuseFrom string `yaml:"refuseFrom,omitempty"`
	MaxAge     string `yaml:"maxAge,omitempty"`
}

type gateLimits struct {
	Packed   int64 `yaml:"packed,omitempty"`
	Unpacked int64 `yaml:"unpacked,omitempty"`
	Files    int   `yaml:"files,omitempty"`
}

type gateOverride struct {
	Provenance *gateProvenance `yaml:"provenance,omitempty"`
	Accept     []gateException `yaml:"accept,omitempty"`
}

type gateException struct {
	Step    string `yaml:"step"`
	ID      string `yaml:"id"`
	Reason  string `yaml:"reason"`
	Expires string `yaml:"expires"`
}

const bytesPerMiB = 1 << 20

// PluginsPolicyYAML is the policy that the gate holds a package against which the
// configuration does not name, with no exception at all.
func PluginsPolicyYAML(p Plugins) (string, error) { return PluginPolicyYAML(p, Package{}) }

// PluginPolicyYAML is the policy that the gate holds one package against
// (gate.ParsePolicy): that of all packages, with the exceptions of this one and of
// no other. The same configuration gives the same text.
func PluginPolicyYAML(p Plugins, of Package) (string, error) {
	var policy gatePolicy
	if p.Policy != nil {
		policy = p.Policy.gate()
	}
	var override gateOverride
	if of.RequireProvenance {
		demanded := gateProvenance{Required: true}
		if policy.Provenance != nil {
			demanded = *policy.Provenance
		}
		override.Provenance = &demanded
	}
	for _, e := range of.Accept {
		override.Accept = append(override.Accept, gateException{string(e.Step), e.ID, e.Reason, string(e.Expires)})
	}
	if override.Provenance != nil || len(override.Accept) > 0 {
		policy.Plugins = map[string]gateOverride{string(of.Name): override}
	}
	text, err := yaml.Marshal(policy)
	if err != nil {
		return "", fmt.Errorf("write the plugin policy: %w", err)
	}
	return string(text), nil
}

func (p PluginPolicy) gate() gatePolicy {
	var policy gatePolicy
	if p.Provenance.Required {
		policy.Provenance = &gateProvenance{true, p.Provenance.Builders, p.Provenance.Repositories}
	}
	if p.Licences != nil {
		policy.Licences = &gateLicences{p.Licences}
	}
	if p.RefuseFrom != nil || p.AdvisoriesMaxAgeDays != nil {
		var rule gateVulnerabilities
		if p.RefuseFrom != nil {
			rule.RefuseFrom = string(*p.RefuseFrom)
		}
		if p.AdvisoriesMaxAgeDays != nil {
			rule.MaxAge = strconv.Itoa(*p.AdvisoriesMaxAgeDays*24) + "h"
		}
		policy.Vulnerabilities = &rule
	}
	if p.MaxPackedMiB != nil || p.MaxUnpackedMiB != nil || p.MaxFiles != nil {
		policy.Limits = &gateLimits{
			Packed: bytesPerMiB * int64(given(p.MaxPackedMiB)), Unpacked: bytesPerMiB * int64(given(p.MaxUnpackedMiB)), Files: given(p.MaxFiles),
		}
	}
	return policy
}

// given is a number that may be absent, and is then 0.
func given(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
