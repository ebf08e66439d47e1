package externalsecret

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
)

// refreshInterval is how often an entry is read again: a rotated secret reaches
// the cluster within it.
const refreshInterval = "1h"

// Args is one Secret of the cluster.
type Args struct {
	// Name is the name of the Secret and of the ExternalSecret that fills it.
	Name string
	// Namespace is where both lie.
	Namespace pulumi.StringInput
	// Labels say whose they are.
	Labels map[string]string
	// Store is the environment's ClusterSecretStore and Backend what it reads.
	Store   string
	Backend Backend
	// Entries are the Secret's keys and where each value is.
	Entries []Entry
	// Template makes the Secret's data out of the entries, by Go templates in
	// which {{ .KEY }} is an entry; the Secret then has the template's keys
	// alone. Without it each entry is a key.
	Template map[string]string
}

// Entry is one value.
type Entry struct {
	// Key is what the Secret (or the template) calls it.
	Key string
	// From is the entry's configured name, e.g. "session-key".
	From string
	// ARN is an entry that AWS made for itself, in place of From, and Store
	// the ClusterSecretStore by which it is read.
	ARN   pulumi.StringInput
	Store string
	// Property is the property of an entry that is a JSON object; empty for
	// plain text.
	Property string
}

type secretSpec struct {
	RefreshInterval string       `json:"refreshInterval"`
	SecretStoreRef  storeRef     `json:"secretStoreRef"`
	Target          target       `json:"target"`
	Data            []secretData `json:"data"`
}

type storeRef struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type target struct {
	Name           string   `json:"name"`
	CreationPolicy string   `json:"creationPolicy"`
	DeletionPolicy string   `json:"deletionPolicy"`
	Template       template `json:"template"`
}

type template struct {
	EngineVersion string            `json:"engineVersion"`
	Metadata      templateMetadata  `json:"metadata"`
	Data          map[string]string `json:"data,omitempty"`
}

type templateMetadata struct {
	Labels map[string]string `json:"labels"`
}

type secretData struct {
	SecretKey string     `json:"secretKey"`
	RemoteRef remoteRef  `json:"remoteRef"`
	SourceRef *sourceRef `json:"sourceRef,omitempty"`
}

type remoteRef struct {
	Key      pulumi.StringInput `json:"key"`
	Property string             `json:"property,omitempty"`
}

type sourceRef struct {
	StoreRef storeRef `json:"storeRef"`
}

// New makes the ExternalSecret. The Secret stays when the entry or the store is
// gone, so that pods that start in an outage find the last value; it goes with
// the ExternalSecret. It depends on the store, by an option.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	data, err := args.data()
	if err != nil {
		return nil, fmt.Errorf("make external secret %s: %w", args.Name, err)
	}
	return manifest.New(ctx, name, manifest.Args{
		APIVersion: apiVersion, Kind: "ExternalSecret",
		Name: args.Name, Namespace: args.Namespace, Labels: args.Labels,
		Spec: secretSpec{
			RefreshInterval: refreshInterval,
			SecretStoreRef:  clusterStore(args.Store),
			Target: target{
				Name: args.Name, CreationPolicy: "Owner", DeletionPolicy: "Retain",
				Template: template{EngineVersion: "v2", Metadata: templateMetadata{Labels: args.Labels}, Data: args.Template},
			},
			Data: data,
		},
	}, opts...)
}

func (a Args) data() ([]secretData, error) {
	var all []secretData
	seen := map[string]bool{}
	for _, entry := range a.Entries {
		switch {
		case seen[entry.Key]:
			return nil, fmt.Errorf("key %s is there twice", entry.Key)
		case (entry.From == "") == (entry.ARN == nil), (entry.ARN == nil) != (entry.Store == ""):
			return nil, fmt.Errorf("key %s: say From, or ARN with its Store", entry.Key)
		}
		seen[entry.Key] = true
		if entry.ARN != nil {
			// RDS's own entries are in Secrets Manager, whatever keeps ours.
			all = append(all, secretData{
				SecretKey: entry.Key, RemoteRef: remoteRef{Key: entry.ARN, Property: entry.Property},
				SourceRef: &sourceRef{StoreRef: clusterStore(entry.Store)},
			})
			continue
		}
		all = append(all, secretData{SecretKey: entry.Key, RemoteRef: a.Backend.remote(entry)})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("it has no entries")
	}
	return all, nil
}

func clusterStore(name string) storeRef { return storeRef{Name: name, Kind: "ClusterSecretStore"} }
