package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"slices"

	"gatehouse/checks/evidence"
)

// versions are all that crypto/tls speaks. Suites of plain Diffie-Hellman it
// does not: a server with no other in an old version seems to refuse it.
var versions = []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12, tls.VersionTLS13}

func readersOfTLS(c *Collector) []evidence.Reader {
	return []evidence.Reader{
		evidence.Read(evidence.TLSHosts, "TLS handshakes with 1.0 to 1.3, and with each weak cipher suite, to each host",
			func(ctx context.Context) ([]evidence.TLSHost, error) {
				if err := c.quiet.Acquire(ctx, 1); err != nil {
					return nil, c.problem(ctx, "TLS handshakes", err)
				}
				defer c.quiet.Release(1)
				return each(ctx, c.hosts(), c.tlsHost)
			}),
	}
}

// tlsHost shakes hands once in every version. Every handshake fails when the
// host is down; only when one succeeds do the others' failures mean anything.
func (c *Collector) tlsHost(ctx context.Context, at *url.URL) (evidence.TLSHost, error) {
	host := evidence.TLSHost{Host: at.Hostname(), Accepted: []string{}, Refused: []string{}, WeakCiphers: []string{}}
	errs := map[uint16]error{}
	for _, version := range versions {
		state, err := c.handshake(ctx, at, &tls.Config{
			MinVersion: version, MaxVersion: version, CipherSuites: suites(), NextProtos: []string{"h2", "http/1.1"},
		})
		if err != nil {
			errs[version] = err
			continue
		}
		host.Accepted = append(host.Accepted, tls.VersionName(version))
		c.describe(&host, at, state) // of the newest
	}
	if len(host.Accepted) == 0 {
		return host, c.problem(ctx, "TLS handshake with "+at.Host, errs[tls.VersionTLS13])
	}
	var problems []error
	for _, version := range versions {
		switch err := errs[version]; {
		case err == nil:
		case ctx.Err() == nil && (refused(err) || broken(err)):
			host.Refused = append(host.Refused, tls.VersionName(version))
		default:
			problems = append(problems, some{c.problem(ctx, tls.VersionName(version)+" handshake with "+at.Host, err)})
		}
	}
	if err := c.weakCiphers(ctx, at, &host); err != nil {
		problems = append(problems, some{c.problem(ctx, "weak cipher suites of "+at.Host, err)})
	}
	return host, errors.Join(problems...)
}

// weakCiphers offers nothing but weak suites until the host takes none.
func (c *Collector) weakCiphers(ctx context.Context, at *url.URL, host *evidence.TLSHost) error {
	var offer []uint16
	for _, suite := range tls.InsecureCipherSuites() {
		offer = append(offer, suite.ID)
	}
	for len(offer) > 0 {
		state, err := c.handshake(ctx, at, &tls.Config{
			MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12, CipherSuites: offer,
		})
		if err != nil && ctx.Err() == nil && (refused(err) || broken(err)) {
			break
		}
		if err != nil {
			return err
		}
		host.WeakCiphers = append(host.WeakCiphers, tls.CipherSuiteName(state.CipherSuite))
		offer = slices.DeleteFunc(offer, func(id uint16) bool { return id == state.CipherSuite })
	}
	host.CiphersTried = true
	return nil
}

// handshake shakes hands and verifies nothing: what it finds is described.
func (c *Collector) handshake(ctx context.Context, at *url.URL, config *tls.Config) (tls.ConnectionState, error) {
	address := at.Host
	if at.Port() == "" {
		address = net.JoinHostPort(at.Hostname(), "443")
	}
	plain, err := c.client.dial(ctx, "tcp", address)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer func() { _ = plain.Close() }()
	config.ServerName, config.InsecureSkipVerify = at.Hostname(), true
	connection := tls.Client(plain, config)
	if err := connection.HandshakeContext(ctx); err != nil {
		return tls.ConnectionState{}, err
	}
	return connection.ConnectionState(), nil
}

// describe keeps what a handshake says of the host and its certificates.
func (c *Collector) describe(host *evidence.TLSHost, at *url.URL, state tls.ConnectionState) {
	host.Stapled, host.ALPN = len(state.OCSPResponse) > 0, state.NegotiatedProtocol
	host.Chain, host.Untrusted = nil, ""
	others := x509.NewCertPool()
	for i, each := range state.PeerCertificates {
		host.Chain = append(host.Chain, certificate(each))
		if i > 0 {
			others.AddCert(each)
		}
	}
	_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: at.Hostname(), Roots: c.roots, Intermediates: others})
	if err != nil {
		host.Untrusted = err.Error()
	}
}

// suites are all that there are: a version is not refused because of them.
func suites() []uint16 {
	var all []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all = append(all, suite.ID)
	}
	return all
}
