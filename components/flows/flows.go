// Package flows opens what may talk to what: every flow is one named allow
// policy at each of its ends, in namespaces where all else is denied.
//
// It holds the words for a flow and turns them into NetworkPolicies. Which flows
// an environment has is a table of the stack's; the mesh reads the same flows
// and allows the same by identity.
package flows

import (
	"fmt"
	"slices"
	"strings"
)

// Flow is one way that connections are opened.
type Flow struct {
	// From opens connections, To accepts them.
	From, To Peer
	// Ports are those that To listens on: the containers', not the Services'.
	Ports []Port
	// Why says what the flow is for; it is kept as an annotation.
	Why string
}

// Name is the flow's name, made of its ends: there is one flow between two
// peers, with all of its ports and reasons.
func (f Flow) Name() string { return f.From.Name() + "-to-" + f.To.Name() }

// Port is a port and its protocol.
type Port struct {
	// Number is 1 to 65535.
	Number int
	// Protocol is that of the Kubernetes API.
	Protocol Protocol
}

// Protocol is a transport protocol.
type Protocol string

// The protocols in use.
const (
	ProtocolTCP Protocol = "TCP"
	ProtocolUDP Protocol = "UDP"
)

// TCP lists TCP ports.
func TCP(numbers ...int) []Port { return ports(ProtocolTCP, numbers) }

// UDP lists UDP ports.
func UDP(numbers ...int) []Port { return ports(ProtocolUDP, numbers) }

func ports(protocol Protocol, numbers []int) []Port {
	var list []Port
	for _, number := range numbers {
		list = append(list, Port{Number: number, Protocol: protocol})
	}
	return list
}

// Check refuses flows that are not explicit, that say not why, that there are
// two of, or that could be enforced at neither end. closed are the namespaces
// where everything is denied by default; all others are left as they are.
func Check(all []Flow, closed []string) error {
	seen := map[string]bool{}
	for _, f := range all {
		if err := f.check(closed); err != nil {
			return fmt.Errorf("flow %s: %w", f.Name(), err)
		}
		if seen[f.Name()] {
			return fmt.Errorf("flow %s: there are two; give one of them all ports", f.Name())
		}
		seen[f.Name()] = true
	}
	return nil
}

func (f Flow) check(closed []string) error {
	if strings.TrimSpace(f.Why) == "" {
		return fmt.Errorf("say why it is needed")
	}
	if len(f.Ports) == 0 {
		return fmt.Errorf("name its ports")
	}
	ports := map[Port]bool{}
	for _, port := range f.Ports {
		if port.Number < 1 || port.Number > 65535 {
			return fmt.Errorf("port %d: use one of 1 to 65535", port.Number)
		}
		if ports[port] {
			return fmt.Errorf("port %d: named twice", port.Number)
		}
		ports[port] = true
	}
	enforced := false
	for _, end := range []Peer{f.From, f.To} {
		if err := end.check(); err != nil {
			return err
		}
		for _, namespace := range end.namespaces() {
			enforced = enforced || slices.Contains(closed, namespace)
		}
	}
	if !enforced {
		return fmt.Errorf("neither end is in a namespace of ours: %s", strings.Join(closed, ", "))
	}
	return nil
}
