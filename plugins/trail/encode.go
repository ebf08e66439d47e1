package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
)

// MaxSize is the most bytes of one record, far above what [Record.Check] lets in.
const MaxSize = 1 << 20

// maxSequence is the greatest whole number that JSON keeps exactly (RFC 7493, 2.2).
const maxSequence = 1<<53 - 1

// Encode is a record as logs keep it: canonical JSON (RFC 8785) and a newline.
func Encode(r Record) ([]byte, error) {
	text, err := canonical(r)
	if err != nil {
		return nil, fmt.Errorf("write record %d: %w", r.Sequence, err)
	}
	text = append(text, '\n')
	if len(text) > MaxSize {
		return nil, fmt.Errorf("write record %d: it has %d bytes, want at most %d", r.Sequence, len(text), MaxSize)
	}
	return text, nil
}

// Decode reads what Encode writes, and nothing else: another spelling of the same
// record is a change of it. It does not look at the hash; that is [Verify]'s.
func Decode(content []byte) (Record, error) {
	var r Record
	switch {
	case len(content) == 0:
		return Record{}, errors.New("it is empty")
	case len(content) > MaxSize:
		return Record{}, fmt.Errorf("it has more than %d bytes", MaxSize)
	case content[len(content)-1] != '\n':
		return Record{}, errors.New("it is cut off: the newline at its end is missing")
	}
	var peek struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(content, &peek); err != nil || !strings.HasPrefix(peek.Format, family) {
		return Record{}, errors.Join(errors.New("it is no record of an audit trail"), err)
	}
	if peek.Format != Format {
		return Record{}, &versionError{peek.Format}
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return Record{}, fmt.Errorf("it is no record of an audit trail: %w", err)
	}
	if err := r.Check(); err != nil {
		return Record{}, fmt.Errorf("it is no record of an audit trail: %w", err)
	}
	if r.Sequence < 1 || r.Sequence > maxSequence {
		return Record{}, fmt.Errorf("it is no record of an audit trail: sequence %d is not from 1 to %d", r.Sequence, int64(maxSequence))
	}
	if again, err := Encode(r); err != nil || !bytes.Equal(again, content) {
		return Record{}, errors.New("it is not spelled as it was written: something else wrote it anew")
	}
	return r, nil
}

// versionError means that another version of this program may have written a record,
// which nobody here can tell.
type versionError struct{ format string }

func (e *versionError) Error() string {
	return fmt.Sprintf("its format is %q, not %q: another version of gatehouse wrote it", short(e.format), Format)
}

// digest is the hash that the record should have.
func (r Record) digest() (Hash, error) {
	r.Hash = Hash{}
	text, err := canonical(r)
	if err != nil {
		return Hash{}, err
	}
	return HashOf(text), nil
}

// canonical is the record as canonical JSON: one spelling for one record. A hash
// that is not there yet is left out.
func canonical(r Record) ([]byte, error) {
	if r.Exceptions == nil {
		r.Exceptions = []Exception{}
	}
	if r.Gate != nil && r.Gate.Steps == nil {
		r.Gate = &Gate{Digest: r.Gate.Digest, Steps: []Step{}}
	}
	r.Time = instant(r.Time)
	type plain Record
	text, err := json.Marshal(struct {
		plain
		Hash *Hash `json:"hash,omitempty"`
	}{plain(r), none(r.Hash)})
	if err != nil {
		return nil, err
	}
	return jcs.Transform(text)
}

func none(h Hash) *Hash {
	if h == (Hash{}) {
		return nil
	}
	return &h
}

// instant is a time as records have it.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
