package flows_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/flows/flowtest"
)

const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy"

var (
	web    = flows.Workload{App: "web", Namespace: "shop", Labels: map[string]string{"app": "web"}, ServiceAccount: "web", Meshed: true}
	store  = flows.Workload{App: "store", Namespace: "data", Labels: map[string]string{"app": "store"}}
	dns    = flows.Workload{App: "dns", Namespace: "kube-system", Labels: map[string]string{"k8s-app": "kube-dns"}}
	all    = flows.Namespaces{Title: "everything", Names: []string{"shop", "data"}}
	abroad = flows.Addresses{Title: "internet", Ranges: []flows.Range{
		{CIDR: prefix("0.0.0.0/0"), Except: []netip.Prefix{prefix("10.0.0.0/8")}},
	}}
)

func prefix(text string) netip.Prefix { return netip.MustParsePrefix(text) }

func run(list ...flows.Flow) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		namespaces := map[string]pulumi.StringOutput{}
		for _, name := range []string{"shop", "data"} {
			namespaces[name] = pulumi.String(name).ToStringOutput()
		}
		_, err := flows.New(ctx, "f", flows.Args{
			Flows: list, Namespaces: namespaces, Labels: map[string]string{"gatehouse/owner": "platform"},
		})
		return err
	})
}

func TestAFlowIsAPolicyAtEachEnd(t *testing.T) {
	seen, err := run(flows.Flow{From: web, To: store, Ports: flows.TCP(5432), Why: "orders"})
	require.NoError(t, err)
	require.Len(t, seen.OfType(policyType), 2)

	out := seen.Named(t, policyType, "f-shop-web-to-store-egress")
	require.Equal(t, map[string]any{
		"name": "web-to-store-egress", "namespace": "shop", "labels": map[string]any{"gatehouse/owner": "platform"},
		"annotations": map[string]any{"gatehouse/why": "orders"},
	}, out.Input("metadata"))
	require.Equal(t, map[string]any{
		"podSelector": map[string]any{"matchLabels": map[string]any{"app": "web"}},
		"policyTypes": []any{"Egress"},
		"egress": []any{map[string]any{
			"to": []any{map[string]any{
				"namespaceSelector": map[string]any{"matchLabels": map[string]any{"kubernetes.io/metadata.name": "data"}},
				"podSelector":       map[string]any{"matchLabels": map[string]any{"app": "store"}},
			}},
			"ports": []any{map[string]any{"port": 5432.0, "protocol": "TCP"}},
		}},
	}, out.Input("spec"))
	require.Contains(t, out.Parent, "gatehouse:kubernetes:Flows::f")

	in := seen.Named(t, policyType, "f-data-web-to-store-ingress")
	require.Equal(t, "data", in.Input("metadata.namespace"))
	require.Equal(t, []any{"Ingress"}, in.Input("spec.policyTypes"))
	require.Equal(t, "store", in.Input("spec.podSelector.matchLabels.app"))
	require.Equal(t, "web", in.Input("spec.ingress[0].from[0].podSelector.matchLabels.app"))
	require.Nil(t, in.Input("spec.egress"))
}

func TestOnlyClosedNamespacesGetPolicies(t *testing.T) {
	seen, err := run(
		flows.Flow{From: all, To: dns, Ports: append(flows.TCP(53), flows.UDP(53)...), Why: "names"},
		flows.Flow{From: web, To: abroad, Ports: flows.TCP(443), Why: "sign-in"},
	)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		"f-shop-everything-to-dns-egress", "f-data-everything-to-dns-egress", "f-shop-web-to-internet-egress",
	}, seen.OfType(policyType).Names())
	everyone := seen.Named(t, policyType, "f-data-everything-to-dns-egress")
	require.Equal(t, map[string]any{}, everyone.Input("spec.podSelector"))
	require.Equal(t, []any{
		map[string]any{"port": 53.0, "protocol": "TCP"}, map[string]any{"port": 53.0, "protocol": "UDP"},
	}, everyone.Input("spec.egress[0].ports"))
	require.Equal(t, map[string]any{"cidr": "0.0.0.0/0", "except": []any{"10.0.0.0/8"}},
		seen.Named(t, policyType, "f-shop-web-to-internet-egress").Input("spec.egress[0].to[0].ipBlock"))
}

// TestNothingElseIsOpened: the evaluator says the same as the flows do.
func TestNothingElseIsOpened(t *testing.T) {
	seen, err := run(
		flows.Flow{From: web, To: store, Ports: flows.TCP(5432), Why: "orders"},
		flows.Flow{From: all, To: web, Ports: flows.TCP(80), Why: "pages"},
		flows.Flow{From: abroad, To: web, Ports: flows.TCP(8443), Why: "callbacks"},
	)
	require.NoError(t, err)
	policies := flowtest.Policies(t, seen)
	end := func(name, namespace, app, address string) flowtest.End {
		return flowtest.End{Name: name, Namespace: namespace, Labels: map[string]string{"app": app}, Address: netip.MustParseAddr(address)}
	}
	ends := map[string]flowtest.End{
		"web":   end("web", "shop", "web", "10.0.0.1"),
		"store": end("store", "data", "store", "10.0.0.2"),
		"twin":  end("twin", "data", "web", "10.0.0.3"), // web's label, another namespace
		"guest": end("guest", "other", "web", "10.0.0.4"),
		"world": {Name: "world", Address: netip.MustParseAddr("8.8.8.8")},
	}
	want := map[string]bool{
		"web → store 5432": true, "web → web 80": true, "store → web 80": true, "twin → web 80": true, "world → web 8443": true,
	}
	// Nobody closes what is not ours.
	for _, port := range []int{80, 443, 5432, 8443} {
		for _, ends := range []string{"guest → guest", "guest → world", "world → guest", "world → world"} {
			want[fmt.Sprintf("%s %d", ends, port)] = true
		}
	}
	for from, a := range ends {
		for to, b := range ends {
			for _, port := range []int{80, 443, 5432, 8443} {
				connection := fmt.Sprintf("%s → %s %d", from, to, port)
				open, err := flowtest.Open(append(policies, deny("shop"), deny("data")), a, b, flows.TCP(port)[0])
				require.NoError(t, err)
				require.Equal(t, want[connection], open, connection)
			}
		}
	}
}

func TestWhatIsNotExplicitIsRefused(t *testing.T) {
	good := flows.Flow{From: web, To: store, Ports: flows.TCP(5432), Why: "orders"}
	for message, adjust := range map[string]func(*flows.Flow){
		"flow web-to-store: name its ports":                             func(f *flows.Flow) { f.Ports = nil },
		"flow web-to-store: say why it is needed":                       func(f *flows.Flow) { f.Why = " " },
		"flow web-to-store: port 0: use one of 1 to 65535":              func(f *flows.Flow) { f.Ports = flows.TCP(0) },
		"flow web-to-store: port 65536: use one of 1 to 65535":          func(f *flows.Flow) { f.Ports = flows.TCP(65536) },
		"flow web-to-store: port 80: named twice":                       func(f *flows.Flow) { f.Ports = flows.TCP(80, 80) },
		"workload web: name its labels; without any, all pods of shop":  func(f *flows.Flow) { f.From = flows.Workload{App: "web", Namespace: "shop"} },
		"workload web: name its service account":                        func(f *flows.Flow) { w := web; w.ServiceAccount = ""; f.From = w },
		`workload "" of namespace "shop": name both`:                    func(f *flows.Flow) { f.From = flows.Workload{Namespace: "shop"} },
		`namespaces "few": name them`:                                   func(f *flows.Flow) { f.From = flows.Namespaces{Title: "few"} },
		`addresses "void": name their ranges`:                           func(f *flows.Flow) { f.From = flows.Addresses{Title: "void"} },
		"addresses a: 10.0.0.1/8 is no address range":                   func(f *flows.Flow) { f.From = addresses("10.0.0.1/8") },
		"addresses a: 11.0.0.0/16 is no part of 10.0.0.0/8":             func(f *flows.Flow) { f.From = addresses("10.0.0.0/8", "11.0.0.0/16") },
		"addresses a: 10.0.0.0/8 is no part of 10.0.0.0/8":              func(f *flows.Flow) { f.From = addresses("10.0.0.0/8", "10.0.0.0/8") },
		"flow dns-to-internet: neither end is in a namespace of ours: ": func(f *flows.Flow) { f.From, f.To = dns, abroad },
	} {
		f := good
		adjust(&f)
		_, err := run(f)
		require.ErrorContains(t, err, message)
	}
	_, err := run(good, good)
	require.ErrorContains(t, err, "flow web-to-store: there are two; give one of them all ports")
}

// deny is the policy that closes a namespace.
func deny(namespace string) networkingv1.NetworkPolicy {
	p := networkingv1.NetworkPolicy{Spec: networkingv1.NetworkPolicySpec{
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
	}}
	p.Namespace = namespace
	return p
}

func addresses(cidr string, except ...string) flows.Addresses {
	r := flows.Range{CIDR: prefix(cidr)}
	for _, e := range except {
		r.Except = append(r.Except, prefix(e))
	}
	return flows.Addresses{Title: "a", Ranges: []flows.Range{r}}
}
