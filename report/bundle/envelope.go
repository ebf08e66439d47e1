package bundle

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"gatehouse/report/bundle/signing"
)

// seal puts a statement into a DSSE envelope
// (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md).
func seal(ctx context.Context, payload []byte, signer signing.Signer) ([]byte, error) {
	sealer, err := dsse.NewEnvelopeSigner(named{signer})
	if err != nil {
		return nil, fmt.Errorf("sign the statement: %w", err)
	}
	envelope, err := sealer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, fmt.Errorf("sign the statement: %w", err)
	}
	return marshalEnvelope(*envelope)
}

// named is a signer as the library of DSSE wants it.
type named struct{ signing.Signer }

func (n named) KeyID() (string, error) { return n.Signer.KeyID(), nil }

func marshalEnvelope(e dsse.Envelope) ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write the envelope: %w", err)
	}
	return append(text, '\n'), nil
}

// signature is one of an envelope, decoded.
type signature struct {
	keyID string
	bytes []byte
}

// open takes an envelope apart. Only the one way to write it that [seal] uses is
// read: JSON and Base64 leave room for bytes that no signature covers.
func open(text []byte) (payload []byte, signatures []signature, err error) {
	var e dsse.Envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, nil, fmt.Errorf("read the envelope: %w", err)
	}
	if e.PayloadType != payloadType {
		return nil, nil, fmt.Errorf("it holds %q, want %s", e.PayloadType, payloadType)
	}
	if payload, err = base64.StdEncoding.DecodeString(e.Payload); err != nil {
		return nil, nil, fmt.Errorf("decode the payload: %w", err)
	}
	again := dsse.Envelope{PayloadType: e.PayloadType, Payload: base64.StdEncoding.EncodeToString(payload)}
	if e.Signatures != nil {
		again.Signatures = []dsse.Signature{}
	}
	for i, s := range e.Signatures {
		sig, err := base64.StdEncoding.DecodeString(s.Sig)
		if err != nil {
			return nil, nil, fmt.Errorf("decode signature %d: %w", i+1, err)
		}
		signatures = append(signatures, signature{s.KeyID, sig})
		again.Signatures = append(again.Signatures, dsse.Signature{KeyID: s.KeyID, Sig: base64.StdEncoding.EncodeToString(sig)})
	}
	want, err := marshalEnvelope(again)
	if err != nil {
		return nil, nil, err
	}
	if !bytes.Equal(text, want) {
		return nil, nil, errors.New("it is not written as gatehouse writes it")
	}
	return payload, signatures, nil
}
