// Package names is the sandbox's DNS: it answers for the names of one
// environment with the loopback address, and for nothing else.
package names

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"gatehouse/sandbox/process"
)

// ttl is how long answers hold, in seconds.
const ttl = 60

// Issuer may issue certificates for the names, as their CAA records say; Amazon
// does for those of a real environment.
const Issuer = "amazon.com"

// Serve answers over UDP and TCP on listen, host:port, until ctx ends. It
// returns ctx's error then. What lies below none of the hosts is refused.
func Serve(ctx context.Context, listen string, hosts []string) error {
	packets, err := net.ListenPacket("udp", listen)
	if err != nil {
		return fmt.Errorf("serve names: %w", err)
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		_ = packets.Close()
		return fmt.Errorf("serve names: %w", err)
	}
	zone := zoneOf(hosts)
	group, ctx := errgroup.WithContext(ctx)
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: zone}, {Listener: listener, Handler: zone}} {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		group.Go(func() error {
			if err := server.ActivateAndServe(); err != nil && ctx.Err() == nil {
				return fmt.Errorf("serve names: %w", err)
			}
			return ctx.Err()
		})
		group.Go(func() error {
			select {
			case <-started: // before that there is nothing to end
				<-ctx.Done()
			case <-ctx.Done():
			}
			_ = server.Shutdown()
			_ = packets.Close()
			_ = listener.Close()
			return ctx.Err()
		})
	}
	return group.Wait()
}

// zone answers for hosts.
type zone struct{ hosts []string }

func zoneOf(hosts []string) zone {
	var z zone
	for _, host := range hosts {
		z.hosts = append(z.hosts, dns.CanonicalName(host))
	}
	return z
}

// ServeDNS answers one question.
func (z zone) ServeDNS(w dns.ResponseWriter, asked *dns.Msg) {
	reply := new(dns.Msg).SetReply(asked)
	reply.Authoritative = true
	if len(asked.Question) != 1 {
		reply.Rcode = dns.RcodeFormatError
		_ = w.WriteMsg(reply)
		return
	}
	question := asked.Question[0]
	name := dns.CanonicalName(question.Name)
	head := func(kind uint16) dns.RR_Header {
		return dns.RR_Header{Name: question.Name, Rrtype: kind, Class: dns.ClassINET, Ttl: ttl}
	}
	switch {
	case !z.ours(name):
		reply.Rcode, reply.Authoritative = dns.RcodeRefused, false
	case !slices.Contains(z.hosts, name):
		reply.Rcode = dns.RcodeNameError
	case question.Qtype == dns.TypeA:
		reply.Answer = append(reply.Answer, &dns.A{Hdr: head(dns.TypeA), A: net.ParseIP(process.Loopback)})
	case question.Qtype == dns.TypeCAA:
		reply.Answer = append(reply.Answer, &dns.CAA{Hdr: head(dns.TypeCAA), Tag: "issue", Value: Issuer})
	}
	_ = w.WriteMsg(reply)
}

// ours tells whether a name is one of the hosts or below one.
func (z zone) ours(name string) bool {
	return slices.ContainsFunc(z.hosts, func(host string) bool { return name == host || strings.HasSuffix(name, "."+host) })
}

// Healthy asks the server at address for a name.
func Healthy(ctx context.Context, address, host string) error {
	question := new(dns.Msg).SetQuestion(dns.Fqdn(host), dns.TypeA)
	reply, _, err := new(dns.Client).ExchangeContext(ctx, question, address)
	if err != nil {
		return fmt.Errorf("names: %w", err)
	}
	if reply.Rcode != dns.RcodeSuccess || len(reply.Answer) == 0 {
		return fmt.Errorf("names: no address of %s: %s", host, dns.RcodeToString[reply.Rcode])
	}
	return nil
}
