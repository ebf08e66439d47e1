package attestation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/testing/data"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/npm"
)

// answer is what npm's registry answers with the real bundle of sigstore@2.0.0.
func answer(t *testing.T, change func(string) string) []byte {
	t.Helper()
	content, err := data.Bundle(t, "sigstore.js@2.0.0-provenance.sigstore.json").MarshalJSON()
	require.NoError(t, err)
	text := change(string(content))
	list, err := json.Marshal(map[string]any{"attestations": []any{
		map[string]any{"predicateType": "https://github.com/npm/attestation/tree/main/specs/publish/v0.1", "bundle": map[string]any{}},
		map[string]any{"predicateType": gate.ProvenanceType, "bundle": json.RawMessage(text)},
	}})
	require.NoError(t, err)
	return list
}

func same(text string) string { return text }

func public(t *testing.T) *Verifier {
	t.Helper()
	v, err := newVerifier(data.TrustedRoot(t, "public-good.json"))
	require.NoError(t, err)
	return v
}

func TestARealProvenance(t *testing.T) {
	p, err := public(t).Provenance(answer(t, same))
	require.NoError(t, err)
	require.Len(t, p.Subjects, 1)
	require.Len(t, p.Subjects[0], 128)
	p.Subjects = nil
	require.Equal(t, gate.Provenance{
		PredicateType: gate.ProvenanceType,
		Builder:       "https://github.com/actions/runner/github-hosted",
		Repository:    "https://github.com/sigstore/sigstore-js",
		Signer:        "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main",
	}, p)
}

// TestDefaultRoot: the root that is compiled in reads, knows what signs for npm
// today, and verifies a real package's provenance.
func TestDefaultRoot(t *testing.T) {
	v, err := New(DefaultRoot())
	require.NoError(t, err)
	p, err := v.Provenance(answer(t, same))
	require.NoError(t, err)
	require.Equal(t, "https://github.com/sigstore/sigstore-js", p.Repository)
	material, err := root.NewTrustedRootFromJSON(DefaultRoot())
	require.NoError(t, err)
	var logs []string
	for _, log := range material.RekorLogs() {
		logs = append(logs, log.BaseURL)
	}
	require.ElementsMatch(t, []string{"https://rekor.sigstore.dev", "https://log2025-1.rekor.sigstore.dev"}, logs)
	DefaultRoot()[0] = 'x' // a copy
	_, err = New(DefaultRoot())
	require.NoError(t, err)
}

func TestNotVerified(t *testing.T) {
	// The payload of another statement, the same signature.
	_, err := public(t).Provenance(answer(t, func(text string) string {
		at := strings.Index(text, `"payload":"`) + len(`"payload":"`)
		return text[:at] + "eyJfdHlwZSI6ImV2aWwifQ==" + text[at+strings.Index(text[at:], `"`):]
	}))
	require.ErrorIs(t, err, gate.ErrUnverified)
	_, err = public(t).Provenance(answer(t, func(string) string { return `{}` }))
	require.ErrorIs(t, err, gate.ErrUnverified)
	// Another root.
	other, err := newVerifier(data.TrustedRoot(t, "scaffolding.json"))
	require.NoError(t, err)
	_, err = other.Provenance(answer(t, same))
	require.ErrorIs(t, err, gate.ErrUnverified)
}

func TestAnswersWithout(t *testing.T) {
	_, err := public(t).Provenance([]byte(`{"attestations":[]}`))
	require.ErrorIs(t, err, npm.ErrNoAttestations)
	_, err = public(t).Provenance([]byte(`<html>`))
	require.ErrorContains(t, err, "read the attestations")
	require.NotErrorIs(t, err, gate.ErrUnverified)
	_, err = New([]byte(`{}`))
	require.ErrorContains(t, err, "trusted root")
}

// TestTold: a statement that claims what its certificate does not.
func TestTold(t *testing.T) {
	predicate := func(builder string) []byte { return []byte(`{"runDetails":{"builder":{"id":"` + builder + `"}}}`) }
	hosted := "https://github.com/actions/runner/github-hosted"
	summary := func(issuer, repository, runner string) certificate.Summary {
		return certificate.Summary{Extensions: certificate.Extensions{Issuer: issuer, SourceRepositoryURI: repository, RunnerEnvironment: runner}}
	}
	repo := "https://github.com/acme/notes"
	p, err := told(gate.ProvenanceType, predicate(hosted), summary(github, repo, "github-hosted"))
	require.NoError(t, err)
	require.Equal(t, repo, p.Repository)
	project := "https://gitlab.com/acme/notes"
	_, err = told(gate.ProvenanceType, predicate(project+"/-/runners/7"), summary(gitlab, project, ""))
	require.NoError(t, err)
	for part, c := range map[string]certificate.Summary{
		"self-hosted":          summary(github, repo, "self-hosted"),
		"no source repository": summary(github, "", "github-hosted"),
		"a runner of":          summary(gitlab, project, ""),
		"only builds of":       summary("https://accounts.example.com", repo, "github-hosted"),
	} {
		_, err := told(gate.ProvenanceType, predicate(hosted), c)
		require.ErrorContains(t, err, part)
	}
}

// TestNothingIsAsked: neither the root nor a log is fetched, whatever sigstore's
// libraries could do.
func TestNothingIsAsked(t *testing.T) {
	before := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = before })
	asked := 0
	http.DefaultTransport = counting(func(r *http.Request) (*http.Response, error) {
		asked++
		return nil, fmt.Errorf("asked for %s", r.URL)
	})
	v, err := New(DefaultRoot())
	require.NoError(t, err)
	_, err = v.Provenance(answer(t, same))
	require.NoError(t, err)
	require.Zero(t, asked)
}

type counting func(*http.Request) (*http.Response, error)

func (f counting) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
