package flowtest_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"

	"gatehouse/components/flows"
	"gatehouse/components/flows/flowtest"
)

var (
	web = flowtest.End{
		Name: "web", Namespace: "shop", Labels: map[string]string{"app": "web", "tier": "front"},
		Address: netip.MustParseAddr("10.0.1.1"),
	}
	store = flowtest.End{
		Name: "store", Namespace: "data", Labels: map[string]string{"app": "store"},
		Address: netip.MustParseAddr("10.0.2.2"),
	}
	outside = flowtest.End{Name: "outside", Address: netip.MustParseAddr("8.8.8.8")}
)

func tcp(number int) flows.Port { return flows.TCP(number)[0] }

// policy reads a policy's spec.
func policy(t *testing.T, namespace, spec string) networkingv1.NetworkPolicy {
	t.Helper()
	p := networkingv1.NetworkPolicy{}
	require.NoError(t, yaml.UnmarshalStrict([]byte(spec), &p.Spec))
	p.Namespace, p.Name = namespace, "p"
	return p
}

const denyAll = `{podSelector: {}, policyTypes: [Ingress, Egress]}`

func TestWhatNoPolicySelectsIsOpen(t *testing.T) {
	for name, policies := range map[string][]networkingv1.NetworkPolicy{
		"none":                   nil,
		"another namespace's":    {policy(t, "other", denyAll)},
		"another workload's":     {policy(t, "data", `{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}`)},
		"of the other direction": {policy(t, "data", `{podSelector: {}, policyTypes: [Egress]}`)},
	} {
		open, err := flowtest.Open(policies, web, store, tcp(5432))
		require.NoError(t, err, name)
		require.True(t, open, name)
	}
}

func TestBothEndsMustLetThrough(t *testing.T) {
	out := policy(t, "shop", `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]}`)
	in := policy(t, "data", `{podSelector: {matchLabels: {app: store}}, policyTypes: [Ingress], ingress: [{ports: [{port: 5432}]}]}`)
	closed := []networkingv1.NetworkPolicy{policy(t, "shop", denyAll), policy(t, "data", denyAll)}
	for _, c := range []struct {
		name     string
		policies []networkingv1.NetworkPolicy
		want     bool
	}{
		{"neither", closed, false},
		{"source alone", append(closed[:2:2], out), false},
		{"target alone", append(closed[:2:2], in), false},
		{"both", append(closed[:2:2], out, in), true},
	} {
		open, err := flowtest.Open(c.policies, web, store, tcp(5432))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, open, c.name)
	}
}

// TestRules holds one rule of the store's policy beside a connection from web
// to port 5432: what it lets in, and near misses that it does not.
func TestRules(t *testing.T) {
	for rule, want := range map[string]bool{
		// Ports.
		`{}`:                                                 true,
		`{ports: [{port: 5432}]}`:                            true,
		`{ports: [{port: 5432, protocol: TCP}]}`:             true,
		`{ports: [{port: 5432, protocol: UDP}]}`:             false,
		`{ports: [{protocol: TCP}]}`:                         true,
		`{ports: [{port: 5433}]}`:                            false,
		`{ports: [{port: 5400, endPort: 5432}]}`:             true,
		`{ports: [{port: 5400, endPort: 5431}]}`:             false,
		`{ports: [{port: 1}, {port: 5432}]}`:                 true,
		`{ports: [{port: 5432}], from: []}`:                  true,
		`{ports: [{port: 1}], from: []}`:                     false,
		`{from: [{podSelector: {}}], ports: []}`:             false, // that is namespace data
		`{from: [{namespaceSelector: {}}]}`:                  true,
		`{from: [{podSelector: {matchLabels: {app: web}}}]}`: false,
		// Namespaces.
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}`:                                          true,
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shops}}}]}`:                                         false,
		`{from: [{namespaceSelector: {matchLabels: {name: shop}}}]}`:                                                                 false,
		`{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [a, shop]}]}}]}`:   true,
		`{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [shop]}]}}]}`:   false,
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: web}}}]}`:  true,
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: webs}}}]}`: false,
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}, podSelector: {matchLabels: {app: web}}}]}`:  false,
		// Two peers are either, not both.
		`{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}, {podSelector: {matchLabels: {app: webs}}}]}`:              true,
		`{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}`:                                       true,
		`{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]}`:                                 false,
		`{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [back]}]}}]}`:  false,
		`{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [front]}]}}]}`: true,
		// Addresses: pods have them too.
		`{from: [{ipBlock: {cidr: 10.0.1.0/24}}]}`:                                 true,
		`{from: [{ipBlock: {cidr: 10.0.2.0/24}}]}`:                                 false,
		`{from: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.0/24]}}]}`:          false,
		`{from: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.3.0/24]}}]}`:          true,
		`{from: [{ipBlock: {cidr: 10.0.1.1/32}}], ports: [{port: 80}]}`:            false,
		`{from: [{ipBlock: {cidr: 10.0.9.0/24}}, {ipBlock: {cidr: 10.0.1.1/32}}]}`: true,
	} {
		p := policy(t, "data", fmt.Sprintf(`{podSelector: {matchLabels: {app: store}}, policyTypes: [Ingress], ingress: [%s]}`, rule))
		open, err := flowtest.Open([]networkingv1.NetworkPolicy{p}, web, store, tcp(5432))
		require.NoError(t, err, rule)
		require.Equal(t, want, open, rule)
	}
}

func TestOutside(t *testing.T) {
	for spec, want := range map[string]bool{
		denyAll: false,
		`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}`: true,
		`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}`:                      false,
		// A selector never means something outside the cluster, not even an empty one.
		`{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]}`: false,
	} {
		policies := []networkingv1.NetworkPolicy{policy(t, "shop", spec)}
		open, err := flowtest.Open(policies, web, outside, tcp(443))
		require.NoError(t, err, spec)
		require.Equal(t, want, open, spec)
		// The other way about is not this policy's matter.
		open, err = flowtest.Open(policies, outside, web, tcp(443))
		require.NoError(t, err, spec)
		require.Equal(t, spec != denyAll, open, spec)
	}
}

func TestPolicyTypesLeftOut(t *testing.T) {
	for spec, want := range map[string]struct{ in, out bool }{
		`{podSelector: {}}`: {in: false, out: true},
		`{podSelector: {}, egress: [{ports: [{port: 1}]}]}`:  {in: false, out: false},
		`{podSelector: {}, ingress: [{ports: [{port: 1}]}]}`: {in: false, out: true},
	} {
		policies := []networkingv1.NetworkPolicy{policy(t, "shop", spec)}
		in, err := flowtest.Open(policies, outside, web, tcp(443))
		require.NoError(t, err)
		out, err := flowtest.Open(policies, web, outside, tcp(443))
		require.NoError(t, err)
		require.Equal(t, want, struct{ in, out bool }{in, out}, spec)
	}
}

func TestWhatCannotBeJudgedIsNotCalledClosed(t *testing.T) {
	for spec, message := range map[string]string{
		`{podSelector: {}, ingress: [{ports: [{port: http}]}]}`:                                                                      `tell what port "http" is`,
		`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]}`:                                                        "read ipBlock",
		`{podSelector: {matchExpressions: [{key: a, operator: Near}]}}`:                                                              "read selector",
		`{podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}]}]}`: "read selector",
	} {
		_, err := flowtest.Open([]networkingv1.NetworkPolicy{policy(t, "data", spec)}, web, store, tcp(80))
		require.ErrorContains(t, err, message, spec)
	}
}
