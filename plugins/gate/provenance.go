package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gatehouse/plugins/npm"
)

var provenance = step{
	name:    "provenance",
	explain: "When the policy wants it: a verified attestation names this tarball, an allowed builder and an allowed source repository.",
	check:   checkProvenance,
}

// ProvenanceType is the predicate that tells how something was built: SLSA v1.
// OldProvenanceType is that of SLSA v0.2, which npm writes on GitLab.
const (
	ProvenanceType    = "https://slsa.dev/provenance/v1"
	OldProvenanceType = "https://slsa.dev/provenance/v0.2"
)

// Provenance is what a verified attestation says (in-toto Statement v1, SLSA
// Provenance v1). Whoever makes one has verified the signature of its bundle: here
// it is only judged.
type Provenance struct {
	// Subjects are the SHA-512s, in hexadecimal, of what it is about.
	Subjects []string
	// PredicateType tells what kind it is.
	PredicateType string
	// Builder is runDetails.builder.id.
	Builder string
	// Repository is where the source is: https://github.com/backstage/backstage.
	Repository string
	// Signer is who signed: the certificate's subject, for people.
	Signer string
}

// ErrUnverified is what a source of [Provenance] wraps when an attestation is there
// and its signature is not good.
var ErrUnverified = errors.New("the attestation is not good")

func checkProvenance(_ context.Context, c *Case) finding {
	rule := c.rules.provenance
	if !rule.Required {
		return notApplicable("the policy wants no provenance of it")
	}
	var f finding
	listing, err := c.Tarball.Get()
	if err != nil {
		return lacking("the tarball", err, seeLimits)
	}
	p, err := c.Provenance.Get()
	switch {
	case errors.Is(err, npm.ErrNoAttestations):
		f.refuse("unattested", "nobody attests how it was built", "take a version that was published with `npm publish --provenance`")
		return f
	case errors.Is(err, ErrUnverified):
		f.never("unverified", err.Error(), "do not install it")
		return f
	case err != nil:
		return lacking("its attestations", err, "see that the registry can be reached, and that the trusted root is given")
	}
	if p.PredicateType != ProvenanceType && p.PredicateType != OldProvenanceType {
		f.refuse("predicate", fmt.Sprintf("the attestation is %q, no %s", short(p.PredicateType), ProvenanceType), "ask its author for one that is")
	}
	if len(p.Subjects) == 0 || !slices.Contains(p.Subjects, listing.Integrity.Hex()) {
		f.never("subject", "the attestation is about another tarball", "do not install it")
	}
	if len(rule.Builders) > 0 && !slices.Contains(rule.Builders, p.Builder) {
		f.refuse("builder", fmt.Sprintf("it was built by %q, which the policy does not name", short(p.Builder)), "do not install it, or name the builder in the policy")
	}
	if len(rule.Repositories) > 0 && !slices.Contains(rule.Repositories, p.Repository) {
		f.refuse("repository", fmt.Sprintf("it was built from %q, which the policy does not name", short(p.Repository)), "do not install it, or name the repository in the policy")
	}
	f.looked = []string{fmt.Sprintf("built by %s from %s", short(p.Builder), short(p.Repository))}
	if p.Signer != "" {
		f.looked = append(f.looked, "signed by "+short(p.Signer))
	}
	return f
}
