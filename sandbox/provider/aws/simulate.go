package aws

import (
	"fmt"
	"maps"
	"strings"
)

// simulate gives the ID and the outputs of a resource that is kept in state only. By default the ID is its name, and
// the ARN has AWS's form. Outputs of an earlier state are kept where the row gives no other.
func simulate(r *request) (id string, out props) {
	_, rest, _ := strings.Cut(r.row.Token, ":")
	module, kind, _ := strings.Cut(rest, "/")
	kind, _, _ = strings.Cut(kind, ":")
	id = r.id
	if id == "" {
		if id = r.str(r.row.Name); id == "" {
			id = r.name + "-" + mark(r.urn)[:7]
		}
	}
	extra := props{}
	if r.row.Sim != nil {
		var given string
		if given, extra = r.row.Sim(r); given != "" {
			id = given
		}
	}
	out = maps.Clone(r.in)
	outputs := outputsOf(r.row)
	if _, ok := outputs["arn"]; ok && out["arn"] == nil {
		prefix := r.row.ARN
		if prefix == "" {
			prefix = module + ":" + strings.ToLower(kind) + "/"
		}
		out["arn"] = r.arn(prefix + id)
	}
	if _, ok := outputs["tagsAll"]; ok && r.in["tags"] != nil {
		out["tagsAll"] = r.in["tags"]
	}
	for name, v := range extra {
		put(out, name, v)
	}
	return id, out
}

// arn completes "service:resource" to an ARN of the sandbox's account and region; "service:::resource" has neither.
func (r *request) arn(resource string) string {
	service, rest, _ := strings.Cut(resource, ":")
	if strings.HasPrefix(rest, "::") {
		return "arn:aws:" + resource
	}
	region := r.here()
	switch service {
	case "iam", "cloudfront", "route53", "budgets", "shield", "s3":
		region = ""
	}
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, region, sandboxAccount, rest)
}

// here returns the region that the stand-in is configured for.
func (r *request) here() string {
	if r.clients == nil {
		return "us-west-2"
	}
	return r.region
}
