package state

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
)

// resource is what is looked at of a resource in a state.
type resource struct {
	URN        string         `json:"urn"`
	Type       string         `json:"type"`
	Delete     bool           `json:"delete"`
	External   bool           `json:"external"`
	Protect    bool           `json:"protect"`
	Taint      bool           `json:"taint"`
	InitErrors []string       `json:"initErrors"`
	Inputs     map[string]any `json:"inputs"`
	Outputs    map[string]any `json:"outputs"`
}

// text is an output, or the input where the output is no text. Secrets are
// objects, and give "".
func (r resource) text(key string) string {
	if text, is := r.Outputs[key].(string); is && text != "" {
		return text
	}
	text, _ := r.Inputs[key].(string)
	return text
}

func (r resource) tags() map[string]string {
	tags := map[string]string{}
	for _, key := range []string{"tags", "tagsAll"} {
		for _, properties := range []map[string]any{r.Inputs, r.Outputs} {
			values, _ := properties[key].(map[string]any)
			for name, value := range values {
				if text, is := value.(string); is {
					tags[name] = text
				}
			}
		}
	}
	return tags
}

// contents is what is kept of a state.
type contents struct {
	summary evidence.StateSummary
	addOns  []evidence.StateAddOn
	stores  []evidence.StateStore
	entries map[[2]string]*evidence.StateAccess // by cluster and principal
}

func newContents() *contents {
	return &contents{
		summary: evidence.StateSummary{
			Resources: map[string]int{}, Pending: []evidence.StatePending{}, Doomed: []string{}, Tainted: []string{},
		},
		addOns: []evidence.StateAddOn{}, stores: []evidence.StateStore{}, entries: map[[2]string]*evidence.StateAccess{},
	}
}

// dataStores are the types that keep data of people or of the portal.
var dataStores = []string{
	"aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup",
	"aws:efs/fileSystem:FileSystem", "aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:backup/vault:Vault",
	"aws:secretsmanager/secret:Secret", "aws:dynamodb/table:Table",
}

func (c *contents) add(r resource) {
	if c.summary.Stack == "" {
		c.summary.Stack = stackOf(r.URN)
	}
	switch {
	case r.Delete:
		c.summary.Doomed = append(c.summary.Doomed, r.URN)
		return
	case r.External: // another program manages it
		return
	}
	c.summary.Resources[r.Type]++
	if r.Taint || len(r.InitErrors) > 0 {
		c.summary.Tainted = append(c.summary.Tainted, r.URN)
	}
	switch r.Type {
	case "aws:eks/addon:Addon":
		c.addOns = append(c.addOns, evidence.StateAddOn{
			Cluster: r.text("clusterName"), Name: r.text("addonName"), Version: r.text("addonVersion"), NetworkPolicy: networkPolicy(r),
		})
	case "aws:eks/accessEntry:AccessEntry":
		entry := c.entry(r)
		entry.Type, entry.Groups = r.text("type"), append(entry.Groups, texts(r.Inputs["kubernetesGroups"])...)
	case "aws:eks/accessPolicyAssociation:AccessPolicyAssociation":
		entry := c.entry(r)
		entry.Policies = append(entry.Policies, policy(r))
	}
	if slices.Contains(dataStores, r.Type) {
		c.stores = append(c.stores, evidence.StateStore{
			Type: r.Type, Name: nameOf(r.URN), Tags: r.tags(), Protected: r.Protect, ReplicaOf: r.text("replicateSourceDb"),
		})
	}
}

func (c *contents) entry(r resource) *evidence.StateAccess {
	at := [2]string{r.text("clusterName"), r.text("principalArn")}
	if c.entries[at] == nil {
		c.entries[at] = &evidence.StateAccess{Cluster: at[0], Principal: at[1], Groups: []string{}, Policies: []string{}}
	}
	return c.entries[at]
}

func (c *contents) access() []evidence.StateAccess {
	all := []evidence.StateAccess{}
	for _, at := range slices.SortedFunc(maps.Keys(c.entries), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		all = append(all, *c.entries[at])
	}
	return all
}

// policy is the ARN of an access policy, with its namespaces unless it is over
// the whole cluster.
func policy(r resource) string {
	arn := r.text("policyArn")
	scope, _ := r.Inputs["accessScope"].(map[string]any)
	if scope["type"] == "namespace" {
		arn += " in " + strings.Join(texts(scope["namespaces"]), ",")
	}
	return arn
}

// networkPolicy is the setting of the VPC CNI that has it enforce
// NetworkPolicies, as text or as a truth value.
func networkPolicy(r resource) string {
	var values struct {
		Enabled any `json:"enableNetworkPolicy"`
	}
	if json.Unmarshal([]byte(r.text("configurationValues")), &values) != nil {
		return ""
	}
	switch v := values.Enabled.(type) {
	case string:
		return strings.ToLower(v)
	case bool:
		return map[bool]string{true: "true", false: "false"}[v]
	default:
		return ""
	}
}

func texts(list any) []string {
	var all []string
	values, _ := list.([]any)
	for _, each := range values {
		if text, is := each.(string); is {
			all = append(all, text)
		}
	}
	return all
}
