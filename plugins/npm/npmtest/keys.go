package npmtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"gatehouse/plugins"
)

// Key is a key of a registry, ECDSA P-256. Its fields are what is served, and may
// be changed into lies.
type Key struct {
	ID, Type, Scheme string
	// Public is the base64 of the key's DER.
	Public string
	// Expires is when it expired; zero never.
	Expires time.Time

	private *ecdsa.PrivateKey
}

// NewKey makes a key that never expires.
func NewKey(t testing.TB) Key {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	require.NoError(t, err)
	wire, err := ssh.NewPublicKey(&private.PublicKey)
	require.NoError(t, err)
	return Key{
		ID: ssh.FingerprintSHA256(wire), Type: "ecdsa-sha2-nistp256", Scheme: "ecdsa-sha2-nistp256",
		Public: base64.StdEncoding.EncodeToString(der), private: private,
	}
}

// Expired is the key with a time at which it expired.
func (k Key) Expired(at time.Time) Key {
	k.Expires = at
	return k
}

// Sign signs an integrity for a package as npm does, in base64.
func (k Key) Sign(ref plugins.Ref, integrity string) string {
	sum := sha256.Sum256([]byte(ref.String() + ":" + integrity))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, sum[:])
	if err != nil {
		panic(err) // there is no random
	}
	return base64.StdEncoding.EncodeToString(signature)
}

// JSON is the key as npm's registry serves it.
func (k Key) JSON() map[string]any {
	var expires any
	if !k.Expires.IsZero() {
		expires = k.Expires.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return map[string]any{"expires": expires, "keyid": k.ID, "keytype": k.Type, "scheme": k.Scheme, "key": k.Public}
}
