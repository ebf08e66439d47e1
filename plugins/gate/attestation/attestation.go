// Package attestation verifies the sigstore attestations that an npm registry has
// of a package, and says what the verified provenance tells.
//
// Whether that is enough is plugins/gate's to judge; what the registry answers is
// plugins/npm's to fetch. It is apart because sigstore's libraries are large.
package attestation

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
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
// (GET /-/npm/v1/attestations/NAME@VERSION) and gives the provenance in it. One
// whose signature is not good, or that says of its builder what its certificate
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
	for _, each := range list.Attestations {
		if each.PredicateType != gate.ProvenanceType {
			continue
		}
		var b bundle.Bundle
		if err := b.UnmarshalJSON(each.Bundle); err != nil {
			return gate.Provenance{}, fmt.Errorf("%w: %w", gate.ErrUnverified, err)
		}
		return v.verify(&b)
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
	p, err := told(predicate, *result.Signature.Certificate)
	if err != nil {
		return gate.Provenance{}, fmt.Errorf("%w: %w", gate.ErrUnverified, err)
	}
	p.PredicateType = result.Statement.GetPredicateType()
	for _, subject := range result.Statement.GetSubject() {
		if sum, found := subject.GetDigest()["sha512"]; found {
			p.Subjects = append(p.Subjects, strings.ToLower(sum))
		}
	}
	return p, nil
}

// Issuers of the identities that builders have (Fulcio's documentation, OIDC).
const (
	github = "https://token.actions.githubusercontent.com"
	gitlab = "https://gitlab.com"
)

// told is what provenance says, held against the certificate: anybody can write
// any builder and any repository into a statement and sign it as himself.
func told(predicate []byte, c certificate.Summary) (gate.Provenance, error) {
	var slsa struct {
		RunDetails struct {
			Builder struct {
				ID string `json:"id"`
			} `json:"builder"`
		} `json:"runDetails"`
	}
	if err := json.Unmarshal(predicate, &slsa); err != nil {
		return gate.Provenance{}, fmt.Errorf("read the provenance: %w", err)
	}
	builder := slsa.RunDetails.Builder.ID
	if c.SourceRepositoryURI == "" {
		return gate.Provenance{}, errors.New("its certificate names no source repository: no build signed it")
	}
	switch c.Issuer {
	case github:
		if want := "https://github.com/actions/runner/" + c.RunnerEnvironment; builder != want {
			return gate.Provenance{}, fmt.Errorf("it says that %q built it, its certificate %q", builder, want)
		}
	case gitlab:
		if !strings.HasPrefix(builder, c.SourceRepositoryURI+"/-/runners/") {
			return gate.Provenance{}, fmt.Errorf("it says that %q built it, its certificate a runner of %s", builder, c.SourceRepositoryURI)
		}
	default:
		return gate.Provenance{}, fmt.Errorf("its certificate is of %q: only builds of GitHub and GitLab are known", c.Issuer)
	}
	return gate.Provenance{Builder: builder, Repository: c.SourceRepositoryURI, Signer: c.SubjectAlternativeName}, nil
}
