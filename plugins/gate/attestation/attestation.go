// Package attestation verifies the sigstore attestations that an npm registry has
// of a package, and says what the verified provenance tells.
//
// Whether that is enough is plugins/gate's to judge; what the registry answers is
// plugins/npm's to fetch. It is apart because sigstore's libraries are large.
package attestation

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/npm"
)

// Verifier verifies against one trusted root. Make it with [New].
type Verifier struct{ verifier *verify.Verifier }

// New takes a trusted root (sigstore's trusted_root.json), which names the
// certificate authorities and the logs that are trusted. Nothing is fetched: a file
// that somebody chose is the anchor.
func New(trustedRoot []byte) (*Verifier, error) {
	material, err := root.NewTrustedRootFromJSON(trustedRoot)
	if err != nil {
		return nil, fmt.Errorf("read the trusted root: %w", err)
	}
	return newVerifier(material)
}

// newVerifier wants what npm's attestations have: a certificate that was logged
// when it was issued, and an entry in the transparency log with its time.
func newVerifier(material root.TrustedMaterial) (*Verifier, error) {
	v, err := verify.NewVerifier(material,
		verify.WithSignedCertificateTimestamps(1), verify.WithTransparencyLog(1), verify.WithObserverTimestamps(1))
	if err != nil {
		return nil, fmt.Errorf("use the trusted root: %w", err)
	}
	return &Verifier{v}, nil
}

// Provenance verifies what the registry answers for a package's attestations
// (GET /-/npm/v1/attestations/NAME@VERSION) and gives the provenance in it: SLSA v1
// or, without one, v0.2. One whose signature is not good, or that says of its builder what its certificate
// does not, is [gate.ErrUnverified]; an answer without one is
// [npm.ErrNoAttestations].
func (v *Verifier) Provenance(answer []byte) (gate.Provenance, error) {
	var list struct {
		Attestations []struct {
			PredicateType string          `json:"predicateType"`
			Bundle        json.RawMessage `json:"bundle"`
		} `json:"attestations"`
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return gate.Provenance{}, fmt.Errorf("read the attestations: %w", err)
	}
	for _, kind := range []string{gate.ProvenanceType, olderType} {
		for _, each := range list.Attestations {
			if each.PredicateType != kind {
				continue
			}
			var b bundle.Bundle
			if err := b.UnmarshalJSON(each.Bundle); err != nil {
				return gate.Provenance{}, fmt.Errorf("%w: %w", gate.ErrUnverified, err)
			}
			return v.verify(&b)
		}
	}
	return gate.Provenance{}, npm.ErrNoAttestations
}

// verify leaves the digest to the gate, which compares the subjects, and the
// identity to below: the certificate is the one thing that an author cannot write.
func (v *Verifier) verify(entity verify.SignedEntity) (gate.Provenance, error) {
	result, err := v.verifier.Verify(entity, verify.NewPolicy(verify.WithoutArtifactUnsafe(), verify.WithoutIdentitiesUnsafe()))
	if err != nil {
		return gate.Provenance{}, fmt.Errorf("%w: %w", gate.ErrUnverified, err)
	}
	if result.Statement == nil || result.Signature == nil || result.Signature.Certificate == nil {
		return gate.Provenance{}, fmt.Errorf("%w: it has no statement, or was signed without a certificate", gate.ErrUnverified)
	}
	predicate, err := json.Marshal(result.Statement.GetPredicate())
	if err != nil {
		return gate.Provenance{}, fmt.Errorf("read the provenance: %w", err)
	}
	p, err := told(result.Statement.GetPredicateType(), predicate, *result.Signature.Certificate)
	if err != nil {
		return gate.Provenance{}, fmt.Errorf("%w: %w", gate.ErrUnverified, err)
	}
	for _, subject := range result.Statement.GetSubject() {
		if sum, found := subject.GetDigest()["sha512"]; found {
			p.Subjects = append(p.Subjects, strings.ToLower(sum))
		}
	}
	return p, nil
}
