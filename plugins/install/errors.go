package install

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"gatehouse/plugins/trail"
)

// ErrInvalid means that the request or the settings are wrong.
var ErrInvalid = errors.New("it cannot be done as it is asked for")

// RefusedError means that a rule said no, or that the portal did not load what it
// should. To try again changes nothing.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

// ExitCode is what the installer ends with.
func ExitCode(err error) int {
	var refused *RefusedError
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &refused):
		return ExitRefused
	case errors.Is(err, ErrInvalid):
		return ExitInvalid
	}
	return ExitUnavailable
}

// ended tells whether the work was ended from outside: nothing is known then.
func ended(ctx context.Context) bool { return ctx.Err() != nil }

// visible makes a stranger's text one that the audit trail takes: no secrets, no
// characters that are not seen, and not too long.
func visible(text string) string {
	text = strings.Map(func(r rune) rune {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, trail.Redact(strings.ToValidUTF8(text, "?"))) // before it is cut: half a secret looks like none
	const limit = 4000
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit], "") + "…"
}

// named makes a stranger's name one that the audit trail takes.
func named(actor string) string {
	actor = strings.Join(strings.Fields(visible(actor)), " ")
	const limit = 200
	if len(actor) <= limit {
		return actor
	}
	return strings.ToValidUTF8(actor[:limit], "") + "…"
}
