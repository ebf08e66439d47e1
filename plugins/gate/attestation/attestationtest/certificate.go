package attestationtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/url"
	"time"

	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
)

// timestamps is the extension that holds what the log of certificates said (RFC
// 6962, 3.3).
var timestamps = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}

// issue makes a certificate of a build, as Fulcio does.
func (s *Sigstore) issue(public crypto.PublicKey, b Build) *x509.Certificate {
	s.t.Helper()
	workflow, err := url.Parse(b.Repository + "/.github/workflows/release.yml@refs/heads/main")
	require.NoError(s.t, err)
	from := s.now.Add(-time.Minute).Truncate(time.Second)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(from.UnixNano()), URIs: []*url.URL{workflow},
		NotBefore: from, NotAfter: from.Add(10 * time.Minute),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
		ExtraExtensions: []pkix.Extension{s.extension(certificate.OIDIssuerV2, b.Issuer)},
	}
	if !b.NoBuild {
		template.ExtraExtensions = append(template.ExtraExtensions,
			s.extension(certificate.OIDRunnerEnvironment, b.Runner), s.extension(certificate.OIDSourceRepositoryURI, b.Repository))
	}
	unlogged := s.sign(template, public)
	if b.UnloggedCertificate {
		return unlogged
	}
	// What the log signs is the certificate without its own word, which comes last.
	template.ExtraExtensions = append(template.ExtraExtensions, pkix.Extension{Id: timestamps, Value: s.timestamp(unlogged)})
	return s.sign(template, public)
}

func (s *Sigstore) sign(template *x509.Certificate, public crypto.PublicKey) *x509.Certificate {
	s.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, s.issuer, public, s.issuerKey)
	require.NoError(s.t, err)
	made, err := x509.ParseCertificate(der)
	require.NoError(s.t, err)
	return made
}

func (s *Sigstore) extension(id asn1.ObjectIdentifier, text string) pkix.Extension {
	s.t.Helper()
	value, err := asn1.MarshalWithParams(text, "utf8")
	require.NoError(s.t, err)
	return pkix.Extension{Id: id, Value: value}
}

// timestamp is a list of one signed certificate timestamp (RFC 6962, 3.2).
func (s *Sigstore) timestamp(c *x509.Certificate) []byte {
	s.t.Helper()
	at := uint64(c.NotBefore.UnixMilli()) //nolint:gosec // no time before 1970
	issuer := sha256.Sum256(s.issuer.RawSubjectPublicKeyInfo)
	var said cryptobyte.Builder
	said.AddUint8(0) // version 1
	said.AddUint8(0) // a certificate timestamp
	said.AddUint64(at)
	said.AddUint16(1) // of a certificate to be
	said.AddBytes(issuer[:])
	said.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(c.RawTBSCertificate) })
	said.AddUint16(0) // no extensions
	sum := sha256.Sum256(said.BytesOrPanic())
	signed, err := ecdsa.SignASN1(rand.Reader, s.certificates, sum[:])
	require.NoError(s.t, err)

	id := s.certificateLog()
	var list cryptobyte.Builder
	list.AddUint16LengthPrefixed(func(list *cryptobyte.Builder) {
		list.AddUint16LengthPrefixed(func(one *cryptobyte.Builder) {
			one.AddUint8(0)
			one.AddBytes(id[:])
			one.AddUint64(at)
			one.AddUint16(0)
			one.AddUint8(4) // SHA-256
			one.AddUint8(3) // ECDSA
			one.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(signed) })
		})
	})
	value, err := asn1.Marshal(list.BytesOrPanic())
	require.NoError(s.t, err)
	return value
}
