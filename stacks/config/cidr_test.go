package config

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCovers(t *testing.T) {
	vpc := CIDR{netip.MustParsePrefix("10.20.0.0/16")}
	for inner, want := range map[string]bool{
		"10.20.0.0/16": true, "10.20.255.0/24": true,
		"10.21.0.0/24": false, "10.20.0.0/15": false, "10.0.0.0/8": false, "fd00::/16": false,
	} {
		require.Equal(t, want, vpc.covers(CIDR{netip.MustParsePrefix(inner)}), inner)
	}
}
