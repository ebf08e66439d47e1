// Package dnstest gives tests a real name server on loopback, whose zone and
// manners they choose.
package dnstest

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"
)

// Manner answers a question in place of the zone; nil stays silent.
type Manner func(question *dns.Msg) *dns.Msg

// Server answers over UDP and TCP.
type Server struct {
	// Address is host:port.
	Address string

	mu     sync.Mutex
	zone   []dns.RR
	manner Manner
}

// New starts a server that knows records, written as in a zone file. It ends
// with the test.
func New(t testing.TB, records ...string) *Server {
	t.Helper()
	s := &Server{}
	s.Set(t, records...)
	tcp, udp := listen(t)
	s.Address = tcp.Addr().String()
	for _, server := range []*dns.Server{{Listener: tcp}, {PacketConn: udp}} {
		started := make(chan struct{})
		server.Handler, server.NotifyStartedFunc = dns.HandlerFunc(s.serve), func() { close(started) }
		go func() { _ = server.ActivateAndServe() }()
		<-started // before, it could not be shut down
		t.Cleanup(func() { _ = server.Shutdown() })
	}
	return s
}

// listen takes a port that is free in both protocols.
func listen(t testing.TB) (net.Listener, net.PacketConn) {
	t.Helper()
	var err error
	for range 20 {
		var tcp net.Listener
		tcp, err = net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		var udp net.PacketConn
		if udp, err = net.ListenPacket("udp", tcp.Addr().String()); err == nil {
			return tcp, udp
		}
		_ = tcp.Close()
	}
	require.NoError(t, err)
	return nil, nil
}

// Set gives the server other records.
func (s *Server) Set(t testing.TB, records ...string) {
	t.Helper()
	var zone []dns.RR
	for _, text := range records {
		record, err := dns.NewRR(text)
		require.NoError(t, err)
		zone = append(zone, record)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zone = zone
}

// Behave has the server answer in another manner; nil is as the zone says.
func (s *Server) Behave(m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner = m
}

// Silent answers nothing.
func Silent(*dns.Msg) *dns.Msg { return nil }

// Says answers with a code alone, such as [dns.RcodeRefused].
func Says(code int) Manner {
	return func(question *dns.Msg) *dns.Msg { return new(dns.Msg).SetRcode(question, code) }
}

func (s *Server) serve(w dns.ResponseWriter, question *dns.Msg) {
	s.mu.Lock()
	manner := s.manner
	if manner == nil {
		manner = s.ask
	}
	got := manner(question)
	s.mu.Unlock()
	if got != nil {
		_ = w.WriteMsg(got)
	}
}

// ask answers by the zone, as a resolver would: aliases are followed.
func (s *Server) ask(question *dns.Msg) *dns.Msg {
	got := new(dns.Msg).SetReply(question)
	name, known := question.Question[0].Name, false
	for range 8 {
		next := ""
		known = false
		for _, record := range s.zone {
			head := record.Header()
			if !strings.EqualFold(head.Name, name) {
				known = known || dns.IsSubDomain(name, head.Name) && strings.Contains(strings.TrimSuffix(name, "."), ".")
				continue
			}
			known = true
			if alias, is := record.(*dns.CNAME); is {
				next = alias.Target
				got.Answer = append(got.Answer, record)
			} else if head.Rrtype == question.Question[0].Qtype {
				got.Answer = append(got.Answer, record)
			}
		}
		if next == "" {
			break
		}
		name = next
	}
	if !known {
		got.Rcode = dns.RcodeNameError
	}
	return got
}
