// Package identity gives the workloads of a cluster their AWS permissions: the
// cluster's OIDC provider in IAM, and one role a workload that only the
// workload's service account may assume (IAM roles for service accounts).
//
// Workloads is the table of who may do what, one short file a workload; to add
// one, write its function and name it there. The service accounts themselves
// are made where the workloads are.
package identity

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// Args says which cluster trusts which workloads with what.
type Args struct {
	// Partition is the AWS partition.
	Partition string
	// Issuer is the URL of the cluster's OpenID Connect issuer.
	Issuer pulumi.StringInput
	// Workloads are the roles to make.
	Workloads []Workload
}

// Workload is a set of pods that share one role.
type Workload struct {
	// Name is the workload's name, unique in the cluster, e.g. "backstage".
	Name string
	// Namespace and ServiceAccounts are who may assume the role.
	Namespace       string
	ServiceAccounts []string
	// Managed are AWS-managed policies by name with path, for AWS's own
	// drivers, whose needs AWS keeps up with.
	Managed []string
	// Statements are what the workload may do besides.
	Statements []iampolicy.Statement
}

// Identity is a cluster's OIDC provider and its workloads' roles.
type Identity struct {
	pulumi.ResourceState
	component.Parts

	ProviderARN pulumi.StringOutput `pulumi:"providerArn"`
	// Roles are the ARNs of the roles by workload.
	Roles map[string]pulumi.StringOutput
}

// New makes the provider and the roles.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Identity, error) {
	i := &Identity{Roles: map[string]pulumi.StringOutput{}}
	err := component.Register(ctx, "gatehouse:aws:Identity", name, i, func(child pulumi.ResourceOption) error {
		// No thumbprint: for EKS's issuers IAM trusts the certificate authority.
		provider, err := iam.NewOpenIdConnectProvider(ctx, name, &iam.OpenIdConnectProviderArgs{
			Url:           args.Issuer,
			ClientIdLists: pulumi.ToStringArray([]string{audience}),
		}, child)
		if err != nil {
			return err
		}
		i.ProviderARN = provider.Arn
		for _, workload := range args.Workloads {
			made, err := role.New(ctx, name+"-"+workload.Name, role.Args{
				Description: fmt.Sprintf("Pods of %s in namespace %s", workload.Name, workload.Namespace),
				Partition:   args.Partition,
				Trust:       []iampolicy.Statement{trust(provider.Arn, args.Issuer, workload)},
				Managed:     workload.Managed,
				Statements:  workload.Statements,
			}, child)
			if err != nil {
				return err
			}
			i.Roles[workload.Name] = made.ARN
		}
		return nil
	}, opts...)
	return i, err
}

// audience is for whom EKS issues the tokens of service accounts.
const audience = "sts.amazonaws.com"

// trust lets the workload's service accounts assume the role, by exact name;
// a pattern would let in whoever may name a service account.
func trust(providerARN pulumi.StringInput, issuer pulumi.StringInput, workload Workload) iampolicy.Statement {
	host := issuer.ToStringOutput().ApplyT(func(url string) string {
		return strings.TrimPrefix(url, "https://")
	}).(pulumi.StringOutput)
	var subjects []string
	for _, account := range workload.ServiceAccounts {
		subjects = append(subjects, fmt.Sprintf("system:serviceaccount:%s:%s", workload.Namespace, account))
	}
	return iampolicy.Statement{
		ID: "ServiceAccount", Effect: iampolicy.Allow,
		Principals: []iampolicy.Principal{{Type: iampolicy.Federated, ID: providerARN}},
		Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
		Conditions: []iampolicy.Condition{
			{Test: "StringEquals", Variable: pulumi.Sprintf("%s:sub", host), Values: iampolicy.Strings(subjects...)},
			{Test: "StringEquals", Variable: pulumi.Sprintf("%s:aud", host), Values: iampolicy.Strings(audience)},
		},
	}
}
