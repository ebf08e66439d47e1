package kubernetes

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"

	"gatehouse/checks/evidence"
)

// problem says why something could not be read. What names it as kubectl does:
// "list pods".
func (c *Collector) problem(what string, err error) error {
	if err == nil {
		return nil
	}
	p := evidence.Problem{Kind: c.kind(err), Message: fmt.Sprintf("%s: %v", what, err)}
	switch p.Kind {
	case evidence.Denied:
		if apierrors.IsUnauthorized(err) {
			p.Remedy = "log in again: the API server does not accept the kubeconfig's credentials"
		} else {
			p.Remedy = "grant the identity the right to " + what
		}
	case evidence.Unsupported:
		p.Remedy = "install what brings this kind"
	case evidence.Throttled:
		p.Remedy = "run again later"
	case evidence.Unreachable:
		p.Remedy = "check the kubeconfig's address, and that this machine may reach it"
	}
	return p
}

func (c *Collector) kind(err error) evidence.Kind {
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.Is(err, context.Canceled):
		return evidence.Cancelled
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		return evidence.Denied
	case apierrors.IsTooManyRequests(err):
		return evidence.Throttled
	case errors.Is(err, context.DeadlineExceeded) && c.watch.throttled.Load() > 0:
		return evidence.Throttled
	case apierrors.IsTimeout(err), apierrors.IsServerTimeout(err):
		return evidence.TimedOut
	case apierrors.IsServiceUnavailable(err):
		return evidence.Unreachable
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return evidence.Unsupported
	case tooLarge(err):
		return evidence.Invalid
	case errors.As(err, &certificate), errors.As(err, &authority):
		return evidence.Unreachable
	}
	kind := evidence.Problems(err)[0].Kind
	var status apierrors.APIStatus
	if kind == evidence.Failed && !errors.As(err, &status) {
		return evidence.Invalid // neither the network nor an answer of the API's own form
	}
	return kind
}
