package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/checks/evidence"
)

// parse reads a state resource by resource, so that what is not kept costs no
// memory.
func parse(ctx context.Context, checkpoint []byte) (*contents, error) {
	p := &parser{ctx: ctx, json: json.NewDecoder(bytes.NewReader(checkpoint)), found: newContents()}
	err := p.document()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, evidence.Problem{
			Kind: evidence.Invalid, Message: fmt.Sprintf("the Pulumi state: byte %d: %v", p.json.InputOffset(), err),
			Remedy: "export it anew with pulumi stack export",
		}
	}
	return p.found, nil
}

type parser struct {
	ctx   context.Context
	json  *json.Decoder
	found *contents
	// whole is set once a deployment was read.
	whole   bool
	version int
}

func (p *parser) document() error {
	err := p.object(func(key string) error {
		switch key {
		case "version":
			return p.json.Decode(&p.version)
		case "deployment":
			return p.object(p.deployment)
		default:
			return p.skip()
		}
	})
	switch {
	case err != nil:
		return err
	case !p.whole:
		return errors.New("it holds no deployment with a manifest")
	case p.version != 3 && p.version != 4:
		return fmt.Errorf("it has format %d, and 3 and 4 can be read", p.version)
	}
	return nil
}

func (p *parser) deployment(key string) error {
	switch key {
	case "manifest":
		var manifest struct {
			Time    time.Time `json:"time"`
			Version string    `json:"version"`
		}
		err := p.json.Decode(&manifest)
		p.whole = !manifest.Time.IsZero()
		p.found.summary.Updated, p.found.summary.Pulumi = manifest.Time, manifest.Version
		return err
	case "resources":
		return p.array(func() error {
			var r resource
			if err := p.json.Decode(&r); err != nil {
				return err
			}
			p.found.add(r)
			return p.ctx.Err()
		})
	case "pending_operations":
		return p.array(func() error {
			var operation struct {
				Type     string `json:"type"`
				Resource struct {
					URN string `json:"urn"`
				} `json:"resource"`
			}
			err := p.json.Decode(&operation)
			p.found.summary.Pending = append(p.found.summary.Pending,
				evidence.StatePending{URN: operation.Resource.URN, Operation: operation.Type})
			return err
		})
	default:
		return p.skip()
	}
}

// object calls field with each key of the object that comes next; field reads
// the value.
func (p *parser) object(field func(key string) error) error {
	if err := p.open('{'); err != nil {
		return err
	}
	for p.json.More() {
		key, err := p.json.Token()
		if err != nil {
			return err
		}
		if err := field(key.(string)); err != nil { // More and Token say that it is a key
			return err
		}
	}
	_, err := p.json.Token()
	return err
}

// array calls element before each element of the array that comes next. A null
// is an empty one.
func (p *parser) array(element func() error) error {
	if err := p.open('['); errors.Is(err, errNull) {
		return nil
	} else if err != nil {
		return err
	}
	for p.json.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := p.json.Token()
	return err
}

var errNull = errors.New("it is null")

func (p *parser) open(bracket json.Delim) error {
	token, err := p.json.Token()
	switch {
	case err != nil:
		return err
	case token == nil:
		return errNull
	case token != bracket:
		return fmt.Errorf("%v stands where %v was expected", token, bracket)
	}
	return nil
}

func (p *parser) skip() error {
	var nothing json.RawMessage
	return p.json.Decode(&nothing)
}

// stackOf is the stack in a URN: urn:pulumi:STACK::PROJECT::TYPES::NAME.
func stackOf(urn string) string {
	rest, _ := strings.CutPrefix(urn, "urn:pulumi:")
	stack, _, _ := strings.Cut(rest, "::")
	return stack
}

// nameOf is the name at the end of a URN; a name may hold "::" itself.
func nameOf(urn string) string {
	if parts := strings.SplitN(urn, "::", 4); len(parts) == 4 {
		return parts[3]
	}
	return urn
}
