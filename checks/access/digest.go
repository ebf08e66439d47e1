package access

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gatehouse/report/attestations"
	"gatehouse/report/readiness"
)

// Digest is the SHA-256 of grants as "sha256:HEX", over their JSON with sorted
// keys and without white space: that of
// `jq -cjS .access.grants readiness.json | sha256sum`.
func Digest(grants []readiness.Grant) string {
	sum := sha256.Sum256(canonical(grants))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// canonical is the JSON that is digested. Encoding texts and booleans alone, it
// cannot fail.
func canonical(grants []readiness.Grant) []byte {
	text, _ := json.Marshal(grants)
	var keyed any // maps are written in the order of their keys
	_ = json.Unmarshal(text, &keyed)
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(keyed)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// Stands tells whether an attestation of the review is about today's list, and
// if not, why. One without a digest is about no list in particular and stands,
// as before; one about another list does not, and neither does one when there is
// no list to compare it with.
func Stands(a attestations.Attestation, today *readiness.Access) (stands bool, why string) {
	switch {
	case a.Digest == "":
		return true, ""
	case today == nil:
		return false, fmt.Sprintf("what %s reviewed on %s is the list %s; today's could not be read", a.Owner, a.On, a.Digest)
	case a.Digest == today.Digest:
		return true, ""
	case len(today.Unread) > 0:
		return false, fmt.Sprintf("what %s reviewed on %s is the list %s, and today's, %s, is not whole: %s",
			a.Owner, a.On, a.Digest, today.Digest, today.Unread[0])
	default:
		return false, fmt.Sprintf("who can do what has changed since %s reviewed the list %s on %s: review today's, %s",
			a.Owner, a.Digest, a.On, today.Digest)
	}
}
