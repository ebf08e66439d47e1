package attestation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/gate/attestation/attestationtest"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
)

var (
	notes     = plugins.Ref{Name: "@acme/plugin-notes", Version: "1.2.3"}
	integrity = plugins.IntegrityOf([64]byte{1})
	other     = plugins.IntegrityOf([64]byte{2})
)

func verifier(t testing.TB, s *attestationtest.Sigstore) *attestation.Verifier {
	t.Helper()
	v, err := attestation.New(s.TrustedRoot())
	require.NoError(t, err)
	return v
}

func TestBuildsThatSignedWell(t *testing.T) {
	s := attestationtest.New(t)
	v := verifier(t, s)
	const signer = "/.github/workflows/release.yml@refs/heads/main"
	for name, c := range map[string]struct {
		build attestationtest.Build
		want  gate.Provenance
	}{
		"GitHub": {want: gate.Provenance{
			PredicateType: gate.ProvenanceType, Builder: "https://github.com/actions/runner/github-hosted",
			Repository: "https://github.com/acme/plugins", Signer: "https://github.com/acme/plugins" + signer,
		}},
		"GitHub, a runner of their own": {attestationtest.Build{Runner: "self-hosted"}, gate.Provenance{
			PredicateType: gate.ProvenanceType, Builder: "https://github.com/actions/runner/self-hosted",
			Repository: "https://github.com/acme/plugins", Signer: "https://github.com/acme/plugins" + signer,
		}},
		"GitLab, which npm writes in the older form": {
			attestationtest.Build{Issuer: attestationtest.GitLab, Kind: attestationtest.V02}, gate.Provenance{
				PredicateType: attestationtest.V02, Builder: "https://gitlab.com/acme/plugins/-/runners/7",
				Repository: "https://gitlab.com/acme/plugins", Signer: "https://gitlab.com/acme/plugins" + signer,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := v.Provenance(s.Answer(notes, integrity, c.build))
			require.NoError(t, err)
			c.want.Subjects = []string{integrity.Hex()}
			require.Equal(t, c.want, got)
		})
	}
}

// TestAnotherSubject: what it is about is the gate's to compare.
func TestAnotherSubject(t *testing.T) {
	s := attestationtest.New(t)
	got, err := verifier(t, s).Provenance(s.Answer(notes, integrity, attestationtest.Build{Of: other}))
	require.NoError(t, err)
	require.Equal(t, []string{other.Hex()}, got.Subjects)
}

func TestForgeriesAreNotVerified(t *testing.T) {
	s := attestationtest.New(t)
	v := verifier(t, s)
	for name, c := range map[string]struct {
		build attestationtest.Build
		why   string
	}{
		"changed after it was signed":             {attestationtest.Build{Tampered: true}, "does not match"},
		"signed with another key":                 {attestationtest.Build{Stolen: true}, "signature"},
		"signed after the certificate's end":      {attestationtest.Build{Late: 20 * time.Minute}, "certificate"},
		"not in the transparency log":             {attestationtest.Build{Unlogged: true}, "log"},
		"a certificate that no log knows":         {attestationtest.Build{UnloggedCertificate: true}, "SCT"},
		"GitHub's runner, says one of their own":  {attestationtest.Build{Runner: "self-hosted", Builder: "https://github.com/actions/runner/github-hosted"}, "self-hosted"},
		"another project's runner on GitLab":      {attestationtest.Build{Issuer: attestationtest.GitLab, Kind: attestationtest.V02, Builder: "https://gitlab.com/acme/other/-/runners/7"}, "a runner of https://gitlab.com/acme/plugins"},
		"a project whose name begins like theirs": {attestationtest.Build{Issuer: attestationtest.GitLab, Builder: "https://gitlab.com/acme/plugins-evil/-/runners/7"}, "a runner of"},
		"an issuer that vouches for no build":     {attestationtest.Build{Issuer: "https://accounts.example.com"}, "only builds of GitHub and GitLab"},
		"a person":                                {attestationtest.Build{NoBuild: true}, "no source repository"},
		"another statement than the registry says": {attestationtest.Build{
			Kind: "https://in-toto.io/attestation/vulns", Says: attestationtest.V1,
		}, "calls it provenance"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Provenance(s.Answer(notes, integrity, c.build))
			require.ErrorIs(t, err, gate.ErrUnverified)
			require.ErrorContains(t, err, c.why)
		})
	}
	t.Run("an authority that nobody trusts", func(t *testing.T) {
		_, err := v.Provenance(attestationtest.New(t).Answer(notes, integrity, attestationtest.Build{}))
		require.ErrorIs(t, err, gate.ErrUnverified)
		// Neither does the public root.
		public, err := attestation.New(attestation.DefaultRoot())
		require.NoError(t, err)
		_, err = public.Provenance(s.Answer(notes, integrity, attestationtest.Build{}))
		require.ErrorIs(t, err, gate.ErrUnverified)
	})
	t.Run("a log that ends in nothing", func(t *testing.T) {
		answer := strings.ReplaceAll(string(s.Answer(notes, integrity, attestationtest.Build{})), `"integratedTime":"`, `"integratedTime":"9`)
		_, err := v.Provenance([]byte(answer))
		require.ErrorIs(t, err, gate.ErrUnverified)
	})
}

// TestPublishAttestationAlone: npm's own attestation says who published, not how it
// was built.
func TestPublishAttestationAlone(t *testing.T) {
	s := attestationtest.New(t)
	_, err := verifier(t, s).Provenance(s.Answer(notes, integrity, attestationtest.Build{PublishOnly: true}))
	require.ErrorIs(t, err, npm.ErrNoAttestations)
}

// TestTheFirstFormCounts: v1 is taken before v0.2, wherever it stands, and one that
// is not good is not passed over for another that is.
func TestTheFirstFormCounts(t *testing.T) {
	s := attestationtest.New(t)
	v := verifier(t, s)
	list := func(builds ...attestationtest.Build) []byte {
		var all []json.RawMessage
		for _, b := range builds {
			var one struct{ Attestations []json.RawMessage }
			require.NoError(t, json.Unmarshal(s.Answer(notes, integrity, b), &one))
			all = append(all, one.Attestations...)
		}
		content, err := json.Marshal(map[string]any{"attestations": all})
		require.NoError(t, err)
		return content
	}
	got, err := v.Provenance(list(attestationtest.Build{Kind: attestationtest.V02}, attestationtest.Build{}))
	require.NoError(t, err)
	require.Equal(t, gate.ProvenanceType, got.PredicateType)
	_, err = v.Provenance(list(attestationtest.Build{Tampered: true}, attestationtest.Build{Kind: attestationtest.V02}))
	require.ErrorIs(t, err, gate.ErrUnverified)
}

// TestPublishedAtARegistry: what others get from npmtest verifies.
func TestPublishedAtARegistry(t *testing.T) {
	s, registry := attestationtest.New(t), npmtest.New(t)
	published := s.Publish(registry, npmtest.Package{Name: notes.Name, Version: notes.Version}, attestationtest.Build{})
	client, err := npm.New(npm.Options{Registry: registry.URL})
	require.NoError(t, err)
	manifest, err := client.Manifest(t.Context(), notes)
	require.NoError(t, err)
	answer, err := client.Attestations(t.Context(), manifest)
	require.NoError(t, err)
	got, err := verifier(t, s).Provenance(answer)
	require.NoError(t, err)
	require.Equal(t, []string{published.Integrity.Hex()}, got.Subjects)
}

// FuzzProvenance: nothing that a registry answers brings the reader down, and
// nothing but the real thing passes.
func FuzzProvenance(f *testing.F) {
	s := attestationtest.New(f)
	v := verifier(f, s)
	good := s.Answer(notes, integrity, attestationtest.Build{})
	for _, seed := range []string{
		string(good), `{"attestations":[]}`, `{"attestations":[null]}`, `[]`, `null`, "",
		`{"attestations":[{"predicateType":"https://slsa.dev/provenance/v1"}]}`,
		`{"attestations":[{"predicateType":"https://slsa.dev/provenance/v1","bundle":null}]}`,
		`{"attestations":[{"predicateType":"https://slsa.dev/provenance/v1","bundle":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}}]}`,
		`{"attestations":[{"predicateType":"https://slsa.dev/provenance/v1","bundle":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":""},"tlogEntries":[null]},"dsseEnvelope":{"signatures":[null]}}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		got, err := v.Provenance(answer)
		if err == nil {
			require.Equal(t, []string{integrity.Hex()}, got.Subjects)
			require.Equal(t, "https://github.com/acme/plugins", got.Repository)
		}
	})
}
