package evidence

import "time"

// StateSummary is what a Pulumi state says of the stack as a whole.
type StateSummary struct {
	Stack string `json:"stack"`
	// Updated is when the state was last written, Pulumi what wrote it.
	Updated time.Time `json:"updated"`
	Pulumi  string    `json:"pulumi"`
	// Resources counts them by type token.
	Resources map[string]int `json:"resources"`
	// Pending are operations that were cut off: nobody knows whether the cloud
	// has done them.
	Pending []StatePending `json:"pending"`
	// Doomed are resources that wait for deletion, by URN.
	Doomed []string `json:"doomed"`
	// Tainted are resources whose creation did not end well, by URN.
	Tainted []string `json:"tainted"`
}

// StatePending is an operation that was cut off.
type StatePending struct {
	URN string `json:"urn"`
	// Operation is creating, updating, deleting, reading or importing.
	Operation string `json:"operation"`
}

// StateAddOn is an EKS add-on as it was last set.
type StateAddOn struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// NetworkPolicy is the setting enableNetworkPolicy of its configuration:
	// "true", "false", or "" where it is not set.
	NetworkPolicy string `json:"networkPolicy"`
}

// StateAccess is what one principal may do in an EKS cluster.
type StateAccess struct {
	Cluster   string `json:"cluster"`
	Principal string `json:"principal"`
	// Type is STANDARD for people and programs, else for nodes.
	Type   string   `json:"type"`
	Groups []string `json:"groups"`
	// Policies are the ARNs of EKS access policies; one over single namespaces
	// ends in " in NAMESPACE,…".
	Policies []string `json:"policies"`
}

// StateStore is a resource that keeps data.
type StateStore struct {
	Type string            `json:"type"`
	Name string            `json:"name"`
	Tags map[string]string `json:"tags"`
	// Protected is whether Pulumi refuses to delete it.
	Protected bool `json:"protected"`
	// ReplicaOf is what it is a read replica of, "" for none.
	ReplicaOf string `json:"replicaOf,omitempty"`
}

const readState = "an exported Pulumi state"

// What is read of a Pulumi state.
var (
	StateSummaries = Define[StateSummary](State, "summary", readState)
	StateAddOns    = Define[[]StateAddOn](State, "addons", readState)
	StateAccesses  = Define[[]StateAccess](State, "access", readState)
	StateStores    = Define[[]StateStore](State, "stores", readState)
)
