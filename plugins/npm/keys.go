package npm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Key is a key that a registry signs with (docs.npmjs.com, "ECDSA registry
// signatures").
type Key struct {
	// ID is SHA256: and the fingerprint of the key.
	ID string `json:"keyid"`
	// Type and Scheme are both ecdsa-sha2-nistp256.
	Type   string `json:"keytype"`
	Scheme string `json:"scheme"`
	// Public is the base64 of the key's DER.
	Public string `json:"key"`
	// Expires is when the key ended: what was published later is not signed by it.
	// Zero never.
	Expires time.Time `json:"expires"`
}

// Keys asks for the registry's keys. [ErrNoKeys] if it publishes none.
func (c *Client) Keys(ctx context.Context) ([]Key, error) {
	var answer struct {
		Keys []Key `json:"keys"`
	}
	err := c.ask(ctx, c.registry.JoinPath("-/npm/v1/keys"), c.options.Limits.Document, func(body io.Reader) error {
		content, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(content, &answer); err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) || err == nil && len(answer.Keys) == 0 {
		err = ErrNoKeys
	}
	if err != nil {
		return nil, fmt.Errorf("read the registry's keys: %w", err)
	}
	return answer.Keys, nil
}

// Attestations asks for a version's attestations: JSON with a list of sigstore
// bundles, which is not looked into. [ErrNoAttestations] if the manifest names
// none.
func (c *Client) Attestations(ctx context.Context, m Manifest) ([]byte, error) {
	content, err := c.attestations(ctx, m.Dist.Attestations.URL)
	if err != nil {
		return nil, fmt.Errorf("read the attestations of %s: %w", m.Ref, err)
	}
	return content, nil
}

func (c *Client) attestations(ctx context.Context, from string) (content []byte, err error) {
	if from == "" {
		return nil, ErrNoAttestations
	}
	at, err := c.elsewhere(from)
	if err != nil {
		return nil, err
	}
	err = c.ask(ctx, at, c.options.Limits.Document, func(body io.Reader) (err error) {
		if content, err = io.ReadAll(body); err == nil && !json.Valid(content) {
			err = fmt.Errorf("%w: no JSON", ErrInvalid)
		}
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return nil, ErrNoAttestations
	}
	return content, err
}
