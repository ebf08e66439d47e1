package attestationtest

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
)

// Kinds of provenance.
const (
	V1  = "https://slsa.dev/provenance/v1"
	V02 = "https://slsa.dev/provenance/v0.2"
)

// Issuers of the identities of builds.
const (
	GitHub = "https://token.actions.githubusercontent.com"
	GitLab = "https://gitlab.com"
)

// Build is what is attested, and how. The zero value is good: a build of
// https://github.com/acme/plugins on GitHub's own runners.
type Build struct {
	// Issuer vouches for the build; GitHub by default.
	Issuer string
	// Repository is the source's, as the certificate has it.
	Repository string
	// Runner is github-hosted by default.
	Runner string
	// NoBuild leaves repository and runner out of the certificate: a person signed.
	NoBuild bool

	// Builder is whom the statement names, by default whom the certificate does.
	Builder string
	// Kind is the statement's; V1 by default.
	Kind string
	// Says is the kind that the registry's answer says, Kind by default.
	Says string
	// Of is what it is about, by default what it was asked for.
	Of plugins.Integrity

	// Late is how long after its certificate was issued it was signed; a
	// certificate is good for 10 minutes.
	Late time.Duration
	// Unlogged has no entry in the transparency log, UnloggedCertificate a
	// certificate that was not logged.
	Unlogged, UnloggedCertificate bool
	// Tampered changes the statement after it was signed and logged, Stolen is signed
	// with another key than the certificate's.
	Tampered, Stolen bool
	// PublishOnly answers with npm's own attestation alone.
	PublishOnly bool
}

func (b Build) filled() Build {
	b.Issuer = cmp.Or(b.Issuer, GitHub)
	b.Kind = cmp.Or(b.Kind, V1)
	b.Says = cmp.Or(b.Says, b.Kind)
	b.Runner = cmp.Or(b.Runner, "github-hosted")
	if b.Issuer == GitLab {
		b.Repository = cmp.Or(b.Repository, "https://gitlab.com/acme/plugins")
		b.Builder = cmp.Or(b.Builder, b.Repository+"/-/runners/7")
	}
	b.Repository = cmp.Or(b.Repository, "https://github.com/acme/plugins")
	b.Builder = cmp.Or(b.Builder, "https://github.com/actions/runner/"+b.Runner)
	return b
}

// Answer is what a registry answers for the attestations of a version.
func (s *Sigstore) Answer(ref plugins.Ref, integrity plugins.Integrity, b Build) json.RawMessage {
	s.t.Helper()
	b = b.filled()
	if b.Of == (plugins.Integrity{}) {
		b.Of = integrity
	}
	all := []any{map[string]any{
		"predicateType": "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
		"bundle":        map[string]any{}, // nothing of ours reads it
	}}
	if !b.PublishOnly {
		all = append(all, map[string]any{"predicateType": b.Says, "bundle": s.bundle(ref, b)})
	}
	content, err := json.Marshal(map[string]any{"attestations": all})
	require.NoError(s.t, err)
	return content
}

// statement is the in-toto statement as npm writes it.
func (b Build) statement(ref plugins.Ref) map[string]any {
	predicate := map[string]any{"runDetails": map[string]any{"builder": map[string]any{"id": b.Builder}}}
	if b.Kind == V02 {
		predicate = map[string]any{"builder": map[string]any{"id": b.Builder}}
	}
	return map[string]any{
		"_type": "https://in-toto.io/Statement/v1",
		"subject": []any{map[string]any{
			"name": "pkg:npm/" + strings.Replace(ref.String(), "@", "%40", strings.Count(ref.Name, "@")), "digest": map[string]any{"sha512": b.Of.Hex()},
		}},
		"predicateType": b.Kind, "predicate": predicate,
	}
}

// bundle is a sigstore bundle, version 0.3.
func (s *Sigstore) bundle(ref plugins.Ref, b Build) map[string]any {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(s.t, err)
	leaf := s.issue(key.Public(), b)
	payload, err := json.Marshal(b.statement(ref))
	require.NoError(s.t, err)

	envelope := s.envelope(payload, key)

	material := map[string]any{"certificate": map[string]any{"rawBytes": leaf.Raw}}
	if !b.Unlogged {
		material["tlogEntries"] = []any{s.entry(leaf, envelope, leaf.NotBefore.Add(time.Second).Add(b.Late))}
	}
	if b.Stolen {
		another, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(s.t, err)
		envelope = s.envelope(payload, another)
	}
	if b.Tampered {
		payload = append(payload[:len(payload)-1:len(payload)-1], []byte(`,"more":1}`)...)
	}
	return map[string]any{
		"mediaType":            "application/vnd.dev.sigstore.bundle.v0.3+json",
		"verificationMaterial": material,
		"dsseEnvelope": map[string]any{
			"payload": payload, "payloadType": envelope.PayloadType,
			"signatures": []any{map[string]any{"sig": envelope.Signatures[0].Sig}},
		},
	}
}

// envelope is the statement, signed (DSSE).
func (s *Sigstore) envelope(payload []byte, key *ecdsa.PrivateKey) *dsse.Envelope {
	s.t.Helper()
	envelopes, err := dsse.NewEnvelopeSigner(signer{key})
	require.NoError(s.t, err)
	envelope, err := envelopes.SignPayload(s.t.Context(), "application/vnd.in-toto+json", payload)
	require.NoError(s.t, err)
	return envelope
}

// signer signs as npm does, ECDSA over a SHA-256; the certificate tells the key.
type signer struct{ key *ecdsa.PrivateKey }

// Sign implements dsse.Signer.
func (s signer) Sign(_ context.Context, data []byte) ([]byte, error) {
	sum := sha256.Sum256(data)
	return ecdsa.SignASN1(rand.Reader, s.key, sum[:])
}

// KeyID implements dsse.Signer.
func (signer) KeyID() (string, error) { return "", nil }
