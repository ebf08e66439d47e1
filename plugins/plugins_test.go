package plugins_test

import (
	"crypto/sha512"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins"
)

func TestParseRef(t *testing.T) {
	for text, want := range map[string]plugins.Ref{
		"is-number@7.0.0":                       {Name: "is-number", Version: "7.0.0"},
		"@backstage/plugin-catalog@1.15.0":      {Name: "@backstage/plugin-catalog", Version: "1.15.0"},
		"@backstage/plugin-x@0.1.0-next.3+b.1a": {Name: "@backstage/plugin-x", Version: "0.1.0-next.3+b.1a"},
	} {
		ref, err := plugins.ParseRef(text)
		require.NoError(t, err)
		require.Equal(t, want, ref)
		require.Equal(t, text, ref.String())
	}
	for text, part := range map[string]string{
		"":                                  "names no version",
		"@backstage/plugin":                 "names no version",
		"plugin":                            "names no version",
		"plugin@":                           "no exact version",
		"plugin@latest":                     "no exact version",
		"plugin@^1.0.0":                     "no exact version",
		"plugin@01.0.0":                     "no exact version",
		"plugin@1.0":                        "no exact version",
		"../plugin@1.0.0":                   "no name",
		"@a/../b@1.0.0":                     "no name",
		"Plugin@1.0.0":                      "no name",
		".hidden@1.0.0":                     "no name",
		"a\n@1.0.0":                         "no name",
		strings.Repeat("a", 215) + "@1.0.0": "no name",
	} {
		_, err := plugins.ParseRef(text)
		require.ErrorContains(t, err, part, text)
	}
}

func TestIntegrity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := plugins.IntegrityOf(sha512.Sum512(rapid.SliceOf(rapid.Byte()).Draw(t, "content")))
		got, err := plugins.ParseIntegrity("sha1-abc " + want.String() + "?x")
		require.NoError(t, err)
		require.Equal(t, want, got)
		text, err := json.Marshal(want)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &got))
		require.Equal(t, want, got)
		require.Len(t, got.Hex(), 128)
	})
	for _, text := range []string{"", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha512-", "sha512-AAAA", "sha512-!", "abc"} {
		_, err := plugins.ParseIntegrity(text)
		require.ErrorContains(t, err, "SHA-512", text)
	}
	require.Empty(t, plugins.Integrity{}.String())
	var none plugins.Integrity
	require.NoError(t, json.Unmarshal([]byte(`""`), &none))
	require.True(t, none.IsZero())
}

func TestParseStrategy(t *testing.T) {
	for _, s := range plugins.Strategies {
		got, err := plugins.ParseStrategy(string(s))
		require.NoError(t, err)
		require.Equal(t, s, got)
	}
	_, err := plugins.ParseStrategy("Dynamic")
	require.ErrorContains(t, err, "dynamic, rebuild or sidecar")
}
