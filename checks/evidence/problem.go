package evidence

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
)

// Kind is why something could not be read.
type Kind string

// The kinds of problem.
const (
	// Denied: the identity may not read it.
	Denied Kind = "denied"
	// Throttled: the system asked to come back later, and still did at the end.
	Throttled Kind = "throttled"
	// TimedOut: no answer within the limit.
	TimedOut Kind = "timed out"
	// Unreachable: no connection, or it broke.
	Unreachable Kind = "unreachable"
	// Invalid: an answer that cannot be understood.
	Invalid Kind = "invalid answer"
	// Unsupported: the system does not know the question.
	Unsupported Kind = "not supported"
	// NotConfigured: nobody said where it is; or what it needs is not installed.
	NotConfigured Kind = "not configured"
	// Cancelled: the run was ended before it was read.
	Cancelled Kind = "cancelled"
	// NotCollected: a checker asked for what it does not declare: its own mistake.
	NotCollected Kind = "not collected"
	// Failed: the system answered with another error.
	Failed Kind = "failed"
)

// Problem is why something could not be read. It is an error, so that readers
// return it; several are joined with [errors.Join].
type Problem struct {
	Kind Kind
	// Message is one sentence without a full stop that names what was not read.
	Message string
	// Remedy says what to do; may be empty.
	Remedy string
}

func (p Problem) Error() string { return string(p.Kind) + ": " + p.Message }

// Problems takes an error of a reader apart. What is not a [Problem] yet becomes
// one by what the standard library says of it.
func Problems(err error) []Problem {
	if err == nil {
		return nil
	}
	if joined, is := err.(interface{ Unwrap() []error }); is {
		var all []Problem
		for _, each := range joined.Unwrap() {
			all = append(all, Problems(each)...)
		}
		return all
	}
	var p Problem
	if errors.As(err, &p) {
		return []Problem{p}
	}
	return []Problem{{Kind: kindOf(err), Message: err.Error()}}
}

func kindOf(err error) Kind {
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &network) && network.Timeout():
		return TimedOut
	case errors.Is(err, os.ErrPermission):
		return Denied
	case errors.As(err, &network), errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNREFUSED),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return Unreachable
	default:
		return Failed
	}
}
