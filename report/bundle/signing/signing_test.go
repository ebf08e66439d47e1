package signing_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle/signing"
)

func TestGeneratedKeysSignAndOpen(t *testing.T) {
	for _, algorithm := range signing.Algorithms {
		for name, passphrase := range map[string][]byte{"plain": nil, "encrypted": []byte("correct horse")} {
			t.Run(string(algorithm)+" "+name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "key.pem")
				made, err := signing.Generate(path, algorithm, passphrase)
				require.NoError(t, err)
				info, err := os.Stat(path)
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode())

				key, err := signing.Open(path, passphrase)
				require.NoError(t, err)
				require.Equal(t, made.KeyID(), key.KeyID())
				require.Regexp(t, "^sha256:[0-9a-f]{64}$", key.KeyID())

				message := []byte("what is signed")
				signature, err := key.Sign(t.Context(), message)
				require.NoError(t, err)
				again, err := key.Sign(t.Context(), message)
				require.NoError(t, err)
				require.Equal(t, signature, again, "the same message makes the same signature")
				require.True(t, signing.Verify(key.Public(), message, signature))
				require.False(t, signing.Verify(key.Public(), []byte("something else"), signature))
				require.False(t, signing.Verify(key.Public(), message, nil))

				trusted, err := signing.NewKey("ci", key.Public(), "2026-11-01", "2027-11-01")
				require.NoError(t, err)
				require.Equal(t, algorithm, trusted.Algorithm)
				require.True(t, trusted.Verify(message, signature))

				_, err = signing.Generate(path, algorithm, nil)
				require.ErrorContains(t, err, "never overwritten")
				after, err := signing.Open(path, passphrase)
				require.NoError(t, err, "it is still the first key")
				require.Equal(t, made.KeyID(), after.KeyID())
			})
		}
	}
	_, err := signing.Generate(filepath.Join(t.TempDir(), "k"), "rsa", nil)
	require.ErrorContains(t, err, `unknown algorithm "rsa": ed25519, ecdsa-p256`)
	_, err = signing.Generate(filepath.Join(t.TempDir(), "no", "such", "k"), signing.Ed25519, nil)
	require.ErrorContains(t, err, "write key")
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(content string) string {
		path := filepath.Join(dir, "key.pem")
		require.NoError(t, os.RemoveAll(path))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	encode := func(kind string, der []byte, err error) string {
		require.NoError(t, err)
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	wrongCurve, err := x509.MarshalPKCS8PrivateKey(p384)
	public, err2 := x509.MarshalPKIXPublicKey(&p384.PublicKey)
	good := filepath.Join(dir, "good.pem")
	_, errGood := signing.Generate(good, signing.Ed25519, nil)
	require.NoError(t, errGood)
	plain, errRead := os.ReadFile(good)
	require.NoError(t, errRead)
	for _, c := range []struct{ name, content, want string }{
		{"no PEM", "hello", "want a private key in PEM"},
		{"empty", "", "want a private key in PEM"},
		{"two keys", string(plain) + string(plain), "nothing after it"},
		{"damaged", encode("PRIVATE KEY", []byte("x"), nil), "open key"},
		{"another curve", encode("PRIVATE KEY", wrongCurve, err), "found ECDSA on P-384: want an Ed25519 key or one of ECDSA on P-256"},
		{"a public key", encode("PUBLIC KEY", public, err2), "name the private one"},
		{"another format", encode("EC PRIVATE KEY", []byte("x"), nil), "openssl pkcs8 -topk8"},
		{"large", string(make([]byte, 1<<17)), "is it a key?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := signing.Open(write(c.content), nil)
			require.ErrorContains(t, err, c.want)
		})
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o610} {
		require.NoError(t, os.Chmod(good, mode))
		_, err = signing.Open(good, nil)
		require.ErrorContains(t, err, "run chmod 600 "+good)
	}
	_, err = signing.Open(dir, nil)
	require.ErrorContains(t, err, "no regular file")
	_, err = signing.Open(filepath.Join(dir, "absent"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)

	sealed := filepath.Join(dir, "sealed.pem")
	_, err = signing.Generate(sealed, signing.Ed25519, []byte("right"))
	require.NoError(t, err)
	_, err = signing.Open(sealed, nil)
	require.ErrorContains(t, err, "it is encrypted: set GATEHOUSE_KEY_PASSPHRASE")
	_, err = signing.Open(sealed, []byte("wrong"))
	require.ErrorContains(t, err, "decrypt it with the passphrase")
}
