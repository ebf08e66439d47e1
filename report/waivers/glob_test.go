package waivers

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"aws:rds/instance:Instance::portal-*", "aws:rds/instance:Instance::portal-db", true},
		{"aws:rds/instance:Instance::portal-*", "aws:rds/cluster:Cluster::portal-db", false},
		{"*::portal/*", "kubernetes:apps/v1:Deployment::portal/backstage", true},
		{"*", "", true},
		{"", "", true},
		{"", "a", false},
		{"a?c", "aéc", true},
		{"a?c", "ac", false},
		{"[ab]", "a", false},
		{`a\*`, "a*", false},
		{"a**b", "ab", true},
		{"*ab", "aab", true},
		{"*??bc", "日bc", false}, // ? is a character, not a byte
	} {
		require.Equal(t, c.want, match(c.pattern, c.text), "%s %s", c.pattern, c.text)
	}
}

func TestMatchAgreesWithRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab:*?é[")), 0, 8, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab:é[")), 0, 10, -1).Draw(t, "text")
		quoted := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
		require.Equal(t, regexp.MustCompile("^"+quoted+"$").MatchString(text), match(pattern, text))
	})
}

func TestMatchIsNotExponential(t *testing.T) {
	done := make(chan bool, 1)
	go func() { done <- match(strings.Repeat("*a", 50)+"b", strings.Repeat("a", 5000)) }()
	select {
	case matched := <-done:
		require.False(t, matched)
	case <-time.After(5 * time.Second):
		t.Fatal("matching took too long")
	}
}
