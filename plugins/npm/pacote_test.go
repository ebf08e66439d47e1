package npm_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

// judge is npm's own verifier, the library pacote that npm brings. `npm audit
// signatures` would ask the internet for npm's keys; here they are the test's.
const judge = `
const [npm, registry, spec, keys, folder] = process.argv.slice(1);
const pacote = require(npm + "/node_modules/pacote");
const pemkey = (key) => "-----BEGIN PUBLIC KEY-----\n" + key.key + "\n-----END PUBLIC KEY-----";
const options = { registry, cache: folder + "/cache", fullMetadata: true, verifySignatures: true, preferOnline: true,
  ["//" + new URL(registry).host + "/:_keys"]: JSON.parse(keys).map((key) => ({ ...key, pemkey: pemkey(key) })) };
(async () => {
  const manifest = await pacote.manifest(spec, options);
  await pacote.extract(spec, folder + "/out", { ...options, integrity: manifest._integrity });
  return manifest._signatures ? "verified" : "unsigned";
})().catch((e) => e.code).then((said) => console.log(said));
`

// The registry of the tests is one to npm too, and npm and this package agree on
// every signature.
func TestNPMAgrees(t *testing.T) {
	if testing.Short() {
		t.Skip("long: runs npm's own code")
	}
	root, err := exec.CommandContext(t.Context(), "npm", "root", "-g").Output()
	if err != nil {
		t.Skipf("npm is needed: %v", err)
	}
	brought := filepath.Join(strings.TrimSpace(string(root)), "npm")
	key, other := npmtest.NewKey(t), npmtest.NewKey(t)
	for name, c := range map[string]struct {
		keys []npmtest.Key
		lies []npmtest.Lie
		npm  string
		want error
	}{
		"well":                  {[]npmtest.Key{key, other}, nil, "verified", nil},
		"two signatures":        {[]npmtest.Key{key, other}, []npmtest.Lie{npmtest.AlsoSignedBy(other)}, "verified", nil},
		"wrong signature":       {[]npmtest.Key{key}, []npmtest.Lie{npmtest.WrongSignature(key)}, "EINTEGRITYSIGNATURE", npm.ErrWrongSignature},
		"unknown key":           {[]npmtest.Key{key}, []npmtest.Lie{npmtest.SignedBy(other)}, "EMISSINGSIGNATUREKEY", npm.ErrUnknownKey},
		"one of two is unknown": {[]npmtest.Key{key}, []npmtest.Lie{npmtest.AlsoSignedBy(other)}, "EMISSINGSIGNATUREKEY", npm.ErrUnknownKey},
		"expired before":        {[]npmtest.Key{key.Expired(npmtest.Published.AddDate(0, 0, -1))}, nil, "EEXPIREDSIGNATUREKEY", npm.ErrExpiredKey},
		"expired after":         {[]npmtest.Key{key.Expired(npmtest.Published.AddDate(0, 0, 1))}, nil, "verified", nil},
		"unsigned":              {[]npmtest.Key{key}, []npmtest.Lie{npmtest.Unsigned}, "unsigned", npm.ErrUnsigned},
		"another tarball":       {[]npmtest.Key{key}, []npmtest.Lie{npmtest.WrongIntegrity, npmtest.SignedBy(key)}, "EINTEGRITY", npm.ErrIntegrity},
	} {
		t.Run(name, func(t *testing.T) {
			registry := npmtest.New(t)
			registry.Serve(c.keys...)
			published := registry.Publish(npmtest.Package{Name: "@acme/plugin-one", Version: "1.0.0", Lies: c.lies})
			client, _ := client(t, registry)
			keys, err := client.Keys(t.Context())
			require.NoError(t, err)
			m, err := client.Manifest(t.Context(), published.Ref)
			require.NoError(t, err)
			err = npm.VerifySignatures(m.Ref, m.Dist.Integrity, m.Published, m.Dist.Signatures, keys)
			if err == nil {
				var tarball *npm.Tarball
				if tarball, err = client.Tarball(t.Context(), m); err == nil {
					require.NoError(t, tarball.Close())
				}
			}
			require.ErrorIs(t, err, c.want)

			var served []any
			for _, each := range c.keys {
				served = append(served, each.JSON())
			}
			text, err := json.Marshal(served)
			require.NoError(t, err)
			out, err := exec.CommandContext(t.Context(), "node", "-e", judge, brought, registry.URL.String()+"/", published.Ref.String(), string(text), t.TempDir()).CombinedOutput()
			require.NoError(t, err, string(out))
			require.Equal(t, c.npm, strings.TrimSpace(string(out)))
		})
	}
}
