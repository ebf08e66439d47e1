package names_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/sandbox/front/names"
	"gatehouse/sandbox/process"
)

func serve(t *testing.T) string {
	t.Helper()
	port, err := process.FreePort()
	require.NoError(t, err)
	address := process.Address(port)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- names.Serve(ctx, address, []string{"portal.example.com", "api.portal.example.com"}) }()
	t.Cleanup(func() {
		stop()
		require.ErrorIs(t, <-done, context.Canceled)
		goleak.VerifyNone(t)
	})
	require.Eventually(t, func() bool { return names.Healthy(t.Context(), address, "portal.example.com") == nil }, 10*time.Second, 5*time.Millisecond)
	return address
}

func TestOnlyTheHostsAreKnown(t *testing.T) {
	address := serve(t)
	for _, network := range []string{"udp", "tcp"} {
		ask := func(name string, kind uint16) *dns.Msg {
			reply, _, err := (&dns.Client{Net: network}).Exchange(new(dns.Msg).SetQuestion(name, kind), address)
			require.NoError(t, err)
			return reply
		}
		answer := ask("API.portal.example.com.", dns.TypeA)
		require.True(t, answer.Authoritative)
		require.Equal(t, net.IPv4(127, 0, 0, 1).String(), answer.Answer[0].(*dns.A).A.String())
		require.Equal(t, names.Issuer, ask("portal.example.com.", dns.TypeCAA).Answer[0].(*dns.CAA).Value)
		require.Empty(t, ask("portal.example.com.", dns.TypeAAAA).Answer)
		require.Equal(t, dns.RcodeNameError, ask("other.portal.example.com.", dns.TypeA).Rcode)
		require.Equal(t, dns.RcodeRefused, ask("example.org.", dns.TypeA).Rcode)
		require.Equal(t, dns.RcodeRefused, ask("notportal.example.com.", dns.TypeA).Rcode)
	}
}

func TestHealthySaysWhatIsWrong(t *testing.T) {
	address := serve(t)
	require.ErrorContains(t, names.Healthy(t.Context(), address, "nobody.portal.example.com"), "NXDOMAIN")
	require.Error(t, names.Serve(t.Context(), address, nil), "the port is taken")
}
