package attestation

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"

	"gatehouse/plugins/gate"
)

// olderType is SLSA Provenance v0.2, which npm still writes on GitLab
// (libnpmpublish, lib/provenance.js).
const olderType = gate.OldProvenanceType

// Issuers of the identities that builders have (Fulcio's documentation, OIDC).
const (
	github = "https://token.actions.githubusercontent.com"
	gitlab = "https://gitlab.com"
)

// told is what provenance says, held against the certificate: anybody can write
// any builder and any repository into a statement and sign it as himself.
func told(kind string, predicate []byte, c certificate.Summary) (gate.Provenance, error) {
	builder, err := builderOf(kind, predicate)
	if err != nil {
		return gate.Provenance{}, err
	}
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
	return gate.Provenance{
		PredicateType: kind, Builder: builder, Repository: c.SourceRepositoryURI, Signer: c.SubjectAlternativeName,
	}, nil
}

// builderOf is who the provenance says built it, by its kind.
func builderOf(kind string, predicate []byte) (string, error) {
	type party struct {
		ID string `json:"id"`
	}
	var slsa struct {
		Builder    party `json:"builder"` // v0.2
		RunDetails struct {
			Builder party `json:"builder"` // v1
		} `json:"runDetails"`
	}
	if err := json.Unmarshal(predicate, &slsa); err != nil {
		return "", fmt.Errorf("read the provenance: %w", err)
	}
	switch kind {
	case gate.ProvenanceType:
		return slsa.RunDetails.Builder.ID, nil
	case olderType:
		return slsa.Builder.ID, nil
	default:
		return "", fmt.Errorf("the registry calls it provenance, and it is %q", kind)
	}
}
