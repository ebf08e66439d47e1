// Package attestationtest is a sigstore of a test's own: it signs how a package was
// built as a build on GitHub or GitLab would have it signed, and gives the trusted
// root that says so. It verifies nothing: that is plugins/gate/attestation's.
//
// The transparency log is that of sigstore-go's tests; the certificate authority and
// its log are here, since theirs issues no certificates of builds.
package attestationtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"testing"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/testing/ca"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm/npmtest"
)

// Sigstore is a certificate authority with its log, and a transparency log. It is
// good for an hour, from 10 minutes ago. Make it with [New].
type Sigstore struct {
	t            testing.TB
	now          time.Time
	root, issuer *x509.Certificate
	issuerKey    *ecdsa.PrivateKey
	certificates *ecdsa.PrivateKey // signs what it logs
	log          *ca.VirtualSigstore
}

// New makes one that nobody else trusts.
func New(t testing.TB) *Sigstore {
	t.Helper()
	top, topKey, err := ca.GenerateRootCa()
	require.NoError(t, err)
	issuer, issuerKey, err := ca.GenerateFulcioIntermediate(top, topKey)
	require.NoError(t, err)
	certificates, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	log, err := ca.NewVirtualSigstore()
	require.NoError(t, err)
	return &Sigstore{t: t, now: time.Now(), root: top, issuer: issuer, issuerKey: issuerKey, certificates: certificates, log: log}
}

// TrustedRoot is its trusted_root.json.
func (s *Sigstore) TrustedRoot() []byte {
	s.t.Helper()
	from, until := s.now.Add(-10*time.Minute), s.now.Add(time.Hour)
	authority := &root.FulcioCertificateAuthority{
		Root: s.root, Intermediates: []*x509.Certificate{s.issuer}, URI: "https://fulcio.example.com",
		ValidityPeriodStart: from, ValidityPeriodEnd: until,
	}
	logs := s.log.RekorLogs()
	for id, log := range logs {
		raw, err := hex.DecodeString(id) // theirs is the text, the file has the bytes
		require.NoError(s.t, err)
		log.ID = raw
	}
	id := s.certificateLog()
	made, err := root.NewTrustedRoot(root.TrustedRootMediaType01, []root.CertificateAuthority{authority},
		map[string]*root.TransparencyLog{hex.EncodeToString(id[:]): {
			BaseURL: "https://ctfe.example.com", ID: id[:], PublicKey: s.certificates.Public(), HashFunc: crypto.SHA256,
			ValidityPeriodStart: from, ValidityPeriodEnd: until,
		}}, nil, logs)
	require.NoError(s.t, err)
	content, err := made.MarshalJSON()
	require.NoError(s.t, err)
	return content
}

// certificateLog is the ID of the log of certificates: its key's SHA-256 (RFC 6962).
func (s *Sigstore) certificateLog() [sha256.Size]byte {
	s.t.Helper()
	der, err := x509.MarshalPKIXPublicKey(s.certificates.Public())
	require.NoError(s.t, err)
	return sha256.Sum256(der)
}

// Publish publishes a package at a registry with what that registry answers for its
// attestations: npm's own and the provenance of a build.
func (s *Sigstore) Publish(r *npmtest.Registry, p npmtest.Package, b Build) npmtest.Publication {
	s.t.Helper()
	first := r.Publish(p) // its sum must be known
	p.Attestations = s.Answer(first.Ref, first.Integrity, b)
	return r.Publish(p)
}
