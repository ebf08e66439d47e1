package dns_test

import (
	"context"
	"net"
	"testing"
	"time"

	mdns "github.com/miekg/dns"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/dns"
	"gatehouse/checks/collect/dns/dnstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func read[T any](ctx context.Context, t *testing.T, server string, q evidence.Query[T], names ...string) (T, []evidence.Problem) {
	t.Helper()
	c, err := dns.New(ctx, target.DNS{Names: names, Server: server})
	require.NoError(t, err)
	defer c.Close()
	for _, reader := range c.Readers() {
		if reader.Name == q.Name() {
			value, err := reader.Read(ctx)
			return value.(T), evidence.Problems(err)
		}
	}
	require.FailNow(t, "no reader")
	var none T
	return none, nil
}

func TestNames(t *testing.T) {
	s := dnstest.New(t,
		"portal.example.com. 60 A 10.0.0.2", "portal.example.com. 60 A 10.0.0.1", "portal.example.com. 30 AAAA 2001:db8::1",
		"api.example.com. 300 CNAME PORTAL.example.com.", "lost.example.com. 5 CNAME gone.cloud.test.",
		"round.example.com. 5 CNAME about.example.com.", "about.example.com. 5 CNAME round.example.com.",
		"empty.example.com. 5 TXT \"no address\"",
	)
	names, problems := read(t.Context(), t, s.Address, evidence.DNSNames,
		"portal.example.com", "api.example.com.", "lost.example.com", "nobody.example.com", "round.example.com", "empty.example.com")
	require.Empty(t, problems)
	require.Equal(t, []string{"10.0.0.1", "10.0.0.2", "2001:db8::1"}, names[0].Addresses)
	require.Equal(t, 60, names[0].TTL)
	require.Equal(t, []string{"PORTAL.example.com"}, names[1].Aliases)
	require.Equal(t, 300, names[1].TTL)
	require.Len(t, names[1].Addresses, 3)
	require.Equal(t, "gone.cloud.test", names[2].Dangling)
	require.True(t, names[2].Exists)
	require.False(t, names[3].Exists)
	require.Empty(t, names[4].Addresses, "aliases that go round end")
	require.True(t, names[5].Exists)
	require.Empty(t, names[5].Addresses)
}

// TestAServerThatDoesNotFollow is an authority: it gives the alias alone.
func TestAServerThatDoesNotFollow(t *testing.T) {
	s := dnstest.New(t)
	s.Behave(func(question *mdns.Msg) *mdns.Msg {
		got := new(mdns.Msg).SetReply(question)
		switch {
		case question.Question[0].Name == "api.example.com.":
			record, _ := mdns.NewRR("api.example.com. 60 CNAME lb.example.com.")
			got.Answer = append(got.Answer, record)
		case question.Question[0].Name == "lb.example.com." && question.Question[0].Qtype == mdns.TypeA:
			record, _ := mdns.NewRR("lb.example.com. 60 A 10.0.0.1")
			got.Answer = append(got.Answer, record)
		}
		return got
	})
	names, problems := read(t.Context(), t, s.Address, evidence.DNSNames, "api.example.com")
	require.Empty(t, problems)
	require.Equal(t, []string{"10.0.0.1"}, names[0].Addresses)
	require.Equal(t, []string{"lb.example.com"}, names[0].Aliases)
}

func TestIssuers(t *testing.T) {
	s := dnstest.New(t, `example.com. 60 CAA 0 issue "amazon.com"`, `example.com. 60 CAA 0 issuewild ";"`,
		`own.example.com. 60 CAA 0 issue "letsencrypt.org"`)
	found, problems := read(t.Context(), t, s.Address, evidence.DNSCAA, "api.portal.example.com", "own.example.com", "example.org")
	require.Empty(t, problems)
	require.Equal(t, []evidence.CAA{
		{Name: "api.portal.example.com", At: "example.com", Issuers: []string{"amazon.com"}, Wild: []string{";"}},
		{Name: "own.example.com", At: "own.example.com", Issuers: []string{"letsencrypt.org"}},
		{Name: "example.org"},
	}, found)
}

func TestServersThatMisbehave(t *testing.T) {
	s := dnstest.New(t, "portal.example.com. 60 A 10.0.0.1")
	for name, c := range map[string]struct {
		manner dnstest.Manner
		kind   evidence.Kind
	}{
		"silent":   {dnstest.Silent, evidence.TimedOut},
		"servfail": {dnstest.Says(mdns.RcodeServerFailure), evidence.Failed},
		"refused":  {dnstest.Says(mdns.RcodeRefused), evidence.Denied},
		"another question": {func(*mdns.Msg) *mdns.Msg {
			return new(mdns.Msg).SetReply(new(mdns.Msg).SetQuestion("other.example.com.", mdns.TypeA))
		}, evidence.TimedOut}, // as one whose ID is wrong: not ours, so it is waited for ours
	} {
		t.Run(name, func(t *testing.T) {
			s.Behave(c.manner)
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			names, problems := read(ctx, t, s.Address, evidence.DNSNames, "portal.example.com")
			require.Empty(t, names)
			require.Len(t, problems, 1)
			require.Equal(t, c.kind, problems[0].Kind, problems[0].Message)
			require.Contains(t, problems[0].Message, "A of portal.example.com at "+s.Address)
		})
	}
}

func TestTruncatedAnswersAreAskedAgain(t *testing.T) {
	s := dnstest.New(t)
	first := true
	s.Behave(func(question *mdns.Msg) *mdns.Msg {
		got := new(mdns.Msg).SetReply(question)
		if got.Truncated = first; !first && question.Question[0].Qtype == mdns.TypeA {
			record, _ := mdns.NewRR("portal.example.com. 60 A 10.0.0.1")
			got.Answer = append(got.Answer, record)
		}
		first = false
		return got
	})
	names, problems := read(t.Context(), t, s.Address, evidence.DNSNames, "portal.example.com")
	require.Empty(t, problems)
	require.Equal(t, []string{"10.0.0.1"}, names[0].Addresses)
}

func TestOneNameOfTwoIsKept(t *testing.T) {
	s := dnstest.New(t)
	s.Behave(func(question *mdns.Msg) *mdns.Msg {
		if question.Question[0].Name == "bad.example.com." {
			return new(mdns.Msg).SetRcode(question, mdns.RcodeServerFailure)
		}
		return new(mdns.Msg).SetReply(question)
	})
	names, problems := read(t.Context(), t, s.Address, evidence.DNSNames, "bad.example.com", "good.example.com")
	require.Len(t, names, 1)
	require.Len(t, problems, 1)
}

func TestNobodyThere(t *testing.T) {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	address := socket.LocalAddr().String()
	require.NoError(t, socket.Close())
	_, problems := read(t.Context(), t, address, evidence.DNSNames, "portal.example.com")
	require.Equal(t, evidence.Unreachable, problems[0].Kind)
}

func TestGarbage(t *testing.T) {
	socket, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			_, _ = socket.WriteTo(append(buffer[:2:n], "garbage"...), from) // with the right ID
		}
	}()
	_, problems := read(t.Context(), t, socket.LocalAddr().String(), evidence.DNSCAA, "portal.example.com")
	require.Equal(t, evidence.Invalid, problems[0].Kind)
}

func TestCancelled(t *testing.T) {
	s := dnstest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Behave(func(*mdns.Msg) *mdns.Msg { cancel(); return nil })
	begin := time.Now()
	_, problems := read(ctx, t, s.Address, evidence.DNSNames, "portal.example.com")
	require.Equal(t, evidence.Cancelled, problems[0].Kind)
	require.Less(t, time.Since(begin), time.Second, "it does not wait for the server")
}

func TestTargetsThatCannotBeUsed(t *testing.T) {
	for wanted, at := range map[string]target.DNS{
		"there are none": {},
		"no domain name": {Names: []string{"a..b"}},
		"give host:port": {Names: []string{"a.test"}, Server: "10.0.0.1"},
	} {
		_, err := dns.New(t.Context(), at)
		require.ErrorContains(t, err, wanted)
	}
	c, err := dns.New(t.Context(), target.DNS{Names: []string{"a.test"}})
	require.NoError(t, err, "the machine has a name server")
	who, err := c.Identity(t.Context())
	require.NoError(t, err)
	require.Equal(t, "anonymous", who)
}
