// Package flowtest tells, from NetworkPolicies alone, which connections they
// let through: what the API's documentation says of podSelector, peers, ports
// and policy types, without a cluster.
//
// It knows nothing of what should be open; that is each test's own list.
package flowtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
)

// End is one end of a connection.
type End struct {
	// Name is for messages.
	Name string
	// Namespace and Labels are those of a pod; both are empty for an end
	// outside the cluster, to which no policy applies.
	Namespace string
	Labels    map[string]string
	// Address is its address. Pods have one too: a policy that names a range
	// of addresses lets in the pods that are in it.
	Address netip.Addr
}

// Policies are the NetworkPolicies of a run, as the API server would read them.
func Policies(t testing.TB, seen componenttest.Registrations) []networkingv1.NetworkPolicy {
	t.Helper()
	var policies []networkingv1.NetworkPolicy
	for _, r := range seen.OfType("kubernetes:networking.k8s.io/v1:NetworkPolicy") {
		text, err := json.Marshal(map[string]any{"metadata": r.Input("metadata"), "spec": r.Input("spec")})
		require.NoError(t, err)
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		var policy networkingv1.NetworkPolicy
		require.NoError(t, decoder.Decode(&policy), r.Name)
		policies = append(policies, policy)
	}
	return policies
}

// Open tells whether a connection is let through at both of its ends. The error
// says what it cannot judge.
func Open(policies []networkingv1.NetworkPolicy, from, to End, port flows.Port) (bool, error) {
	out, err := allowed(policies, networkingv1.PolicyTypeEgress, from, to, port)
	if err != nil || !out {
		return false, err
	}
	return allowed(policies, networkingv1.PolicyTypeIngress, to, from, port)
}

// allowed judges one end: here is where the policies apply, there is the other.
func allowed(policies []networkingv1.NetworkPolicy, direction networkingv1.PolicyType, here, there End, port flows.Port) (bool, error) {
	if here.Namespace == "" {
		return true, nil
	}
	selected := false
	for _, policy := range policies {
		if policy.Namespace != here.Namespace || !slices.Contains(types(policy.Spec), direction) {
			continue
		}
		mine, err := matches(&policy.Spec.PodSelector, here.Labels)
		if err != nil {
			return false, fmt.Errorf("policy %s: %w", policy.Name, err)
		}
		if !mine {
			continue
		}
		selected = true
		for _, rule := range rules(policy.Spec, direction) {
			open, err := rule.allows(policy.Namespace, there, port)
			if err != nil {
				return false, fmt.Errorf("policy %s: %w", policy.Name, err)
			}
			if open {
				return true, nil
			}
		}
	}
	// A pod that no policy selects is open.
	return !selected, nil
}

// types are the directions that a policy is about. Left out, they are ingress,
// and egress where it has such rules.
func types(spec networkingv1.NetworkPolicySpec) []networkingv1.PolicyType {
	if len(spec.PolicyTypes) > 0 {
		return spec.PolicyTypes
	}
	if len(spec.Egress) > 0 {
		return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	}
	return []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
}

// rule is a rule of either direction.
type rule struct {
	peers []networkingv1.NetworkPolicyPeer
	ports []networkingv1.NetworkPolicyPort
}

func rules(spec networkingv1.NetworkPolicySpec, direction networkingv1.PolicyType) []rule {
	var list []rule
	if direction == networkingv1.PolicyTypeEgress {
		for _, r := range spec.Egress {
			list = append(list, rule{r.To, r.Ports})
		}
		return list
	}
	for _, r := range spec.Ingress {
		list = append(list, rule{r.From, r.Ports})
	}
	return list
}

// allows tells whether a rule has the port and the peer; a rule without ports
// has all, one without peers everyone.
func (r rule) allows(namespace string, there End, port flows.Port) (bool, error) {
	hasPort := len(r.ports) == 0
	for _, p := range r.ports {
		same, err := samePort(p, port)
		if err != nil {
			return false, err
		}
		hasPort = hasPort || same
	}
	if !hasPort {
		return false, nil
	}
	hasPeer := len(r.peers) == 0
	for _, p := range r.peers {
		same, err := samePeer(p, namespace, there)
		if err != nil {
			return false, err
		}
		hasPeer = hasPeer || same
	}
	return hasPeer, nil
}

func samePort(p networkingv1.NetworkPolicyPort, port flows.Port) (bool, error) {
	protocol := flows.ProtocolTCP
	if p.Protocol != nil {
		protocol = flows.Protocol(*p.Protocol)
	}
	if protocol != port.Protocol {
		return false, nil
	}
	if p.Port == nil {
		return true, nil
	}
	if p.Port.Type == intstr.String {
		return false, fmt.Errorf("tell what port %q is: only numbers are judged", p.Port.StrVal)
	}
	first, last := int(p.Port.IntVal), int(p.Port.IntVal)
	if p.EndPort != nil {
		last = int(*p.EndPort)
	}
	return first <= port.Number && port.Number <= last, nil
}

func samePeer(p networkingv1.NetworkPolicyPeer, namespace string, there End) (bool, error) {
	if p.IPBlock != nil {
		return inBlock(*p.IPBlock, there.Address)
	}
	if there.Namespace == "" {
		return false, nil
	}
	// Without a namespaceSelector, the policy's own namespace is meant.
	inNamespace := there.Namespace == namespace
	if p.NamespaceSelector != nil {
		var err error
		inNamespace, err = matches(p.NamespaceSelector, map[string]string{"kubernetes.io/metadata.name": there.Namespace})
		if err != nil {
			return false, err
		}
	}
	if !inNamespace || p.PodSelector == nil {
		return inNamespace, nil
	}
	return matches(p.PodSelector, there.Labels)
}

func inBlock(block networkingv1.IPBlock, address netip.Addr) (bool, error) {
	cidr, err := netip.ParsePrefix(block.CIDR)
	if err != nil {
		return false, fmt.Errorf("read ipBlock: %w", err)
	}
	for _, text := range block.Except {
		except, err := netip.ParsePrefix(text)
		if err != nil {
			return false, fmt.Errorf("read ipBlock: %w", err)
		}
		if except.Contains(address) {
			return false, nil
		}
	}
	return cidr.Contains(address), nil
}

func matches(selector *metav1.LabelSelector, set map[string]string) (bool, error) {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return false, fmt.Errorf("read selector: %w", err)
	}
	return parsed.Matches(labels.Set(set)), nil
}
