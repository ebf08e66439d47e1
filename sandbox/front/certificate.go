package front

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/renameio/v2"
)

// validity of a certificate is Let's Encrypt's; it is made anew when a third is
// left, as cert-manager does. authorityValidity is the authority's.
const (
	validity          = 90 * 24 * time.Hour
	authorityValidity = 5 * 365 * 24 * time.Hour
)

// ensureAuthority makes the authority of dir unless it is there, and returns
// it.
func ensureAuthority(dir string, now time.Time) (tls.Certificate, error) {
	certificate, key := filepath.Join(dir, "ca.crt"), filepath.Join(dir, "ca.key")
	if have, err := load(certificate, key); err == nil && have.Leaf.NotAfter.Sub(now) > validity {
		return have, nil
	}
	return sign(certificate, key, &x509.Certificate{
		Subject:   pkix.Name{CommonName: "Gatehouse sandbox", Organization: []string{"Gatehouse sandbox"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityValidity),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, nil)
}

// ensureLeaf makes the certificate of hosts unless one is there that fits and
// is not about to end.
func ensureLeaf(dir string, hosts []string, now, ends time.Time, authority tls.Certificate) error {
	certificate, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	have, err := load(certificate, key)
	switch {
	case err != nil, !slices.Equal(have.Leaf.DNSNames, hosts), have.Leaf.CheckSignatureFrom(authority.Leaf) != nil:
	case ends.IsZero() && have.Leaf.NotAfter.Sub(now) > validity/3:
		return nil
	}
	if ends.IsZero() {
		ends = now.Add(validity)
	}
	_, err = sign(certificate, key, &x509.Certificate{
		Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts,
		NotBefore: earlier(now, ends).Add(-time.Hour), NotAfter: ends,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, &authority)
	return err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func load(certificate, key string) (tls.Certificate, error) {
	have, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return have, err
	}
	have.Leaf, err = x509.ParseCertificate(have.Certificate[0])
	return have, err
}

// sign writes a new key and certificate, signed by an authority or by itself.
func sign(certificate, key string, template *x509.Certificate, authority *tls.Certificate) (tls.Certificate, error) {
	fail := func(err error) (tls.Certificate, error) {
		return tls.Certificate{}, fmt.Errorf("make certificate %s: %w", certificate, err)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fail(err)
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return fail(err)
	}
	parent, signer := template, any(private)
	if authority != nil {
		parent, signer = authority.Leaf, authority.PrivateKey
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, parent, private.Public(), signer)
	if err != nil {
		return fail(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fail(err)
	}
	for _, file := range []struct {
		path, kind string
		content    []byte
	}{
		{key, "PRIVATE KEY", plain}, {certificate, "CERTIFICATE", signed},
	} {
		if err := renameio.WriteFile(file.path, pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.content}), 0o600); err != nil {
			return fail(err)
		}
	}
	return load(certificate, key)
}

// Authority is the PEM file of the authority that signed what nginx in dir
// shows.
func Authority(dir string) string { return filepath.Join(dir, "ca.crt") }

// dialer connects to one address, whoever is meant.
func dialer(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}

// makeFolder makes a folder that is the user's alone.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for nginx: %w", err)
	}
	return nil
}
