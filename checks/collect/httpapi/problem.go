package httpapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"gatehouse/checks/evidence"
)

// refusal is the problem of an answer that is no answer to the question, nil
// when it may be one. Prometheus itself explains 400 and 422 in the body.
func refusal(r *http.Response) error {
	switch {
	case r.StatusCode < 300, r.StatusCode == http.StatusBadRequest, r.StatusCode == http.StatusUnprocessableEntity:
		return nil
	default:
		return refused(r)
	}
}

func refused(r *http.Response) evidence.Problem {
	what := fmt.Sprintf("%s answered %s", r.Request.URL.Path, r.Status)
	switch {
	case r.StatusCode >= 300 && r.StatusCode < 400: // to a page where people sign in: the token is not for it
		return evidence.Problem{
			Kind: evidence.Denied, Message: what + ", which leads elsewhere",
			Remedy: "name the API itself, not what signs people in before it",
		}
	case r.StatusCode == http.StatusUnauthorized, r.StatusCode == http.StatusForbidden, r.StatusCode == http.StatusProxyAuthRequired:
		return evidence.Problem{Kind: evidence.Denied, Message: what, Remedy: "give a token that may read it"}
	case r.StatusCode == http.StatusTooManyRequests:
		return evidence.Problem{Kind: evidence.Throttled, Message: what}
	case r.StatusCode == http.StatusNotFound, r.StatusCode == http.StatusMethodNotAllowed, r.StatusCode == http.StatusGone,
		r.StatusCode == http.StatusNotImplemented:
		return evidence.Problem{Kind: evidence.Unsupported, Message: what, Remedy: "look at the URL: the API may lie below a path"}
	case r.StatusCode == http.StatusBadGateway, r.StatusCode == http.StatusServiceUnavailable:
		return evidence.Problem{Kind: evidence.Unreachable, Message: what}
	case r.StatusCode == http.StatusGatewayTimeout:
		return evidence.Problem{Kind: evidence.TimedOut, Message: what}
	default:
		return evidence.Problem{Kind: evidence.Failed, Message: what}
	}
}

// Explain makes a problem of an error that asking for something gave. What is
// one already, and what the standard library explains, stays.
func Explain(ctx context.Context, what string, err error) error {
	var (
		problem   evidence.Problem
		syntax    *json.SyntaxError
		shape     *json.UnmarshalTypeError
		untrusted *tls.CertificateVerificationError
		record    tls.RecordHeaderError
	)
	invalid := func(why string) error {
		return evidence.Problem{Kind: evidence.Invalid, Message: what + ": " + why}
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problem):
		return problem
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errTooLarge):
		return invalid(fmt.Sprintf("the answer has more than %d MiB", MostBytes>>20))
	case errors.As(err, &syntax), errors.As(err, &shape):
		return invalid(err.Error())
	case errors.As(err, &untrusted), errors.As(err, &record):
		return evidence.Problem{
			Kind: evidence.Unreachable, Message: what + ": " + err.Error(),
			Remedy: "name the CA that signed its certificate, and look at the scheme of the URL",
		}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return evidence.Problem{Kind: evidence.Unreachable, Message: what + ": the connection broke"}
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}
