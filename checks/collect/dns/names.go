package dns

import (
	"context"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"gatehouse/checks/evidence"
)

// longestChain is how many aliases are followed; resolvers stop about there too.
const longestChain = 8

// name asks for a name's addresses.
func (c *Collector) name(ctx context.Context, name string) (evidence.DNSName, error) {
	found := evidence.DNSName{Name: name, Exists: true, Addresses: []string{}, Authenticated: true}
	for _, kind := range []uint16{dns.TypeA, dns.TypeAAAA} {
		if err := c.follow(ctx, name, kind, &found); err != nil {
			return found, err
		}
		if !found.Exists {
			break
		}
	}
	slices.Sort(found.Addresses)
	found.Authenticated = found.Authenticated && found.Exists
	return found, nil
}

// follow asks for a name's addresses of one kind, and then for those of the
// alias at the end, when the server has not followed it itself.
func (c *Collector) follow(ctx context.Context, name string, kind uint16, found *evidence.DNSName) error {
	at := name
	var aliases []string
	for range longestChain {
		got, err := c.ask(ctx, at, kind)
		if err != nil {
			return err
		}
		found.Authenticated = found.Authenticated && got.AuthenticatedData
		end, addresses := read(got, at, &aliases, found)
		found.Addresses = append(found.Addresses, addresses...)
		switch {
		case got.Rcode == dns.RcodeNameError && len(aliases) == 0:
			found.Exists = false
			return nil
		case got.Rcode == dns.RcodeNameError:
			found.Dangling = end
		}
		if len(addresses) > 0 || end == at || found.Dangling != "" {
			break
		}
		at = end
	}
	if len(aliases) > len(found.Aliases) {
		found.Aliases = aliases
	}
	return nil
}

// read walks an answer's aliases from a name, and returns where they end and the
// addresses there.
func read(got *dns.Msg, at string, aliases *[]string, found *evidence.DNSName) (string, []string) {
	var addresses []string
	for range longestChain {
		next := ""
		for _, record := range got.Answer {
			head := record.Header()
			if !strings.EqualFold(strings.TrimSuffix(head.Name, "."), at) {
				continue
			}
			found.TTL = max(found.TTL, int(head.Ttl))
			switch r := record.(type) {
			case *dns.CNAME:
				next = strings.TrimSuffix(r.Target, ".")
			case *dns.A:
				addresses = append(addresses, r.A.String())
			case *dns.AAAA:
				addresses = append(addresses, r.AAAA.String())
			}
		}
		if next == "" || len(addresses) > 0 {
			break
		}
		*aliases = append(*aliases, next)
		at = next
	}
	return at, addresses
}

// caa asks for who may issue certificates, from the name upwards until somebody
// says (RFC 8659, 3). Nobody asks a top-level domain.
func (c *Collector) caa(ctx context.Context, name string) (evidence.CAA, error) {
	found := evidence.CAA{Name: name}
	for at := name; strings.Contains(at, "."); _, at, _ = strings.Cut(at, ".") {
		got, err := c.ask(ctx, at, dns.TypeCAA)
		if err != nil {
			return found, err
		}
		for _, record := range got.Answer {
			r, is := record.(*dns.CAA)
			if !is {
				continue
			}
			found.At = at
			switch r.Tag {
			case "issue":
				found.Issuers = append(found.Issuers, r.Value)
			case "issuewild":
				found.Wild = append(found.Wild, r.Value)
			}
		}
		if found.At != "" {
			break
		}
	}
	return found, nil
}
