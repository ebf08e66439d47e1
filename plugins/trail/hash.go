package trail

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Hash is a SHA-256, written as 64 small hexadecimal digits. The zero value stands
// for "no record".
type Hash [sha256.Size]byte

// HashOf is that of some content.
func HashOf(content []byte) Hash { return sha256.Sum256(content) }

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes the digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the digits.
func (h *Hash) UnmarshalText(text []byte) error {
	sum, err := hex.DecodeString(string(text))
	if err != nil || len(sum) != sha256.Size || Hash(sum).String() != string(text) {
		return fmt.Errorf("%q is no SHA-256: want 64 digits of 0-9 and a-f", short(string(text)))
	}
	*h = Hash(sum)
	return nil
}

// Head is a place in a chain: one record's sequence and hash. Kept outside of the
// log, it shows when records up to it are cut off or written anew. The zero value
// is the place before the first record.
type Head struct {
	Sequence int64
	Hash     Hash
}

// Head is the record's.
func (r Record) Head() Head { return Head{r.Sequence, r.Hash} }

// String is SEQUENCE:HASH, for a ConfigMap or a stack's output.
func (h Head) String() string { return strconv.FormatInt(h.Sequence, 10) + ":" + h.Hash.String() }

// MarshalText writes String.
func (h Head) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (h *Head) UnmarshalText(text []byte) (err error) {
	*h, err = ParseHead(string(text))
	return err
}

// ParseHead reads what String writes.
func ParseHead(text string) (Head, error) {
	number, digits, _ := strings.Cut(text, ":")
	sequence, err := strconv.ParseInt(number, 10, 64)
	head := Head{Sequence: sequence}
	if err != nil || sequence < 0 || strconv.FormatInt(sequence, 10) != number {
		return Head{}, fmt.Errorf("%q is no head of an audit trail: want SEQUENCE:HASH", short(text))
	}
	if err := head.Hash.UnmarshalText([]byte(digits)); err != nil {
		return Head{}, fmt.Errorf("read the head of an audit trail: %w", err)
	}
	if (sequence == 0) != (head.Hash == Hash{}) {
		return Head{}, fmt.Errorf("%q is no head of an audit trail: only sequence 0 has no hash", short(text))
	}
	return head, nil
}

// short keeps a stranger's text from filling a line.
func short(text string) string {
	if len(text) > 80 {
		return text[:77] + "..."
	}
	return text
}
