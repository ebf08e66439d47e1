package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"gatehouse/checks/evidence"
)

// failure is a call's error with the problem that it means. It is found as both.
type failure struct {
	problem evidence.Problem
	cause   error
}

func (f failure) Error() string { return f.problem.Error() }
func (f failure) Unwrap() error { return f.cause }
func (f failure) As(to any) bool {
	problem, wanted := to.(*evidence.Problem)
	if wanted {
		*problem = f.problem
	}
	return wanted
}

// lastKey holds the error of a call's last attempt in its context.
type lastKey struct{}

// explain makes every call of a client fail with a [failure]. It remembers the
// last attempt: when time runs out between two tries, what AWS last said is why.
func explain(stack *middleware.Stack, region string) error {
	outer := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		var last error
		out, meta, err := next.HandleInitialize(context.WithValue(ctx, lastKey{}, &last), in)
		if err != nil {
			err = failure{problem: problemOf(call(ctx, region), err, last), cause: err}
		}
		return out, meta, err
	}
	inner := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		out, meta, err := next.HandleFinalize(ctx, in)
		if last, ok := ctx.Value(lastKey{}).(*error); ok && err != nil {
			*last = err
		}
		return out, meta, err
	}
	// After the SDK's own, which says which service and action this is.
	if err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("GatehouseExplain", outer), middleware.After); err != nil {
		return err
	}
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("GatehouseLast", inner), "Retry", middleware.After)
}

// call names a call: "rds:DescribeDBInstances in us-west-2".
func call(ctx context.Context, region string) string {
	if r := awsmiddleware.GetRegion(ctx); r != "" {
		region = r
	}
	service := strings.ToLower(strings.ReplaceAll(awsmiddleware.GetServiceID(ctx), " ", ""))
	return fmt.Sprintf("%s:%s in %s", service, awsmiddleware.GetOperationName(ctx), region)
}

// problemOf says what an error of a call means. Last is the error of its last
// attempt, and may be nil.
func problemOf(call string, err, last error) evidence.Problem {
	kind := kindOf(err)
	if kind == evidence.TimedOut && last != nil && kindOf(last) == evidence.Throttled {
		kind, err = evidence.Throttled, last
	}
	p := evidence.Problem{Kind: kind}
	switch kind {
	case evidence.Denied:
		p.Message = fmt.Sprintf("%s was refused: %s", call, words(err))
	case evidence.Throttled:
		p.Message = fmt.Sprintf("%s was throttled to the end: %s", call, words(err))
		p.Remedy = "try again later, or ask AWS for a higher quota"
	case evidence.TimedOut:
		p.Message = call + " gave no answer in time"
	case evidence.Unreachable:
		p.Message = fmt.Sprintf("%s could not be asked: %s", call, words(err))
		p.Remedy = "look at the network, the proxy and the region"
	case evidence.Invalid:
		p.Message = fmt.Sprintf("%s answered what is not AWS's: %s", call, words(err))
	case evidence.Unsupported:
		p.Message = fmt.Sprintf("%s is not known there: %s", call, words(err))
	case evidence.NotConfigured:
		p.Message = fmt.Sprintf("%s has no credentials: %s", call, words(err))
		p.Remedy = "sign in, e.g. with aws sso login, or set AWS_PROFILE"
	case evidence.Cancelled:
		p.Message = call + " was cancelled"
	default:
		p.Message = fmt.Sprintf("%s failed: %s", call, words(err))
	}
	return p
}

// Codes of AWS that mean the same everywhere; parts of codes, because services
// write them in several ways (AccessDenied, AccessDeniedException).
var (
	deniedCodes = []string{
		"AccessDenied", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError", "AuthFailure", "Forbidden",
		"InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch", "ExpiredToken", "InvalidAccessKeyId",
		"IncompleteSignature", "MissingAuthenticationToken", "OptInRequired",
	}
	unsupportedCodes = []string{"UnknownOperation", "InvalidAction", "UnknownAction", "NotImplemented", "UnsupportedOperation"}
)

func kindOf(err error) evidence.Kind {
	var api smithy.APIError
	var decode *smithy.DeserializationError
	status := 0
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		status = response.HTTPStatusCode()
	}
	code := ""
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	_, throttle := retry.DefaultThrottleErrorCodes[code]
	switch {
	case errors.Is(err, context.Canceled):
		return evidence.Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		return evidence.TimedOut
	case throttle, code == "SlowDown", status == http.StatusTooManyRequests:
		return evidence.Throttled
	case containsAny(code, deniedCodes), status == http.StatusUnauthorized, status == http.StatusForbidden:
		return evidence.Denied
	case containsAny(code, unsupportedCodes), status == http.StatusNotImplemented, status == http.StatusMethodNotAllowed:
		return evidence.Unsupported
	case unimplemented(err, status):
		return evidence.Unsupported
	case status != 0 && code != "" && code != "UnknownError":
		return evidence.Failed
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isSend(err):
		return unreachable(err)
	case errors.Is(err, errTooLarge), errors.As(err, &decode), status/100 == 2:
		return evidence.Invalid
	case strings.Contains(err.Error(), "get identity"), strings.Contains(err.Error(), "failed to refresh cached credentials"):
		return evidence.NotConfigured
	default:
		return evidence.Problems(root(err))[0].Kind
	}
}

func containsAny(code string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(code, part) {
			return true
		}
	}
	return false
}

// unimplemented knows emulators: they answer a path or an action that they do
// not have with an error without a code, or with a page.
func unimplemented(err error, status int) bool {
	if status/100 != 5 && status != http.StatusNotFound {
		return false
	}
	text := err.Error()
	return strings.Contains(text, "not been implemented") || strings.Contains(text, "NotImplemented") ||
		status == http.StatusNotFound && (strings.Contains(text, "UnknownError") || strings.Contains(text, "invalid character '<'"))
}

// neverKnown keeps the SDK from asking again what an emulator does not have.
func neverKnown(err error) aws.Ternary {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && kindOf(err) == evidence.Unsupported {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

func isSend(err error) bool {
	var send *smithyhttp.RequestSendError
	return errors.As(err, &send)
}

// unreachable tells a connection that was not made in time from one that broke.
func unreachable(err error) evidence.Kind {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return evidence.TimedOut
	}
	return evidence.Unreachable
}

// root is the innermost error.
func root(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// mostWords bounds what is repeated of an error.
const mostWords = 240

// words is what AWS said, or the innermost error, on one line.
func words(err error) string {
	text := root(err).Error()
	var api smithy.APIError
	if errors.As(err, &api) {
		text = api.ErrorCode() + ": " + api.ErrorMessage()
	}
	text = strings.TrimRight(strings.Join(strings.Fields(text), " "), ". ")
	if runes := []rune(text); len(runes) > mostWords {
		text = string(runes[:mostWords]) + "…"
	}
	return text
}

// hasCode tells whether AWS answered with this code. Some reads answer so for
// what is merely not set.
func hasCode(err error, codes ...string) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, code := range codes {
		if api.ErrorCode() == code {
			return true
		}
	}
	return false
}
