package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/iam"
)

// readRole observes a role with the managed policies that it declares itself.
func readRole(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*iamc).GetRole, &api.GetRoleInput{RoleName: &r.id})
	if err != nil {
		return nil, err
	}
	more := props{"assumeRolePolicy": decoded(out.Role.AssumeRolePolicyDocument), "permissionsBoundary": nil}
	if b := out.Role.PermissionsBoundary; b != nil {
		more["permissionsBoundary"] = aws.ToString(b.PermissionsBoundaryArn)
	}
	attached, err := call(ctx, r, (*iamc).ListAttachedRolePolicies, &api.ListAttachedRolePoliciesInput{RoleName: &r.id})
	if err != nil {
		return nil, err
	}
	arns := []any{}
	for _, p := range attached.AttachedPolicies {
		arns = append(arns, aws.ToString(p.PolicyArn))
	}
	if _, declared := r.in["managedPolicyArns"]; declared {
		more["managedPolicyArns"] = arns
	}
	return r.see(*out.Role, more), nil
}

// attachPolicies attaches and detaches the managed policies that the role declares.
func attachPolicies(ctx context.Context, r *request) error {
	add, drop := listChange(stringList(r.was["managedPolicyArns"]), r.list("managedPolicyArns"))
	for _, arn := range add {
		if _, err := call(ctx, r, (*iamc).AttachRolePolicy, &api.AttachRolePolicyInput{RoleName: &r.id, PolicyArn: &arn}); err != nil {
			return err
		}
	}
	for _, arn := range drop {
		if _, err := call(ctx, r, (*iamc).DetachRolePolicy, &api.DetachRolePolicyInput{RoleName: &r.id, PolicyArn: &arn}); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}

func detachPolicies(ctx context.Context, r *request) error {
	for _, arn := range r.list("managedPolicyArns") {
		if _, err := call(ctx, r, (*iamc).DetachRolePolicy, &api.DetachRolePolicyInput{RoleName: &r.id, PolicyArn: &arn}); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}

// inlinePolicies returns the role's inline policies of some inputs, by name.
func inlinePolicies(in props) map[string]string {
	out := map[string]string{}
	list, _ := in["inlinePolicies"].([]any)
	for _, e := range list {
		m, _ := e.(props)
		if name := text(m["name"]); name != "" {
			out[name] = text(m["policy"])
		}
	}
	return out
}

func putInlinePolicies(ctx context.Context, r *request) error {
	set, unset := tagChange(inlinePolicies(r.was), inlinePolicies(r.in))
	for name, policy := range set {
		if _, err := call(ctx, r, (*iamc).PutRolePolicy, &api.PutRolePolicyInput{RoleName: &r.id, PolicyName: &name, PolicyDocument: &policy}); err != nil {
			return err
		}
	}
	for _, name := range unset {
		if _, err := call(ctx, r, (*iamc).DeleteRolePolicy, &api.DeleteRolePolicyInput{RoleName: &r.id, PolicyName: &name}); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}

func deleteInlinePolicies(ctx context.Context, r *request) error {
	for name := range inlinePolicies(r.in) {
		if _, err := call(ctx, r, (*iamc).DeleteRolePolicy, &api.DeleteRolePolicyInput{RoleName: &r.id, PolicyName: &name}); err != nil && !isGone(err) {
			return err
		}
	}
	return nil
}

// readInlinePolicies observes the inline policies that the role declares.
func readInlinePolicies(ctx context.Context, r *request) (props, error) {
	list := []any{}
	for _, name := range sorted(inlinePolicies(r.in)) {
		out, err := call(ctx, r, (*iamc).GetRolePolicy, &api.GetRolePolicyInput{RoleName: &r.id, PolicyName: &name})
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, props{"name": name, "policy": decoded(out.PolicyDocument)})
	}
	if len(inlinePolicies(r.in)) == 0 {
		return props{}, nil
	}
	return props{"inlinePolicies": list}, nil
}
