package redis

import (
	"errors"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"

	"gatehouse/checks/collect/bounded"
	"gatehouse/checks/evidence"
)

// problem says what an error of a node means, and of which node.
func (c *Collector) problem(address string, err error) error {
	var known evidence.Problem
	if err == nil || errors.As(err, &known) {
		return err
	}
	var said redis.Error
	switch {
	case errors.Is(err, redis.Nil):
		return evidence.Problem{Kind: evidence.Invalid, Message: address + " answers with nothing"}
	case errors.As(err, &said) && !strings.HasPrefix(err.Error(), "redis: "):
		return c.answered(address, err.Error())
	case errors.Is(err, bounded.ErrTooMuch), strings.HasPrefix(err.Error(), "redis: "):
		return evidence.Problem{Kind: evidence.Invalid, Message: address + " does not speak Redis's protocol, or says too much"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return refusal{evidence.Problem{Kind: evidence.Unreachable, Message: address + " refuses connections", Remedy: "start the node, or correct the address"}}
	case strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "x509: "):
		return evidence.Problem{Kind: evidence.Unreachable, Message: address + " offers no TLS that can be trusted", Remedy: "name the right CA and host in the targets, or turn TLS on in the node"}
	}
	kind := evidence.Problems(err)[0].Kind
	if kind == evidence.Failed {
		kind = evidence.Unreachable // what the node did not say itself, the network did
	}
	message := address + " cannot be asked"
	if kind == evidence.Unreachable {
		message += ": the connection broke or was not made"
	}
	return evidence.Problem{Kind: kind, Message: message}
}

// refusal is the problem of an address at which nobody listens.
type refusal struct{ evidence.Problem }

func (r refusal) Unwrap() error { return r.Problem }

// Is keeps what the system said, which is an answer of its own.
func (refusal) Is(target error) bool { return target == error(syscall.ECONNREFUSED) }

// answered sorts the errors of a node by their code, the first word.
func (c *Collector) answered(address, said string) error {
	user := c.target.User
	if user == "" {
		user = "default"
	}
	code, _, _ := strings.Cut(said, " ")
	p := evidence.Problem{Kind: evidence.Failed, Message: address + " says to " + user + ": " + said}
	switch code {
	case "NOAUTH", "WRONGPASS", "NOPERM", "DENIED":
		p.Kind = evidence.Denied
	case "LOADING", "BUSY", "TRYAGAIN":
		p.Kind, p.Remedy = evidence.Throttled, "ask again when it is done"
	case "CLUSTERDOWN", "MASTERDOWN":
		p.Kind = evidence.Unreachable
	}
	low := strings.ToLower(said)
	switch {
	case strings.Contains(low, "unknown command"), strings.Contains(low, "unknown subcommand"), strings.Contains(low, "cluster support disabled"):
		p.Kind = evidence.Unsupported
	case strings.Contains(low, "max number of clients"):
		p.Kind = evidence.Throttled
	case strings.HasPrefix(low, "err auth"), strings.HasPrefix(low, "err invalid password"):
		p.Kind = evidence.Denied
	}
	return p
}
