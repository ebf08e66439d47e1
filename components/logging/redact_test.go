package logging

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"
)

// redactor runs the script as Fluent Bit does: one state, a call a record.
type redactor struct{ state *lua.LState }

func newRedactor(t testing.TB) redactor {
	t.Helper()
	state := lua.NewState()
	t.Cleanup(state.Close)
	require.NoError(t, state.DoString(redactLua))
	return redactor{state}
}

// record calls redact and returns the record that it gives back.
func (r redactor) record(t require.TestingT, fields map[string]any) map[string]any {
	err := r.state.CallByParam(lua.P{Fn: r.state.GetGlobal("redact"), NRet: 3, Protect: true},
		lua.LString("kube.x"), lua.LNumber(1), r.table(fields))
	require.NoError(t, err)
	code, stamp, cleaned := r.state.Get(-3), r.state.Get(-2), r.state.Get(-1)
	r.state.Pop(3)
	require.Equal(t, lua.LNumber(2), code, "the record is changed, its time is not")
	require.Equal(t, lua.LNumber(1), stamp)
	return plain(cleaned).(map[string]any)
}

// line redacts one line of text.
func (r redactor) line(t require.TestingT, text string) string {
	return r.record(t, map[string]any{"log": text})["log"].(string)
}

func (r redactor) table(fields map[string]any) *lua.LTable {
	table := r.state.NewTable()
	for key, value := range fields {
		switch v := value.(type) {
		case string:
			table.RawSetString(key, lua.LString(v))
		case int:
			table.RawSetString(key, lua.LNumber(v))
		case bool:
			table.RawSetString(key, lua.LBool(v))
		case map[string]any:
			table.RawSetString(key, r.table(v))
		case []string:
			list := r.state.NewTable()
			for _, item := range v {
				list.Append(lua.LString(item))
			}
			table.RawSetString(key, list)
		}
	}
	return table
}

func plain(value lua.LValue) any {
	switch v := value.(type) {
	case *lua.LTable:
		fields := map[string]any{}
		v.ForEach(func(key, inner lua.LValue) { fields[key.String()] = plain(inner) })
		return fields
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return int(v)
	case lua.LBool:
		return bool(v)
	default:
		return nil
	}
}

// awsKey and its like are put together here, so that no scanner of this
// repository takes them for real.
const (
	awsKey   = "AKIA" + "IOSFODNN7EXAMPLE"
	githubID = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
	patID    = "github_pat_" + "11ABCDEFG0abcdefghijkl_MNOPQRSTUVWXYZ"
	jwt      = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0." + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	slackURL = "https://hooks.slack.com/services/" + "T0000/B0000/XXXXXXXXXXXXXXXX"
	pem      = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nq1w2e3\n-----END RSA PRIVATE KEY-----"
)

func TestTextLosesItsSecrets(t *testing.T) {
	r := newRedactor(t)
	for _, c := range []struct{ line, cleaned string }{
		{"GET /api Authorization: Bearer abc.def-123", "GET /api Authorization: [redacted]"},
		{`{"authorization":"Basic dXNlcjpwYXNz","user":"ada"}`, `{"authorization":"[redacted]","user":"ada"}`},
		{"proxy-authorization: Digest username=\"ada\", response=\"6629\"\nhost: x", "proxy-authorization: [redacted]\nhost: x"},
		{"sent with bearer abcdefgh12345678 to it", "sent with bearer [redacted] to it"},
		{"Cookie: sid=\"1\"; theme=dark; csrf=\"2\"", "Cookie: [redacted]"},
		{"connect password=hunter2 host=db", "connect password=[redacted] host=db"},
		{`password = "two words, \"quoted\"" user=ada`, `password = "[redacted]" user=ada`},
		{`{\"dbPassword\":\"hun\\\"ter\",\"n\":1}`, `{\"dbPassword\":\"[redacted]\",\"n\":1}`},
		{"PGPASSWORD=x'y psql", "PGPASSWORD=[redacted] psql"},
		{"psql --password hunter2 -h db", "psql --password [redacted] -h db"},
		{"curl -d client-secret=abc&x=1", "curl -d client-secret=[redacted]"},
		{"api_key: 'k 1' apikey=k2 API-KEY=k3", "api_key: '[redacted]' apikey=[redacted] API-KEY=[redacted]"},
		{"postgres://ada:p@ss@db:5432/portal", "postgres://ada:[redacted]@db:5432/portal"},
		{"pushed with " + githubID + " and " + patID, "pushed with [redacted] and [redacted]"},
		{"key " + awsKey + " is used", "key [redacted] is used"},
		{"issued " + jwt + ".", "issued [redacted]"},
		{"post to " + slackURL, "post to https://hooks.slack.com/[redacted]"},
		{"read " + pem + " ok", "read [redacted] ok"},
		{"read " + pem[:60], "read [redacted]"},
		{"MIIEpAIBAAKCAQEA7d5Yq1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0x1c2", "[redacted]"},
		{`secret="never closed`, `secret="[redacted]`},
	} {
		require.Equal(t, c.cleaned, r.line(t, c.line))
	}
}

func TestOrdinaryTextStays(t *testing.T) {
	r := newRedactor(t)
	for _, line := range []string{
		"", "GET /api/plugins 200 12ms", "the bearer of news", "2 tokens used", "https://portal.example.com:443/a?b=c",
		"user@example.com wrote 12:30:01", "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "password reset asked for", "eyJ is how tokens begin",
		"AKIA is a prefix", "image 123456789012.dkr.ecr.us-west-2.amazonaws.com/keeper@sha256:abc", "-----BEGIN CERTIFICATE-----",
	} {
		require.Equal(t, line, r.line(t, line))
	}
}

func TestFieldsAreRedactedByTheirNames(t *testing.T) {
	cleaned := newRedactor(t).record(t, map[string]any{
		"log":    "raw text of the event",
		"stream": "stdout",
		"event": map[string]any{
			"msg": "login", "databasePassword": "x", "x-api-key": "y", "Set-Cookie": []string{"a", "b"}, "pin_token": 4711,
			"headers": map[string]any{"Authorization": "Bearer z", "accept": "text/html"},
			"args":    []string{"--token=t", "plain"}, "tokens": 3, "ok": true,
		},
		"kubernetes": map[string]any{"pod_name": "password=pod"},
	})
	require.Equal(t, map[string]any{
		"stream": "stdout",
		"event": map[string]any{
			"msg": "login", "databasePassword": "[redacted]", "x-api-key": "[redacted]", "Set-Cookie": "[redacted]", "pin_token": "[redacted]",
			"headers": map[string]any{"Authorization": "[redacted]", "accept": "text/html"},
			"args":    map[string]any{"1": "--token=[redacted]", "2": "plain"}, "tokens": 3, "ok": true,
		},
		"kubernetes": map[string]any{"pod_name": "password=pod"},
	}, cleaned, "what JSON said is kept as fields alone; what Kubernetes says is untouched")
}

func TestARecordThatCannotBeCleanedIsWithheld(t *testing.T) {
	deep := map[string]any{"password": "hunter2", "note": "hunter2"}
	for range 40 {
		deep = map[string]any{"inner": deep}
	}
	deep["kubernetes"] = map[string]any{"pod_name": "p"}
	require.Equal(t, map[string]any{
		"log": "[withheld: redaction failed]", "kubernetes": map[string]any{"pod_name": "p"},
	}, newRedactor(t).record(t, deep))
}

// word is text without anything that looks like a secret or announces one.
var word = rapid.SampledFrom([]string{
	"GET", "POST", "/api/plugins", "200", "plugin", "installed", "in", "12ms", "user", "ada@example.com", "level=info",
	"https://portal.example.com/a", "[main]", "{}", "-", "→", "catalog", "v1.2.3", "10.0.0.1:4400", "café", "100%", "\"ok\"",
})

func sentence(t *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, label), " ")
}

// carriers put a secret value into text as programs do.
var carriers = []func(value string) string{
	func(v string) string { return "password=" + v },
	func(v string) string { return `"clientSecret": "` + v + `"` },
	func(v string) string { return `{\"refresh_token\":\"` + v + `\"}` },
	func(v string) string { return "Authorization: Bearer " + v },
	func(v string) string { return "authorization=token " + v },
	func(v string) string { return "Set-Cookie: sid=" + v + "; Path=/" },
	func(v string) string { return "redis://portal:" + v + "@cache:6379" },
	func(v string) string { return "--api-key " + v },
	func(v string) string { return "AWS_SECRET_ACCESS_KEY='" + v + "'" },
	func(v string) string { return "Bearer " + v },
}

func TestNoSecretSurvives(t *testing.T) {
	r := newRedactor(t)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[A-Za-z0-9_.~+-]{16,40}`).Draw(t, "value")
		carrier := rapid.SampledFrom(carriers).Draw(t, "carrier")
		line := sentence(t, "before") + " " + carrier(value) + " " + sentence(t, "after")
		require.NotContains(t, r.line(t, line), value)
	})
}

func TestNoSecretOfAKnownShapeSurvives(t *testing.T) {
	r := newRedactor(t)
	shapes := []string{
		`gh[pousr]_[A-Za-z0-9]{36}`, `github_pat_[A-Za-z0-9_]{40}`, `A[KS]IA[A-Z0-9]{16}`, `eyJ[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{20}\.[A-Za-z0-9_-]{20}`,
		`xoxb-[0-9]{10}-[A-Za-z0-9]{24}`, `hooks\.slack\.com/services/T[A-Z0-9]{8}/B[A-Z0-9]{8}/[A-Za-z0-9]{24}`, `npm_[A-Za-z0-9]{36}`, `hvs\.[A-Za-z0-9]{24}`,
	}
	rapid.Check(t, func(t *rapid.T) {
		shape := rapid.SampledFrom(shapes).Draw(t, "shape")
		value := rapid.StringMatching(shape).Draw(t, "value")
		glue := rapid.SampledFrom([]string{" ", "=", ":", "\"", "(", "\n", "/", ","}).Draw(t, "glue")
		line := sentence(t, "before") + glue + value + glue + sentence(t, "after")
		require.False(t, regexp.MustCompile(shape).MatchString(r.line(t, line)), "%q became %q", line, r.line(t, line))
	})
}

func TestOrdinaryTextIsUnchangedAndCleaningTwiceIsOnce(t *testing.T) {
	r := newRedactor(t)
	rapid.Check(t, func(t *rapid.T) {
		line := sentence(t, "line")
		require.Equal(t, line, r.line(t, line))
	})
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.String().Draw(t, "any") + rapid.SampledFrom(carriers).Draw(t, "carrier")("x"+rapid.String().Draw(t, "value"))
		once := r.line(t, line)
		require.Equal(t, once, r.line(t, once))
	})
}
