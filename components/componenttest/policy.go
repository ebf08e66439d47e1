package componenttest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Policy is an IAM policy as AWS would read it.
type Policy struct {
	Version   string
	Statement []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Sid    string
	Effect string
	// Principal is "*" or a map of lists by type.
	Principal any
	Action    []string
	Resource  []string
	Condition map[string]map[string][]string
}

// Policy decodes the policy at an input path, and fails the test when there
// is none.
func (r Registration) Policy(t testing.TB, path string) Policy {
	t.Helper()
	text, ok := r.Input(path).(string)
	require.True(t, ok, "%s %s has no policy at %s", r.Type, r.Name, path)
	var p Policy
	require.NoError(t, json.Unmarshal([]byte(text), &p))
	return p
}

// Named returns the statement with an ID, and fails the test when there
// is none.
func (p Policy) Named(t testing.TB, id string) Statement {
	t.Helper()
	for _, s := range p.Statement {
		if s.Sid == id {
			return s
		}
	}
	require.Failf(t, "no such statement", "%q in %+v", id, p.Statement)
	return Statement{}
}
