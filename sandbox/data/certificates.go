package data

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// lifetime of the certificates. A sandbox is thrown away long before.
const lifetime = 10 * 365 * 24 * time.Hour

// certificates are an authority and one certificate of it, for every server on
// loopback; it is a client's too, as Redis nodes are each other's.
type certificates struct{ dir string }

func (c certificates) authority() string { return filepath.Join(c.dir, "ca.crt") }
func (c certificates) server() string    { return filepath.Join(c.dir, "server.crt") }
func (c certificates) key() string       { return filepath.Join(c.dir, "server.key") }

// ensure makes what is missing. The key of the authority is not kept: nothing
// else is ever signed.
func (c certificates) ensure() error {
	if _, err := tls.LoadX509KeyPair(c.server(), c.key()); err == nil && exists(c.authority()) {
		return nil
	}
	if err := c.make(); err != nil {
		return fmt.Errorf("make the stores' certificates: %w", err)
	}
	return nil
}

func (c certificates) make() error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "gatehouse-sandbox-stores"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return err
	}
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames:    []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	serverDER, err := x509.CreateCertificate(rand.Reader, server, authority, serverKey.Public(), authorityKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(serverKey)
	if err != nil {
		return err
	}
	return errors.Join(
		writePEM(c.authority(), "CERTIFICATE", authorityDER),
		writePEM(c.server(), "CERTIFICATE", serverDER),
		writePEM(c.key(), "PRIVATE KEY", keyDER),
	)
}

func writePEM(path, kind string, der []byte) error {
	return writeFile(path, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}

// client trusts the authority, and nobody else.
func (c certificates) client() (*tls.Config, error) {
	text, err := os.ReadFile(c.authority())
	if err != nil {
		return nil, fmt.Errorf("read the stores' authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read the stores' authority: %s holds no certificate", c.authority())
	}
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}, nil
}
