package aws

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/smithy-go"
)

// method is an operation of an AWS SDK client, as a method expression: (*ec2.Client).CreateVpc.
type method[C, I, O, P any] = func(*C, context.Context, *I, ...func(*P)) (*O, error)

// call calls an operation, within the time limit, and makes its error readable.
func call[C, I, O, P any](ctx context.Context, r *request, do method[C, I, O, P], in *I) (*O, error) {
	limited, cancel := context.WithTimeoutCause(ctx, callLimit, errStalled)
	defer cancel()
	out, err := do(clientOf[C](r.clients), limited, in)
	if err == nil {
		return out, nil
	}
	operation := "an operation"
	if op := (*smithy.OperationError)(nil); errors.As(err, &op) {
		operation = strings.ToLower(strings.ReplaceAll(op.ServiceID, " ", "")) + ":" + op.OperationName
	}
	api := smithy.APIError(nil)
	switch {
	case errors.Is(context.Cause(limited), errStalled):
		return nil, fmt.Errorf("aws api at %s did not answer %s in %s: see `gatehouse sandbox status`", r.endpoint, operation, callLimit)
	case errors.As(err, &api) && api.ErrorCode() != "UnknownError": // that code stands for an answer without one
		return nil, &apiError{operation: operation, api: api}
	default:
		return nil, fmt.Errorf("call %s at %s: %w", operation, r.endpoint, err)
	}
}

var errStalled = errors.New("the emulator did not answer in time")

// apiError is an answer of AWS, told in one line: "rds:CreateDBInstance: DBInstanceAlreadyExists: …".
type apiError struct {
	operation string
	api       smithy.APIError
}

func (e *apiError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.operation, e.api.ErrorCode(), e.api.ErrorMessage())
}

func (e *apiError) Unwrap() error { return e.api }

// errGone says that a resource does not exist, where AWS answers with an empty list.
var errGone = errors.New("does not exist")

// isGone reports whether an error means that the resource does not exist.
func isGone(err error) bool {
	api := smithy.APIError(nil)
	if errors.As(err, &api) && strings.Contains(api.ErrorMessage(), "not owned by the current account") {
		return true // GuardDuty's way to say it
	}
	return errors.Is(err, errGone) ||
		codeHas(err, "NotFound", "NoSuch", "Nonexistent", "DoesNotExist", "NotConfigured", "UnknownResource")
}

// exists reports whether an error means that the resource exists already.
func exists(err error) bool {
	return codeHas(err, "AlreadyExist", "AlreadyOwnedByYou", "Duplicate", "ResourceInUse", "ResourceExists", "ResourceConflict")
}

func codeHas(err error, parts ...string) bool {
	api := smithy.APIError(nil)
	if !errors.As(err, &api) {
		return false
	}
	for _, part := range parts {
		if strings.Contains(api.ErrorCode(), part) {
			return true
		}
	}
	return false
}
