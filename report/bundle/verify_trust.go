package bundle

import (
	"slices"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

// signatures says of each signature whose it is, or why it is nobody's. The
// library's own verifier skips what does not verify and does not say why.
//
// A signature by an unknown key is a problem only if no trusted one signed too.
func (v *verifier) signatures(payload []byte, all []signature, predicate Predicate) {
	if len(all) == 0 {
		v.problem(Unsigned, StatementPath, "it has no signature: anybody may have written it")
		return
	}
	message := dsse.PAE(payloadType, payload)
	var unknown []string
	for _, s := range all {
		at := slices.IndexFunc(v.keys, func(k signing.Key) bool { return k.KeyID == s.keyID })
		if at < 0 {
			unknown = append(unknown, s.keyID)
			continue
		}
		v.signature(v.keys[at], message, s.bytes, predicate)
	}
	if len(v.out.Signers) > 0 {
		return
	}
	for _, id := range unknown {
		v.problem(UnknownKey, StatementPath, "it is signed with key %q, which is none of the %d that are trusted", id, len(v.keys))
	}
}

// signature judges one signature by the key that it names.
func (v *verifier) signature(key signing.Key, message, signature []byte, predicate Predicate) {
	switch {
	case !key.Verify(message, signature):
		v.problem(BadSignature, StatementPath, "it names the key of %q (%s), and that key did not sign it", key.Name, key.KeyID)
	case key.RevokedBy(v.now):
		v.problem(RevokedKey, StatementPath, "the key of %q (%s) is revoked since %s", key.Name, key.KeyID, key.Revoked)
	case key.Covers(predicate.Finished):
		if s := (Signatory{Name: key.Name, KeyID: key.KeyID}); !slices.Contains(v.out.Signers, s) {
			v.out.Signers = append(v.out.Signers, s)
		}
	case utc(predicate.Finished) < key.From:
		v.problem(EarlyKey, StatementPath, "the run ended at %s; the key of %q (%s) signs from %s on", utc(predicate.Finished), key.Name, key.KeyID, key.From)
	default:
		v.problem(ExpiredKey, StatementPath, "the run ended at %s; the key of %q (%s) expired on %s", utc(predicate.Finished), key.Name, key.KeyID, key.Expires)
	}
}

// evidence compares what the report was judged on with what is there.
func (v *verifier) evidence(all []readiness.Evidence) {
	there := map[string]string{}
	for _, f := range v.archive.files {
		there[f.Path] = f.SHA256
	}
	named := map[string]bool{}
	for _, e := range all {
		if e.SHA256 == "" {
			continue
		}
		path, err := EvidencePath(e.ID)
		if err != nil {
			v.problem(Dangling, ReportPath, "%s", err)
			continue
		}
		named[path] = true
		switch sum, is := there[path]; {
		case v.blamed[path]:
		case !is:
			v.problem(Dangling, path, "the report names it, with SHA-256 %q, and it is not in the bundle", e.SHA256)
		case sum != e.SHA256:
			v.problem(Dangling, path, "it has SHA-256 %s; the report was made from %q", sum, e.SHA256)
		default:
			v.out.Evidence++
		}
	}
	for _, f := range v.archive.files {
		if strings.HasPrefix(f.Path, evidenceFolder) && !named[f.Path] && !v.blamed[f.Path] {
			v.problem(Unnamed, f.Path, "it is among the evidence, and the report does not name it")
		}
	}
}
