package web

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"gatehouse/checks/evidence"
)

// certificate keeps of a certificate what decides.
func certificate(x *x509.Certificate) evidence.Certificate {
	kept := evidence.Certificate{
		Subject: x.Subject.String(), Issuer: x.Issuer.String(), Names: x.DNSNames,
		NotBefore: x.NotBefore, NotAfter: x.NotAfter, Signature: x.SignatureAlgorithm.String(),
		SelfSigned: bytes.Equal(x.RawIssuer, x.RawSubject),
	}
	switch key := x.PublicKey.(type) {
	case *rsa.PublicKey:
		kept.Key, kept.Bits = "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		kept.Key, kept.Bits = "ECDSA", key.Params().BitSize
	case ed25519.PublicKey:
		kept.Key, kept.Bits = "Ed25519", 8*len(key)
	default:
		kept.Key = x.PublicKeyAlgorithm.String()
	}
	return kept
}

// refused tells whether the other side said no to a handshake, or answered one
// in a version that was not offered.
func refused(err error) bool {
	var said *net.OpError
	return errors.As(err, &said) && said.Op == "remote error" ||
		strings.Contains(err.Error(), "server selected unsupported protocol version")
}

// broken tells whether it hung up, as some servers do instead of saying no.
func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
