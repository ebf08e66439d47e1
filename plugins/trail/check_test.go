package trail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

func TestCheckRefusesWhatIsNoEvent(t *testing.T) {
	for text, spoil := range map[string]func(*trail.Record){
		`action: "" is none`:                       func(r *trail.Record) { r.Action = "" },
		`action: "eat" is none`:                    func(r *trail.Record) { r.Action = "eat" },
		`outcome: "good" is none`:                  func(r *trail.Record) { r.Outcome = "good" },
		`"refuse" ends with "refused"`:             func(r *trail.Record) { r.Action = trail.Refuse },
		`"fail" ends with "failed"`:                func(r *trail.Record) { r.Action = trail.Fail },
		`"install" is about one`:                   func(r *trail.Record) { r.Plugin = nil },
		`"prove" is about neither`:                 func(r *trail.Record) { r.Action, r.Plugin, r.Generation = trail.Prove, nil, "" },
		"no exact version":                         func(r *trail.Record) { r.Plugin = &plugins.Ref{Name: "a", Version: "latest"} },
		"say who":                                  func(r *trail.Record) { r.Actor = "" },
		"time: 0001-01-01":                         func(r *trail.Record) { r.Time = time.Time{} },
		"actor: it has a character":                func(r *trail.Record) { r.Actor = "a\x00" },
		"actor: it has 257 bytes":                  func(r *trail.Record) { r.Actor = strings.Repeat("a", 257) },
		"reason: it has a character":               func(r *trail.Record) { r.Reason = "a\u202eb" },
		"reason: it is no UTF-8":                   func(r *trail.Record) { r.Reason = "\xff" },
		"generation: ":                             func(r *trail.Record) { r.Generation = "../x" },
		"exceptions: want the gate's step":         func(r *trail.Record) { r.Exceptions[0].Reason = "" },
		"exceptions: reason: it has":               func(r *trail.Record) { r.Exceptions[0].Reason = strings.Repeat("x", 5000) },
		"gate: want a step's name":                 func(r *trail.Record) { r.Gate.Steps[0].Verdict = "" },
		"exceptions and gate steps: want at most ": func(r *trail.Record) { r.Exceptions = make([]trail.Exception, 101) },
	} {
		r := event(0)
		spoil(&r)
		log := &memory{kept: map[int64][]byte{}}
		_, err := trail.Append(t.Context(), log, r)
		require.ErrorContains(t, err, text)
		require.ErrorContains(t, err, "append to the audit trail in memory: ")
		require.Empty(t, log.kept)
	}
}

func TestHead(t *testing.T) {
	head := chain(t, 1)[0].Head()
	back, err := trail.ParseHead(head.String())
	require.NoError(t, err)
	require.Equal(t, head, back)
	back, err = trail.ParseHead(trail.Head{}.String())
	require.NoError(t, err)
	require.Zero(t, back)
	zeros := strings.Repeat("0", 64)
	for _, text := range []string{"", "1", "1:", "1:abc", "1:" + zeros, "0:" + strings.Repeat("a", 64), "-1:" + strings.Repeat("a", 64), "01:" + strings.Repeat("a", 64), "1:" + strings.Repeat("A", 64), "1:" + strings.Repeat("a", 65)} {
		_, err := trail.ParseHead(text)
		require.Error(t, err, text)
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"use npm_" + strings.Repeat("a1", 18):                                   "use [redacted: npm token]",
		"ghp_" + strings.Repeat("a", 36) + " was it":                            "[redacted: GitHub token] was it",
		"github_pat_" + strings.Repeat("b", 40):                                 "[redacted: GitHub token]",
		"glpat-" + strings.Repeat("c", 20):                                      "[redacted: GitLab token]",
		"AKIAIOSFODNN7EXAMPLE":                                                  "[redacted: AWS access key]",
		"xoxb-1234567890-abc":                                                   "[redacted: Slack token]",
		"pul-" + strings.Repeat("0", 40):                                        "[redacted: Pulumi token]",
		"hvs." + strings.Repeat("d", 24):                                        "[redacted: Vault token]",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl":                 "[redacted: JSON Web Token]",
		"from https://bob:hunter2@npm.example.com/x":                            "from [redacted: password in a URL]npm.example.com/x",
		"Authorization: Bearer abcdefghijklmnopqrst":                            "Authorization: [redacted: credentials]",
		"//npm.example.com/:_authToken=abcdef12":                                "//npm.example.com/:[redacted: secret]",
		"a:\n  token:\n    swordfish\n":                                         "a:\n  [redacted: secret]\n",
		"DB_PASSWORD: 'swordfish'":                                              "[redacted: secret]'",
		"-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- x": "[redacted: private key] x",
		"-----BEGIN PRIVATE KEY-----\nabc":                                      "[redacted: private key]",
	} {
		require.Equal(t, want, trail.Redact(text))
		require.Equal(t, want, trail.Redact(want), "again")
	}
	for _, text := range []string{
		"", "the token expired", "no secret here", "@backstage/plugin-catalog@1.15.0", "see https://example.com:443/@backstage/x",
		event(1).Integrity.String(), chain(t, 1)[0].Head().String(), "password-less sign-in", "basic authentication is not enough",
		"github:\n  token:\n    provider: vault\n", // a mapping of that name: nothing of app-config may be lost
	} {
		require.Equal(t, text, trail.Redact(text))
	}

	r := event(0)
	token := "npm_" + strings.Repeat("a", 36)
	r.Actor, r.Reason, r.Exceptions[0].Reason = "a "+token, "b "+token, "c "+token
	log := &memory{kept: map[int64][]byte{}}
	written, err := trail.Append(t.Context(), log, r)
	require.NoError(t, err)
	require.NotContains(t, string(log.kept[1]), token)
	require.Equal(t, "b [redacted: npm token]", written.Reason)
	require.Contains(t, r.Exceptions[0].Reason, token, "the caller's own is not changed")
	require.Empty(t, trail.Verify([]trail.Record{written}))
}
