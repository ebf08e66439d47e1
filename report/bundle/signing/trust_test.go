package signing_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/bundle/signing"
)

// trusted is a new key as keys.yaml lists it.
func trusted(t *testing.T, name string, algorithm signing.Algorithm) signing.Key {
	t.Helper()
	made, err := signing.Generate(filepath.Join(t.TempDir(), "key"), algorithm, nil)
	require.NoError(t, err)
	key, err := signing.NewKey(name, made.Public(), "2026-11-01", "2027-10-31")
	require.NoError(t, err)
	return key
}

func TestKeysAreAppendedAndRead(t *testing.T) {
	ada, bo := trusted(t, "Ada: \"lead\"", signing.Ed25519), trusted(t, "ci", signing.ECDSAP256)
	bo.Revoked = "2027-02-01"
	for _, before := range []string{"", "# whom we trust\n", "keys: []\n", "keys:\n"} {
		content, err := signing.Append([]byte(before), ada)
		require.NoError(t, err, before)
		content, err = signing.Append(content, bo)
		require.NoError(t, err)
		if strings.HasPrefix(before, "#") {
			require.True(t, strings.HasPrefix(string(content), before), "comments stay")
		}
		all, err := signing.Parse("keys.yaml", content)
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Positive(t, all[0].Line)
		require.Less(t, all[0].Line, all[1].Line)
		for i, want := range []signing.Key{ada, bo} {
			all[i].Line = 0
			require.Equal(t, want, all[i])
		}
		_, err = signing.Append(content, ada)
		require.ErrorContains(t, err, "the key is line")
		require.ErrorContains(t, err, "every key has its own")
	}
	path := filepath.Join(t.TempDir(), "keys.yaml")
	none, err := signing.Read(path)
	require.NoError(t, err)
	require.Empty(t, none)
	content, err := signing.Append(nil, ada)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	all, err := signing.Read(path)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.NoError(t, os.WriteFile(path, make([]byte, 9<<20), 0o600))
	_, err = signing.Read(path)
	require.ErrorContains(t, err, "is it a file of keys?")
}

func TestDaysOfAKey(t *testing.T) {
	key := trusted(t, "ci", signing.Ed25519)
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return when
	}
	require.False(t, key.Covers(at("2026-10-31T23:59:59Z")))
	require.True(t, key.Covers(at("2026-11-01T00:00:00Z")))
	require.True(t, key.Covers(at("2027-10-31T23:59:59Z")), "through its last day")
	require.False(t, key.Covers(at("2027-11-01T00:00:00Z")))
	require.True(t, key.Covers(at("2027-11-01T01:00:00+02:00")), "days are UTC's")
	require.False(t, key.RevokedBy(at("2027-01-01T00:00:00Z")))
	key.Revoked = "2027-01-02"
	require.False(t, key.RevokedBy(at("2027-01-01T00:00:00Z")))
	require.True(t, key.RevokedBy(at("2027-01-02T00:00:00Z")))
	require.False(t, signing.Key{}.Verify([]byte("m"), nil), "a key that nobody parsed verifies nothing")
}

func TestParseRefuses(t *testing.T) {
	ada, bo := trusted(t, "ada", signing.Ed25519), trusted(t, "bo", signing.ECDSAP256)
	content, err := signing.Append([]byte("# first\n"), ada)
	require.NoError(t, err)
	text := string(content)
	for _, c := range []struct{ name, content, want string }{
		{"unknown key", strings.Replace(text, "name:", "owner: x\n  name:", 1), `unknown key "owner"`},
		{"another file", "waivers: []", "field waivers not found"},
		{"a text", "keys: [x]", "want a key (name"},
		{"nothing in it", "keys: [{name: x}]", "k.yaml:1: keyid is missing"},
		{"another keyid", strings.Replace(text, ada.KeyID, bo.KeyID, 1), "k.yaml:3: keyid: the key's is " + ada.KeyID},
		{"another algorithm", strings.Replace(text, "ed25519", "ecdsa-p256", 1), `algorithm: the key is for ed25519, found "ecdsa-p256"`},
		{"no PEM", strings.Replace(text, "BEGIN PUBLIC KEY", "BEGIN PRIVATE KEY", 1), "publicKey: want one public key in PEM"},
		{"damaged", strings.Replace(text, "MCowBQYDK2Vw", "AAAAAAAAAAAA", 1), "publicKey: "},
		{"no day", strings.Replace(text, "2027-10-31", "next year", 1), `expires: want a day such as 2027-02-01, found "next year"`},
		{"backwards", strings.Replace(text, "2027-10-31", "2026-10-30", 1), "before it signs from 2026-11-01 on"},
		{"revoked some day", text + "  revoked: soon\n", `revoked: want a day`},
		{"no YAML", "\t", "k.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NotEqual(t, text, c.content)
			keys, err := signing.Parse("k.yaml", []byte(c.content))
			require.ErrorContains(t, err, c.want)
			require.Empty(t, keys)
		})
	}
	_, err = signing.NewKey("x", nil, "2026-11-01", "2027-10-31")
	require.Error(t, err)
	_, err = signing.NewKey("", mustPublic(t), "2026-11-01", "2027-10-31")
	require.ErrorContains(t, err, "name is missing")
}

func mustPublic(t *testing.T) any {
	t.Helper()
	made, err := signing.Generate(filepath.Join(t.TempDir(), "key"), signing.Ed25519, nil)
	require.NoError(t, err)
	return made.Public()
}
