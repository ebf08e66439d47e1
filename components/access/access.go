// Package access gives a ServiceAccount what it may do with the Kubernetes API:
// a Role of named rules in a namespace, and the binding of the account to it.
//
// Rules that reach further than they say are refused: wildcards, and access to
// single objects without naming them. What AWS allows is identity's.
package access

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Rule allows verbs on a kind of object.
type Rule struct {
	// Group is the API group; empty for the core group.
	Group string
	// Resources are the kinds in the plural, e.g. "configmaps", or a
	// subresource, e.g. "deployments/scale".
	Resources []string
	// Names are the objects. They are required for every verb that goes to one
	// object by its name.
	Names []string
	// Verbs are what is allowed, e.g. "get".
	Verbs []string
	// Unnamed says why one object may be read without its name being known here,
	// such as the pods that a Deployment makes; "" when it may not. It goes for
	// get alone, and never for what holds values: ConfigMaps and Secrets.
	Unnamed string
}

// RoleArgs describes a Role.
type RoleArgs struct {
	// Name is the Role's and its binding's.
	Name string
	// Namespace is where the rules hold.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// Rules are what is allowed.
	Rules []Rule
	// Accounts are who may. With none, the Role is there and nobody has it: a
	// person binds it when it is needed.
	Accounts []Subject
}

// Subject is a ServiceAccount.
type Subject struct{ Namespace, Name string }

// Role is a Role with its binding.
type Role struct {
	pulumi.ResourceState
	component.Parts
}

// NewRole makes the Role and binds it.
func NewRole(ctx *pulumi.Context, name string, args RoleArgs, opts ...pulumi.ResourceOption) (*Role, error) {
	r := &Role{}
	err := component.Register(ctx, "gatehouse:kubernetes:Role", name, r, func(child pulumi.ResourceOption) error {
		if err := check(args.Rules); err != nil {
			return fmt.Errorf("make role %s: %w", args.Name, err)
		}
		metadata := metav1.ObjectMetaArgs{
			Name: pulumi.String(args.Name), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(),
			Labels: pulumi.ToStringMap(args.Labels),
		}
		made, err := rbacv1.NewRole(ctx, name, &rbacv1.RoleArgs{Metadata: metadata, Rules: rules(args.Rules)}, child)
		if err != nil || len(args.Accounts) == 0 {
			return err
		}
		var subjects rbacv1.SubjectArray
		for _, account := range args.Accounts {
			subjects = append(subjects, rbacv1.SubjectArgs{
				Kind: pulumi.String("ServiceAccount"), Namespace: pulumi.String(account.Namespace), Name: pulumi.String(account.Name),
			})
		}
		_, err = rbacv1.NewRoleBinding(ctx, name, &rbacv1.RoleBindingArgs{
			Metadata: metadata, Subjects: subjects,
			RoleRef: rbacv1.RoleRefArgs{ApiGroup: pulumi.String("rbac.authorization.k8s.io"), Kind: pulumi.String("Role"), Name: made.Metadata.Name().Elem()},
		}, child)
		return err
	}, opts...)
	return r, err
}

func rules(all []Rule) rbacv1.PolicyRuleArray {
	var built rbacv1.PolicyRuleArray
	for _, rule := range all {
		args := rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{rule.Group}),
			Resources: pulumi.ToStringArray(rule.Resources), Verbs: pulumi.ToStringArray(rule.Verbs),
		}
		if len(rule.Names) > 0 {
			args.ResourceNames = pulumi.ToStringArray(rule.Names)
		}
		built = append(built, args)
	}
	return built
}
