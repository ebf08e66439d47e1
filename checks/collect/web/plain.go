package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"syscall"

	"gatehouse/checks/evidence"
)

func readersOfPlain(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.PlainAnswers, "GET http://HOST/ on port 80 of each host, not following",
			func(ctx context.Context) ([]evidence.PlainAnswer, error) {
				return each(ctx, c.hosts(), c.plain)
			}),
	}
}

func (c *Collector) plain(ctx context.Context, host *url.URL) (evidence.PlainAnswer, error) {
	name := host.Hostname()
	said := evidence.PlainAnswer{Host: name}
	// An address that was given for the host is that of TLS: to speak plainly to it
	// would prove nothing.
	if c.target.Resolve[name] != "" && c.target.Resolve[net.JoinHostPort(name, "80")] == "" {
		return said, missing("nobody said where plain HTTP of "+name+" is", fmt.Sprintf("add web.resolve[%q]", name+":80"))
	}
	got, err := c.get(ctx, "http://"+hostPort(name)+"/")
	if closed(err) {
		said.Closed = true
		return said, nil
	}
	said.Status, said.Location = got.Status, got.Header.Get("Location")
	return said, err
}

// hostPort is a host as URLs have it: IPv6 in brackets.
func hostPort(name string) string {
	if ip := net.ParseIP(name); ip != nil && ip.To4() == nil {
		return "[" + name + "]"
	}
	return name
}

// closed tells whether a connection was refused.
func closed(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }
