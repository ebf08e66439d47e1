// Package meshtest tells, from the mesh's objects alone, which connections
// between its workloads are let through: what Istio's documentation says of
// AuthorizationPolicies, without a mesh.
//
// It judges allow policies by principals and ports, which is all that is used
// here; anything else it refuses to judge.
package meshtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
)

// Policy is an AuthorizationPolicy.
type Policy struct {
	Namespace string `json:"-"`
	Name      string `json:"-"`
	Selector  struct {
		MatchLabels map[string]string
	}
	Action string
	Rules  []struct {
		From []struct {
			Source struct{ Principals []string }
		}
		To []struct {
			Operation struct{ Ports []string }
		}
	}
}

// Policies are the AuthorizationPolicies of a run.
func Policies(t testing.TB, seen componenttest.Registrations) []Policy {
	t.Helper()
	var policies []Policy
	for _, r := range seen.OfType("kubernetes:security.istio.io/v1:AuthorizationPolicy") {
		text, err := json.Marshal(r.Input("spec"))
		require.NoError(t, err)
		policy := Policy{Namespace: r.Input("metadata.namespace").(string), Name: r.Input("metadata.name").(string)}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&policy), "%s says what is not judged here", r.Name)
		policies = append(policies, policy)
	}
	return policies
}

// Allowed tells whether a caller with an identity gets through to a port of a
// pod. root is the namespace whose policies hold for all.
func Allowed(policies []Policy, root, principal, namespace string, labels map[string]string, port int) (bool, error) {
	applies := false
	for _, p := range policies {
		if (p.Namespace != namespace && p.Namespace != root) || !selects(p.Selector.MatchLabels, labels) {
			continue
		}
		if p.Action != "ALLOW" && p.Action != "" {
			return false, fmt.Errorf("judge policy %s: action %s", p.Name, p.Action)
		}
		applies = true
		for _, rule := range p.Rules {
			from, to := len(rule.From) == 0, len(rule.To) == 0
			for _, f := range rule.From {
				from = from || slices.Contains(f.Source.Principals, principal)
			}
			for _, o := range rule.To {
				to = to || slices.Contains(o.Operation.Ports, strconv.Itoa(port))
			}
			if from && to {
				return true, nil
			}
		}
	}
	return !applies, nil
}

func selects(selector, labels map[string]string) bool {
	for key, value := range selector {
		if labels[key] != value {
			return false
		}
	}
	return true
}
