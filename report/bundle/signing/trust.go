package signing

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"gatehouse/report/listfile"
)

// FileName is where a project keeps the public keys that it trusts, beside
// Pulumi.yaml.
const FileName = "keys.yaml"

// maxBytes is far above any real file and far below what hurts.
const maxBytes = 8 << 20

// Key is a public key that is trusted to sign bundles.
type Key struct {
	// Name is who signs with it: "ci", "Ada Okafor".
	Name string `yaml:"name" json:"name"`
	// KeyID names the key in signatures: see [KeyID].
	KeyID     string    `yaml:"keyid" json:"keyid"`
	Algorithm Algorithm `yaml:"algorithm" json:"algorithm"`
	// PublicKey is the SubjectPublicKeyInfo in PEM.
	PublicKey string `yaml:"publicKey" json:"publicKey"`
	// From and Expires are the first and the last day on which it signs, as
	// 2027-02-01, in UTC.
	From    string `yaml:"from" json:"from"`
	Expires string `yaml:"expires" json:"expires"`
	// Revoked is the day from which nothing that it signed is trusted any more,
	// of whatever time; "" when it is not.
	Revoked string `yaml:"revoked" json:"revoked,omitempty"`
	// Line is where it begins in its file; 0 when it came from none.
	Line int `yaml:"-" json:"-"`

	public crypto.PublicKey
}

// NewKey is a trusted key that signs from one day through another.
func NewKey(name string, public crypto.PublicKey, from, expires string) (Key, error) {
	algorithm, err := AlgorithmOf(public)
	if err != nil {
		return Key{}, err
	}
	id, err := KeyID(public)
	if err != nil {
		return Key{}, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Key{}, fmt.Errorf("write the public key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	k := Key{Name: name, KeyID: id, Algorithm: algorithm, PublicKey: string(text), From: from, Expires: expires}
	if problems := k.parse(); len(problems) > 0 {
		return Key{}, errors.New(strings.Join(problems, "; "))
	}
	return k, nil
}

// Verify tells whether a signature over a message is this key's. A key that
// neither Parse nor NewKey made verifies nothing.
func (k Key) Verify(message, signature []byte) bool { return Verify(k.public, message, signature) }

// Covers tells whether a time lies on the days on which the key signs.
func (k Key) Covers(at time.Time) bool {
	day := at.UTC().Format(time.DateOnly)
	return k.From <= day && day <= k.Expires
}

// RevokedBy tells whether the key is revoked at a time.
func (k Key) RevokedBy(now time.Time) bool {
	return k.Revoked != "" && k.Revoked <= now.UTC().Format(time.DateOnly)
}

// Read reads a file. One that is not there trusts no key.
func Read(path string) ([]Key, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	if len(content) > maxBytes {
		return nil, fmt.Errorf("read keys: %s is larger than %d MiB: is it a file of keys?", path, maxBytes>>20)
	}
	return Parse(path, content)
}

// Parse reads the content of a file; name is for its messages. It reads nothing
// by halves: all that is wrong is one error, and there are no keys.
func Parse(name string, content []byte) ([]Key, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	var file struct {
		Keys []located `yaml:"keys"`
	}
	if err := decoder.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read keys: %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var problems []error
	var all []Key
	for _, each := range file.Keys {
		wrong := each.parse()
		for _, other := range all {
			if each.Name != "" && each.Name == other.Name {
				wrong = append(wrong, fmt.Sprintf("name: %q is line %d's: every key has its own", each.Name, other.Line))
			}
			if each.KeyID != "" && each.KeyID == other.KeyID {
				wrong = append(wrong, fmt.Sprintf("keyid: the key is line %d's already", other.Line))
			}
		}
		for _, problem := range wrong {
			problems = append(problems, fmt.Errorf("%s:%d: %s", name, each.Line, problem))
		}
		all = append(all, each.Key)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("read keys: %w", errors.Join(problems...))
	}
	return all, nil
}

// located is a key that knows its line.
type located struct{ Key }

// UnmarshalYAML reads one key, strictly.
func (l *located) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want a key (name, keyid, algorithm, publicKey, from, expires)", node.Line)
	}
	known := []string{"name", "keyid", "algorithm", "publicKey", "from", "expires", "revoked"}
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(known, key.Value) {
			return fmt.Errorf("line %d: unknown key %q: %s", key.Line, key.Value, strings.Join(known, ", "))
		}
	}
	if err := node.Decode(&l.Key); err != nil {
		return err
	}
	l.Line = node.Line
	return nil
}

// Append adds keys at the end of a file's content and leaves the rest as it is.
// It refuses what Parse would refuse of the outcome.
func Append(content []byte, more ...Key) ([]byte, error) {
	before, err := Parse(FileName, content)
	if err != nil {
		return nil, err
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, k := range more {
		item := listfile.Item(
			[2]string{"name", k.Name}, [2]string{"keyid", k.KeyID},
			[2]string{"algorithm", string(k.Algorithm)}, [2]string{"publicKey", k.PublicKey},
		)
		item.Content = append(item.Content, listfile.Text("from"), listfile.Day(k.From), listfile.Text("expires"), listfile.Day(k.Expires))
		if k.Revoked != "" {
			item.Content = append(item.Content, listfile.Text("revoked"), listfile.Day(k.Revoked))
		}
		list.Content = append(list.Content, item)
	}
	out, err := listfile.Append(content, "keys", list)
	if err != nil {
		return nil, fmt.Errorf("append keys: %w", err)
	}
	after, err := Parse(FileName, out)
	if err != nil {
		return nil, fmt.Errorf("append keys: %w", err)
	}
	if len(after) != len(before)+len(more) {
		return nil, fmt.Errorf("append keys: %s is written in an unusual way; add them by hand", FileName)
	}
	return out, nil
}
