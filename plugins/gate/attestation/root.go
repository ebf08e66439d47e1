package attestation

import (
	_ "embed"
	"slices"
)

// publicRoot is sigstore's public instance as it was on 23 September 2025: the
// trusted_root.json that npm's own @sigstore/tuf 4.0.2 begins with (its seeds.json;
// Apache-2.0). It is replaced by a newer one when sigstore adds a log or an
// authority.
//
//go:embed trusted_root.json
var publicRoot []byte

// DefaultRoot is the trusted root of sigstore's public instance, by which npm's
// registry has its packages attested. Nothing fetches a newer one: what is signed
// by a log or an authority that came later is [gate.ErrUnverified] until the
// configuration gives a file that knows it.
func DefaultRoot() []byte { return slices.Clone(publicRoot) }
