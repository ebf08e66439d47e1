package mesh

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/flows"
	"gatehouse/components/manifest"
)

const securityAPI = "security.istio.io/v1"

// defaultName is the name of what holds where nothing else is said.
const defaultName = "default"

// secure denies every connection that no policy allows, and every one that is
// not mutual TLS. Said in the root namespace, it holds for the whole mesh.
func secure(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	if _, err := manifest.New(ctx, name+"-strict", manifest.Args{
		APIVersion: securityAPI, Kind: "PeerAuthentication", Name: defaultName, Namespace: args.Root, Labels: args.Labels,
		Spec: peerAuthentication{MutualTLS: mutualTLS{Mode: "STRICT"}},
	}, opts...); err != nil {
		return err
	}
	// A policy without rules allows nothing, and as there is one, nothing that
	// no other allows gets through ("allow-nothing" of Istio's documentation).
	_, err := manifest.New(ctx, name+"-default-deny", manifest.Args{
		APIVersion: securityAPI, Kind: "AuthorizationPolicy", Name: "default-deny", Namespace: args.Root, Labels: args.Labels,
		Spec: struct{}{},
	}, opts...)
	return err
}

// allow makes one policy for each flow that ends in the mesh and begins there.
func allow(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	for _, f := range args.Flows {
		to, ok := f.To.(flows.Workload)
		if !ok || !to.Meshed {
			continue
		}
		principal, ok := identity(f.From)
		ports := tcp(f.Ports)
		if !ok || len(ports) == 0 {
			continue
		}
		_, err := manifest.New(ctx, name+"-"+f.Name(), manifest.Args{
			APIVersion: securityAPI, Kind: "AuthorizationPolicy", Name: f.Name(), Namespace: args.Sidecars[to.Namespace],
			Labels: args.Labels, Annotations: map[string]string{"gatehouse/why": f.Why},
			Spec: authorization(to, principal, ports),
		}, opts...)
		if err != nil {
			return err
		}
	}
	return nil
}

func authorization(to flows.Workload, principal string, ports []int) authorizationPolicy {
	var numbers []string
	for _, port := range ports {
		numbers = append(numbers, strconv.Itoa(port))
	}
	return authorizationPolicy{
		Selector: selector{MatchLabels: to.Labels},
		Action:   "ALLOW",
		Rules: []rule{{
			From: []from{{Source: source{Principals: []string{principal}}}},
			To:   []operationTo{{Operation: operation{Ports: numbers}}},
		}},
	}
}

// The specs of security.istio.io/v1, as far as they are used.

type peerAuthentication struct {
	MutualTLS mutualTLS `json:"mtls"`
}

type mutualTLS struct {
	Mode string `json:"mode"`
}

type authorizationPolicy struct {
	Selector selector `json:"selector"`
	Action   string   `json:"action"`
	Rules    []rule   `json:"rules"`
}

type selector struct {
	MatchLabels map[string]string `json:"matchLabels"`
}

type rule struct {
	From []from        `json:"from"`
	To   []operationTo `json:"to"`
}

type from struct {
	Source source `json:"source"`
}

type source struct {
	Principals []string `json:"principals"`
}

type operationTo struct {
	Operation operation `json:"operation"`
}

type operation struct {
	Ports []string `json:"ports"`
}
