package pack_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/policies/pack"
)

// A rule says what of its reads it does not look into.
func TestNames(t *testing.T) {
	p, err := one(t, strings.Replace(rule, `reads: ["$pod.containers[*].image", name]`, `images: ["$pod.containers[*].image"]
#   names: [name]
#   unless: days`, 1))
	require.NoError(t, err)
	r, _ := p.Rule("test-holds-long")
	require.Equal(t, "days", r.Unless)
	require.False(t, r.Silent)
	of := map[string]pack.Name{}
	for _, read := range r.Reads {
		of[read.Type+" "+read.Path.String()] = read.Name
	}
	require.Equal(t, pack.Image, of[`kubernetes:core/v1:Pod spec.containers["*"].image`])
	require.Equal(t, pack.Whole, of["* name"])

	for reads, wrong := range map[string]string{
		"reads: [meta]\n#   names: [meta.name]":                        "custom.names: meta.name is among what the rule looks into",
		"names: [\"a.*\"]\n#   images: [other, a.b]\n#   reads: [a.b]": "custom.names: a[\"*\"] is among",
		"names: [name]\n#   unless: never":                             "custom.unless: never is none of the rule's parameters",
	} {
		_, err := one(t, strings.Replace(rule, `reads: ["$pod.containers[*].image", name]`, reads, 1))
		require.ErrorContains(t, err, wrong)
	}
}
