package npm_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// kms is a package that npm's registry has signed with its first key.
func kms(t *testing.T) (plugins.Ref, plugins.Integrity, []npm.Signature, []npm.Key) {
	t.Helper()
	integrity, err := plugins.ParseIntegrity("sha512-QqZ7VJ/8xPkS9s2IWB7Shj3qTJdcRyeXKbPQnsZjsPEwvutGv0EGeVchPcauoiDFJlGbZMFq5GDCurAGNSghJQ==")
	require.NoError(t, err)
	const id = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"
	return plugins.Ref{Name: "kms-demo", Version: "1.0.0"}, integrity, []npm.Signature{{
			KeyID: id,
			Sig:   "MEUCIDrLNspFeU5NZ6d55ycVBZIMXnPJi/XnI1Y2dlJvK8P1AiEAnXjn1IOMUd+U7YfPH+FNjwfLq+jCwfH8uaxocq+mpPk=",
		}}, []npm.Key{{
			ID: id, Type: "ecdsa-sha2-nistp256", Scheme: "ecdsa-sha2-nistp256",
			Public:  "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==",
			Expires: time.Date(2025, 1, 29, 0, 0, 0, 0, time.UTC),
		}}
}

func TestNPMsOwnSignature(t *testing.T) {
	ref, integrity, signatures, keys := kms(t)
	end := keys[0].Expires
	require.NoError(t, npm.VerifySignatures(ref, integrity, end.Add(-time.Second), signatures, keys))
	require.NoError(t, npm.VerifySignatures(ref, integrity, end, signatures, keys), "npm asks whether it is later")
	require.ErrorIs(t, npm.VerifySignatures(ref, integrity, end.Add(time.Second), signatures, keys), npm.ErrExpiredKey)
	err := npm.VerifySignatures(ref, integrity, time.Time{}, signatures, keys)
	require.ErrorIs(t, err, npm.ErrExpiredKey)
	require.ErrorContains(t, err, "does not say when")
	keys[0].Expires = time.Time{}
	require.NoError(t, npm.VerifySignatures(ref, integrity, time.Time{}, signatures, keys))

	for _, other := range []plugins.Ref{{Name: "kms-demo", Version: "1.0.1"}, {Name: "kms-demo2", Version: "1.0.0"}} {
		require.ErrorIs(t, npm.VerifySignatures(other, integrity, time.Time{}, signatures, keys), npm.ErrWrongSignature)
	}
	require.ErrorIs(t, npm.VerifySignatures(ref, plugins.IntegrityOf(sha512.Sum512(nil)), time.Time{}, signatures, keys), npm.ErrWrongSignature)
	err = npm.VerifySignatures(ref, plugins.Integrity{}, time.Time{}, signatures, keys)
	require.ErrorIs(t, err, npm.ErrWrongSignature)
	require.ErrorContains(t, err, "there is no integrity")
}

func TestEverySignatureMustVerify(t *testing.T) {
	known, other, absent := npmtest.NewKey(t), npmtest.NewKey(t), npmtest.NewKey(t)
	for name, c := range map[string]struct {
		lies []npmtest.Lie
		want error
	}{
		"one":                    {[]npmtest.Lie{npmtest.SignedBy(known)}, nil},
		"by default":             {nil, nil},
		"two":                    {[]npmtest.Lie{npmtest.SignedBy(known), npmtest.AlsoSignedBy(other)}, nil},
		"none":                   {[]npmtest.Lie{npmtest.Unsigned}, npm.ErrUnsigned},
		"an empty list":          {[]npmtest.Lie{npmtest.Dist("signatures", []any{})}, npm.ErrUnsigned},
		"a key that is not":      {[]npmtest.Lie{npmtest.SignedBy(absent)}, npm.ErrUnknownKey},
		"a second that is not":   {[]npmtest.Lie{npmtest.AlsoSignedBy(absent)}, npm.ErrUnknownKey},
		"of another package":     {[]npmtest.Lie{npmtest.WrongSignature(known)}, npm.ErrWrongSignature},
		"integrity changed":      {[]npmtest.Lie{npmtest.WrongIntegrity}, npm.ErrWrongSignature},
		"of nothing":             {[]npmtest.Lie{npmtest.Dist("signatures", []any{map[string]any{"keyid": known.ID}})}, npm.ErrWrongSignature},
		"no base64":              {[]npmtest.Lie{npmtest.Dist("signatures", []any{map[string]any{"keyid": known.ID, "sig": "*"}})}, npm.ErrWrongSignature},
		"one without a key":      {[]npmtest.Lie{npmtest.Dist("signatures", []any{map[string]any{"sig": "AAAA"}})}, npm.ErrUnknownKey},
		"changed to fit the lie": {[]npmtest.Lie{npmtest.WrongIntegrity, npmtest.SignedBy(known)}, nil}, // its tarball is refused
		"too many": {slices.Concat([]npmtest.Lie{npmtest.SignedBy(known)},
			slices.Repeat([]npmtest.Lie{npmtest.AlsoSignedBy(known)}, 16)), npm.ErrWrongSignature},
	} {
		t.Run(name, func(t *testing.T) {
			registry := npmtest.New(t)
			registry.Serve(known, other)
			p := one
			p.Lies = c.lies
			published := registry.Publish(p)
			client, _ := client(t, registry)
			m, err := client.Manifest(t.Context(), published.Ref)
			require.NoError(t, err)
			keys, err := client.Keys(t.Context())
			require.NoError(t, err)
			err = npm.VerifySignatures(m.Ref, m.Dist.Integrity, m.Published, m.Dist.Signatures, keys)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, "verify the registry's signatures of one@1.0.0: ")
		})
	}
}

func TestAKeyIsWhatItIsCalled(t *testing.T) {
	ref, integrity, signatures, keys := kms(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	edwards, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	der := func(public any) string {
		content, err := x509.MarshalPKIXPublicKey(public)
		require.NoError(t, err)
		return base64.StdEncoding.EncodeToString(content)
	}
	for name, c := range map[string]struct {
		change func(*npm.Key)
		want   string
	}{
		"type":         {func(k *npm.Key) { k.Type = "rsa" }, `of type "rsa"`},
		"scheme":       {func(k *npm.Key) { k.Scheme = "" }, `scheme ""`},
		"no base64":    {func(k *npm.Key) { k.Public = "*" }, "no base64"},
		"no key":       {func(k *npm.Key) { k.Public = "AAAA" }, "asn1"},
		"another":      {func(k *npm.Key) { k.Public = npmtest.NewKey(t).Public }, "it is called SHA256:jl3b"},
		"P-384":        {func(k *npm.Key) { k.Public = der(&p384.PublicKey) }, "no point of P-256"},
		"another kind": {func(k *npm.Key) { k.Public = der(edwards) }, "no point of P-256"},
	} {
		key := keys[0]
		c.change(&key)
		err := npm.VerifySignatures(ref, integrity, key.Expires, signatures, []npm.Key{key})
		require.ErrorIs(t, err, npm.ErrWrongKey, name)
		require.ErrorContains(t, err, c.want, name)
	}
}

// No change of a bit anywhere leaves a signature good.
func TestNoOtherBitVerifies(t *testing.T) {
	ref, integrity, signatures, keys := kms(t)
	der, err := base64.StdEncoding.DecodeString(signatures[0].Sig)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		changed := slices.Clone(der)
		bit := rapid.IntRange(0, 8*len(der)-1).Draw(t, "bit")
		changed[bit/8] ^= 1 << (bit % 8)
		signature := npm.Signature{KeyID: signatures[0].KeyID, Sig: base64.StdEncoding.EncodeToString(changed)}
		err := npm.VerifySignatures(ref, integrity, keys[0].Expires, []npm.Signature{signature}, keys)
		require.ErrorIs(t, err, npm.ErrWrongSignature)
	})
}
