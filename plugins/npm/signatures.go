package npm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"

	"gatehouse/plugins"
)

// Signature is a registry's signature of a version.
type Signature struct {
	// KeyID is the key's that signed.
	KeyID string `json:"keyid"`
	// Sig is the base64 of the signature's DER.
	Sig string `json:"sig"`
}

// Why a signature proves nothing. Each error of [VerifySignatures] wraps one.
var (
	// ErrUnsigned: there is no signature, as at a mirror.
	ErrUnsigned = errors.New("it is not signed")
	// ErrUnknownKey: none of the keys is the one that signed.
	ErrUnknownKey = errors.New("the registry does not know the key that signed it")
	// ErrExpiredKey: it was published after its key's end, or nobody knows when.
	ErrExpiredKey = errors.New("the key that signed it had expired")
	// ErrWrongKey: the key is of another kind, broken, or not the one it is called.
	ErrWrongKey = errors.New("the key is not what it must be")
	// ErrWrongSignature: the key did not sign this.
	ErrWrongSignature = errors.New("the signature is wrong")
)

// algorithm is the one that npm has: ECDSA on P-256 over a SHA-256.
const algorithm = "ecdsa-sha2-nistp256"

// mostSignatures bounds the work: npm's registry has two at most, while a key is
// replaced.
const mostSignatures = 16

// VerifySignatures wants that every signature is by a key of keys and over
// NAME@VERSION:INTEGRITY. published decides whether a key was still good; if it is
// zero, no key that expires is. It proves what the registry said, not that a
// tarball is so: compare its integrity.
func VerifySignatures(ref plugins.Ref, integrity plugins.Integrity, published time.Time, signatures []Signature, keys []Key) error {
	err := verifyAll(ref, integrity, published, signatures, keys)
	if err != nil {
		return fmt.Errorf("verify the registry's signatures of %s: %w", ref, err)
	}
	return nil
}

func verifyAll(ref plugins.Ref, integrity plugins.Integrity, published time.Time, signatures []Signature, keys []Key) error {
	switch {
	case len(signatures) == 0:
		return ErrUnsigned
	case len(signatures) > mostSignatures:
		return fmt.Errorf("%w: there are %d, at most %d are read", ErrWrongSignature, len(signatures), mostSignatures)
	case integrity.IsZero():
		return fmt.Errorf("%w: there is no integrity that it could be over", ErrWrongSignature)
	}
	sum := sha256.Sum256([]byte(ref.String() + ":" + integrity.String()))
	for _, each := range signatures {
		at := slices.IndexFunc(keys, func(k Key) bool { return k.ID == each.KeyID })
		if at < 0 {
			return fmt.Errorf("%w: %q", ErrUnknownKey, each.KeyID)
		}
		if err := verify(sum[:], published, each, keys[at]); err != nil {
			return err
		}
	}
	return nil
}

func verify(sum []byte, published time.Time, signature Signature, key Key) error {
	public, err := key.public()
	if err != nil {
		return err
	}
	switch {
	case key.Expires.IsZero():
	case published.IsZero():
		return fmt.Errorf("%w: %s ended on %s, and the registry does not say when it was published", ErrExpiredKey, key.ID, day(key.Expires))
	case published.After(key.Expires):
		return fmt.Errorf("%w: %s ended on %s, it was published on %s", ErrExpiredKey, key.ID, day(key.Expires), day(published))
	}
	der, err := base64.StdEncoding.DecodeString(signature.Sig)
	if err != nil {
		return fmt.Errorf("%w: no base64", ErrWrongSignature)
	}
	if !ecdsa.VerifyASN1(public, sum, der) {
		return fmt.Errorf("%w: %s did not sign this name, version and integrity", ErrWrongSignature, key.ID)
	}
	return nil
}

// public reads the key, and wants that it is the one it is called by: the ID is
// the SHA-256 of the key as SSH writes it (RFC 4253, 6.6; RFC 5656, 3.1).
func (k Key) public() (*ecdsa.PublicKey, error) {
	if k.Type != algorithm || k.Scheme != algorithm {
		return nil, fmt.Errorf("%w: %s is of type %q and scheme %q, want %s", ErrWrongKey, k.ID, k.Type, k.Scheme, algorithm)
	}
	der, err := base64.StdEncoding.DecodeString(k.Public)
	if err != nil {
		return nil, fmt.Errorf("%w: %s is no base64", ErrWrongKey, k.ID)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrWrongKey, k.ID, err)
	}
	public, is := parsed.(*ecdsa.PublicKey)
	if !is || public.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%w: %s is no point of P-256", ErrWrongKey, k.ID)
	}
	wire, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrWrongKey, k.ID, err)
	}
	if id := ssh.FingerprintSHA256(wire); id != k.ID {
		return nil, fmt.Errorf("%w: it is called %s and is %s", ErrWrongKey, k.ID, id)
	}
	return public, nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
