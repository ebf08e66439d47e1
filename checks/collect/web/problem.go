package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"gatehouse/checks/evidence"
)

// problem says why something could not be read. What names it, without secrets:
// "GET https://portal.example.com/api/health".
func (c *Collector) problem(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	var made evidence.Problem
	if errors.As(err, &made) {
		return err
	}
	kind, remedy := classify(ctx, err)
	return failure{evidence.Problem{
		Kind: kind, Remedy: remedy,
		Message: c.withoutSecrets(ctx, fmt.Sprintf("%s: %v", what, err)),
	}, err}
}

// failure is a problem that still knows its cause.
type failure struct {
	problem evidence.Problem
	cause   error
}

func (f failure) Error() string { return f.problem.Error() }
func (f failure) Unwrap() error { return f.cause }

// As gives the problem to whom wants one.
func (f failure) As(wanted any) bool {
	p, is := wanted.(*evidence.Problem)
	if is {
		*p = f.problem
	}
	return is
}

func classify(ctx context.Context, err error) (evidence.Kind, string) {
	var (
		network     net.Error
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		hostname    x509.HostnameError
		record      tls.RecordHeaderError
	)
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, context.Canceled):
		return evidence.Cancelled, ""
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded):
		return evidence.TimedOut, ""
	case errors.Is(err, errThrottled):
		return evidence.Throttled, "wait, or let the checks' address through the rate limit"
	case errors.As(err, &certificate), errors.As(err, &hostname):
		return evidence.Invalid, "mend the certificate, or set web.ca to the authority that signed it"
	case errors.As(err, &record), refused(err):
		return evidence.Invalid, "check that the port speaks TLS"
	case errors.As(err, &name):
		if name.IsTimeout {
			return evidence.TimedOut, "check the name server"
		}
		return evidence.Unreachable, "check the name in DNS, or give its address in web.resolve"
	case errors.As(err, &network) && network.Timeout():
		return evidence.TimedOut, ""
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return evidence.Unreachable, "check that the portal is up and lets this machine in"
	default:
		return evidence.Invalid, ""
	}
}

// withoutSecrets takes the smoke tests' secrets out of a text: a server may send
// back what it was sent.
func (c *Collector) withoutSecrets(ctx context.Context, text string) string {
	for _, secret := range []interface {
		Resolve(context.Context) (string, error)
	}{c.target.Token, c.target.Password} {
		if value, err := secret.Resolve(ctx); err == nil && value != "" {
			text = strings.ReplaceAll(text, value, "***")
		}
	}
	return text
}
