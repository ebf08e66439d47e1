// Package dns reads how the portal's names resolve, from the name server of the
// target or the machine's own.
//
// What the answers mean is for the judges.
package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/miekg/dns"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// resolvConf says who the machine's own name servers are.
const resolvConf = "/etc/resolv.conf"

// Collector asks one name server. Make it with [New] and end it with
// [Collector.Close].
type Collector struct {
	names  []string
	server string // host:port
}

// New makes a collector. It does not ask: a reader does, and fails when nobody
// answers. An error means that the target names nothing to ask, or nobody.
func New(_ context.Context, at target.DNS) (*Collector, error) {
	c := &Collector{server: at.Server}
	for _, name := range at.Names {
		if _, good := dns.IsDomainName(name); !good || name == "" {
			return nil, fmt.Errorf("read dns.names: %q is no domain name", name)
		}
		c.names = append(c.names, strings.TrimSuffix(name, "."))
	}
	if len(c.names) == 0 {
		return nil, errors.New("read dns.names: there are none; give the portal's and the API's host names")
	}
	if c.server == "" {
		config, err := dns.ClientConfigFromFile(resolvConf)
		if err != nil || len(config.Servers) == 0 {
			return nil, fmt.Errorf("find the machine's name server in %s; set dns.server to host:port: %w", resolvConf, err)
		}
		c.server = net.JoinHostPort(config.Servers[0], config.Port)
	}
	if _, _, err := net.SplitHostPort(c.server); err != nil {
		return nil, fmt.Errorf("read dns.server: give host:port: %w", err)
	}
	return c, nil
}

// Readers are those of every subject.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.DNSNames, "A and AAAA of "+strings.Join(c.names, ", ")+" at "+c.server,
			func(ctx context.Context) ([]evidence.DNSName, error) { return each(ctx, c.names, c.name) }),
		evidence.Read(evidence.DNSCAA, "CAA of "+strings.Join(c.names, ", ")+" and their parents at "+c.server,
			func(ctx context.Context) ([]evidence.CAA, error) { return each(ctx, c.names, c.caa) }),
	}
}

// Identity says who asks: name servers do not know.
func (c *Collector) Identity(context.Context) (string, error) { return "anonymous", nil }

// Close has nothing to end: every question has a connection of its own.
func (c *Collector) Close() {}
