package postgres

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/checks/collect/bounded"
	"gatehouse/checks/evidence"
)

// problem says what an error of a node means, and of which node. The driver's
// own words are left out where they may hold more than that.
func (n *node) problem(err error) error { return Problem(n.address, n.config.User, err) }

// Problem turns an error of a server that speaks PostgreSQL's protocol into a
// problem of the evidence. It names the address and the login, never a password.
func Problem(address, user string, err error) error {
	var known evidence.Problem
	if err == nil || errors.As(err, &known) {
		return err
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return evidence.Problem{
			Kind: kind(server.Code, server.Message), Message: fmt.Sprintf("%s says to %s: %s (%s)", address, user, server.Message, server.Code),
			Remedy: remedy(server.Code),
		}
	}
	message := fmt.Sprintf("%s cannot be asked", address)
	switch {
	case errors.Is(err, bounded.ErrTooMuch), errors.Is(err, errStranger), garbled(err):
		return evidence.Problem{Kind: evidence.Invalid, Message: address + " does not speak PostgreSQL's protocol, or says too much"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return refusal{evidence.Problem{Kind: evidence.Unreachable, Message: address + " refuses connections", Remedy: "start the server, or correct the address"}}
	case strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "x509: "):
		return evidence.Problem{Kind: evidence.Unreachable, Message: address + " cannot be trusted: " + after(err.Error(), "tls: ", "x509: "), Remedy: "name the right CA and host in the targets"}
	case strings.Contains(err.Error(), "server refused TLS"):
		return evidence.Problem{Kind: evidence.Unreachable, Message: address + " offers no TLS", Remedy: "turn ssl on in the server"}
	}
	of := evidence.Problems(err)
	worst := evidence.Failed
	for _, each := range of {
		worst = each.Kind
	}
	if worst == evidence.Failed {
		worst = evidence.Unreachable // what the server did not say itself, the network did
	}
	if worst == evidence.Unreachable {
		message += ": the connection broke or was not made"
	}
	return evidence.Problem{Kind: worst, Message: message}
}

// refusal is the problem of an address at which nobody listens.
type refusal struct{ evidence.Problem }

func (r refusal) Unwrap() error { return r.Problem }

// Is keeps what the system said, which is an answer of its own.
func (refusal) Is(target error) bool { return target == error(syscall.ECONNREFUSED) }

// kind sorts SQLSTATEs (PostgreSQL, "Error Codes").
func kind(code, message string) evidence.Kind {
	switch {
	case code == "57014" && strings.Contains(message, "timeout"), code == "55P03":
		return evidence.TimedOut
	case code == "42501", strings.HasPrefix(code, "28"), code == "08P01" && strings.Contains(message, "not allowed"):
		return evidence.Denied
	case code == "53300", code == "53400":
		return evidence.Throttled // the login's or the server's connections are used up
	case strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"):
		return evidence.Unreachable
	case code == "42P01", code == "42703", code == "42883", code == "0A000":
		return evidence.Unsupported
	default:
		return evidence.Failed
	}
}

func remedy(code string) string {
	switch {
	case strings.HasPrefix(code, "28"):
		return "give the checks a login that the server lets in"
	case code == "53300":
		return "raise the login's CONNECTION LIMIT, or find who uses the connections"
	default:
		return ""
	}
}

func isDenied(err error) bool {
	var p evidence.Problem
	return errors.As(err, &p) && p.Kind == evidence.Denied
}

// garbled tells whether the driver did not understand the server.
func garbled(err error) bool {
	for _, words := range []string{"unknown message type", "invalid message", "unexpected message", "received unexpected", "invalid server", "unknown authentication", "invalid length", "server does not support"} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

// after is what follows the first of the marks, with the mark.
func after(text string, marks ...string) string {
	for _, mark := range marks {
		if at := strings.Index(text, mark); at >= 0 {
			return text[at:]
		}
	}
	return text
}
