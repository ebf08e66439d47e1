package component

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// hashLength is how many hexadecimal digits stand for what Name cuts off.
const hashLength = 8

// Name joins parts with dashes and keeps the result within limit characters: a
// longer one is cut and ends in a hash of the whole, so that two long names
// that begin alike stay apart and each stays the same from run to run. A limit
// too small for the hash is a mistake of the caller and panics.
func Name(limit int, parts ...string) string {
	whole := strings.Join(parts, "-")
	if len(whole) <= limit {
		return whole
	}
	if limit <= hashLength+1 {
		panic("component: name limit leaves no room for a hash")
	}
	sum := sha256.Sum256([]byte(whole))
	head := strings.TrimRight(whole[:limit-hashLength-1], "-")
	return head + "-" + hex.EncodeToString(sum[:])[:hashLength]
}
