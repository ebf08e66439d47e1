package flows

import (
	"fmt"
	"net/netip"
)

// Peer is an end of a flow: a [Workload], [Namespaces] or [Addresses].
type Peer interface {
	// Name tells peers apart, in names of policies.
	Name() string
	// namespaces are those that the peer's pods are in; none for addresses.
	namespaces() []string
	check() error
}

// Workload is the pods of one workload.
type Workload struct {
	// App is its name, unique in the environment.
	App string
	// Namespace is where its pods are, Labels what they carry; never none, as
	// that would select all pods.
	Namespace string
	Labels    map[string]string
	// ServiceAccount is the one that its pods run as: their identity in the
	// mesh. Needed of Meshed workloads only.
	ServiceAccount string
	// Meshed is whether its pods have a sidecar.
	Meshed bool
}

// Namespaces is every pod of some namespaces.
type Namespaces struct {
	// Title names them together, e.g. "everything".
	Title string
	// Names are the namespaces.
	Names []string
}

// Addresses is what lies outside the cluster, or has the node's address.
type Addresses struct {
	// Title names them together, e.g. "internet".
	Title string
	// Ranges are the addresses.
	Ranges []Range
}

// Range is an address range without some parts of it.
type Range struct {
	CIDR   netip.Prefix
	Except []netip.Prefix
}

// Name is the workload's.
func (w Workload) Name() string { return w.App }

// Name is the title.
func (n Namespaces) Name() string { return n.Title }

// Name is the title.
func (a Addresses) Name() string { return a.Title }

func (w Workload) namespaces() []string   { return []string{w.Namespace} }
func (n Namespaces) namespaces() []string { return n.Names }
func (Addresses) namespaces() []string    { return nil }

func (w Workload) check() error {
	switch {
	case w.App == "" || w.Namespace == "":
		return fmt.Errorf("workload %q of namespace %q: name both", w.App, w.Namespace)
	case len(w.Labels) == 0:
		return fmt.Errorf("workload %s: name its labels; without any, all pods of %s are meant", w.App, w.Namespace)
	case w.Meshed && w.ServiceAccount == "":
		return fmt.Errorf("workload %s: name its service account, which is its identity in the mesh", w.App)
	}
	return nil
}

func (n Namespaces) check() error {
	if n.Title == "" || len(n.Names) == 0 {
		return fmt.Errorf("namespaces %q: name them", n.Title)
	}
	return nil
}

func (a Addresses) check() error {
	if a.Title == "" || len(a.Ranges) == 0 {
		return fmt.Errorf("addresses %q: name their ranges", a.Title)
	}
	for _, r := range a.Ranges {
		if !r.CIDR.IsValid() || r.CIDR != r.CIDR.Masked() {
			return fmt.Errorf("addresses %s: %s is no address range", a.Title, r.CIDR)
		}
		for _, except := range r.Except {
			// The API server refuses these.
			if !except.IsValid() || !r.CIDR.Contains(except.Addr()) || except.Bits() <= r.CIDR.Bits() {
				return fmt.Errorf("addresses %s: %s is no part of %s", a.Title, except, r.CIDR)
			}
		}
	}
	return nil
}
