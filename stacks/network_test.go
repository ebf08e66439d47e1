package stacks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/stacks/config/configtest"
)

func TestNATGatewaysFollowTheConfiguration(t *testing.T) {
	for name, c := range environments() {
		seen, _, _ := runFoundation(t, c)
		want := 1
		if c.Network.NATGateways == "perZone" {
			want = len(c.Network.Zones)
		}
		require.Len(t, seen.OfType("aws:ec2/natGateway:NatGateway"), want, name)
	}
}

func TestFlowLogsAreEncryptedWithTheLogsKey(t *testing.T) {
	seen, _, _ := runFoundation(t, configtest.Staging())
	group := seen.Named(t, "aws:cloudwatch/logGroup:LogGroup", "gatehouse-test-network-flow-logs")
	require.Contains(t, group.Input("kmsKeyId"), "gatehouse-test-key-logs")
	require.Contains(t, group.Dependencies, urn("foundation", "gatehouse:aws:Keys$aws:kms/key:Key", "key-logs"))
}
