package gate_test

import (
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
)

func TestDefaultPolicyHolds(t *testing.T) {
	require.NoError(t, gate.DefaultPolicy().Check())
	require.Error(t, gate.Policy{}.Check())
	policy, err := gate.ParsePolicy(strings.NewReader(""))
	require.NoError(t, err)
	require.Equal(t, gate.DefaultPolicy(), policy)
}

func TestParsePolicy(t *testing.T) {
	policy, err := gate.ParsePolicy(strings.NewReader(`
provenance:
  required: true
  repositories: [https://github.com/backstage/backstage]
licences:
  allow: [MIT]
vulnerabilities:
  refuseFrom: moderate
  maxAge: 24h
limits:
  files: 7
plugins:
  "@acme/plugin-notes-backend":
    provenance: {required: true, repositories: [https://github.com/acme/notes]}
    accept:
      - step: signature
        id: unsigned
        reason: our mirror does not sign
        expires: 2027-02-01
`))
	require.NoError(t, err)
	day, err := gate.NewDay("2027-02-01")
	require.NoError(t, err)
	want := gate.DefaultPolicy()
	want.Provenance = gate.ProvenanceRule{Required: true, Repositories: []string{"https://github.com/backstage/backstage"}}
	want.Licences.Allow = []string{"MIT"}
	want.Vulnerabilities = gate.VulnerabilityRule{RefuseFrom: advisory.Medium, MaxAge: 24 * time.Hour}
	want.Limits.Files = 7
	want.Plugins = map[string]gate.Override{name: {
		Provenance: &gate.ProvenanceRule{Required: true, Repositories: []string{"https://github.com/acme/notes"}},
		Accept:     []gate.Exception{{Step: "signature", ID: "unsigned", Reason: "our mirror does not sign", Expires: day}},
	}}
	require.Equal(t, want, policy)
}

func TestParsePolicyRefuses(t *testing.T) {
	accept := func(fields string) string {
		return "plugins:\n  left-pad:\n    accept:\n      - {step: signature, id: unsigned, reason: r, expires: 2027-02-01}\n      - {" + fields + "}\n"
	}
	for text, parts := range map[string][]string{
		"licenses:\n  allow: [MIT]\n":                                                 {"line 1", `unknown key "licenses"`},
		"limits:\n  files: 1\n  fils: 2\n":                                            {"line 3", `unknown key "fils"`},
		"limits:\n  files: many\n":                                                    {"line 2", "many"},
		"limits:\n  path: 1\n  files: 0\n":                                            {"line 3", "limits.files", "above 0"},
		"vulnerabilities:\n  refuseFrom: terrible\n":                                  {"terrible"},
		"vulnerabilities:\n  maxAge: 0s\n":                                            {"line 2", "maxAge"},
		"licences:\n  allow:\n  - MIT OR ISC\n":                                       {"line 2", "MIT OR ISC"},
		"provenance:\n  builders: [x]\n":                                              {"line 1", "required: true"},
		"provenance:\n  required: true\n  builders: ['']\n":                           {"line 1", "empty builder"},
		"plugins:\n  Left_Pad: {}\n":                                                  {"no name of an npm package"},
		"plugins:\n  a: {}\n  Left Pad: {}\n":                                         {"line 3", "Left Pad"},
		accept("step: signed, id: x, reason: r, expires: 2027-02-01"):                 {"line 5", "plugins.left-pad.accept.1", "unknown step"},
		accept("step: signature, reason: r, expires: 2027-02-01"):                     {"line 5", "id is missing"},
		accept("step: signature, id: x, expires: 2027-02-01"):                         {"line 5", "reason is missing"},
		accept("step: signature, id: x, reason: ' ', expires: 2027-02-01"):            {"line 5", "reason is missing"},
		accept("step: signature, id: x, reason: r"):                                   {"line 5", "expires is missing"},
		accept("step: signature, id: x, reason: r, expires: soon"):                    {"no day"},
		accept("step: signature, id: x, reason: r, expires: 2027-02-01, version: ^1"): {"line 5", "no exact version"},
		"provenance: {required: true}\nplugins:\n  left-pad:\n    provenance: {}\n":   {"line 4", "only want more"},
		"{}\n---\n{}\n":                {"second document"},
		"a: &a [*a]\n":                 {"plugin policy"},
		"limits: {files: 1, files: 2}": {"files"},
		strings.Repeat("#", 1<<20+1):   {"more than"},
	} {
		_, err := gate.ParsePolicy(strings.NewReader(text))
		require.Error(t, err, text)
		for _, part := range parts {
			require.ErrorContains(t, err, part, text)
		}
	}
	_, err := gate.ParsePolicy(iotest.ErrReader(errDisk))
	require.ErrorIs(t, err, errDisk)
}

// FuzzParsePolicy: a policy that is read is one that holds.
func FuzzParsePolicy(f *testing.F) {
	f.Add("limits: {files: 1}")
	f.Add("plugins: {a: {accept: [{step: exists, id: deprecated, reason: r, expires: 2027-01-01}]}}")
	f.Add("a: &a\n  b: *a")
	f.Fuzz(func(t *testing.T, text string) {
		if policy, err := gate.ParsePolicy(strings.NewReader(text)); err == nil {
			require.NoError(t, policy.Check())
		}
	})
}
