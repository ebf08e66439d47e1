// Package signing holds the keys of evidence bundles: private ones in files, and
// keys.yaml, which says whose public key is trusted from when until when.
//
// What is signed is the business of report/bundle; keys that never leave AWS KMS
// are opened by report/bundle/kms, which alone links the AWS SDK.
package signing

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
)

// Signer signs with one key.
type Signer interface {
	// KeyID names the key: see [KeyID].
	KeyID() string
	// Sign signs a message whole, such as the pre-authentication encoding of DSSE.
	Sign(ctx context.Context, message []byte) ([]byte, error)
}

// Algorithm is how a key signs.
type Algorithm string

// The algorithms.
const (
	// Ed25519 is RFC 8032's, over the message itself: 64 bytes.
	Ed25519 Algorithm = "ed25519"
	// ECDSAP256 is ECDSA over NIST P-256 and the SHA-256 of the message, in ASN.1
	// DER. A key file signs as RFC 6979 says, so that the same message makes the
	// same signature; KMS does not.
	ECDSAP256 Algorithm = "ecdsa-p256"
)

// Algorithms is every algorithm, the default first.
var Algorithms = []Algorithm{Ed25519, ECDSAP256}

// ParseAlgorithm reads an algorithm's name.
func ParseAlgorithm(text string) (Algorithm, error) {
	for _, a := range Algorithms {
		if text == string(a) {
			return a, nil
		}
	}
	return "", fmt.Errorf("unknown algorithm %q: %s, %s", text, Ed25519, ECDSAP256)
}

// errUnsupported is said of keys that no algorithm here is for.
var errUnsupported = errors.New("want an Ed25519 key or one of ECDSA on P-256")

// AlgorithmOf is the algorithm that a public key is for. Keys of other kinds and
// curves are refused.
func AlgorithmOf(public crypto.PublicKey) (Algorithm, error) {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return Ed25519, nil
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return ECDSAP256, nil
		}
		return "", fmt.Errorf("found ECDSA on %s: %w", key.Params().Name, errUnsupported)
	default:
		return "", fmt.Errorf("found %T: %w", public, errUnsupported)
	}
}

// KeyID is "sha256:" and the SHA-256, in hexadecimal, of the key's DER
// SubjectPublicKeyInfo (RFC 5280): what `openssl pkey -pubin -outform DER |
// sha256sum` prints.
func KeyID(public crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("name the key: %w", err)
	}
	sum := sha256.Sum256(der)
	return "sha256:" + hex.EncodeToString(sum[:]), nil
}

// Verify tells whether a signature is the key's over a message.
func Verify(public crypto.PublicKey, message, signature []byte) bool {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, message, signature)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return ecdsa.VerifyASN1(key, digest[:], signature)
	default:
		return false
	}
}
