package access

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AccountArgs describes a ServiceAccount.
type AccountArgs struct {
	// Name and Namespace are the account's.
	Name      string
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that its pods may assume; nil for none.
	RoleARN pulumi.StringInput
}

// NewAccount makes a ServiceAccount. It mounts no token of the Kubernetes API;
// a pod that needs one says so itself.
func NewAccount(ctx *pulumi.Context, name string, args AccountArgs, opts ...pulumi.ResourceOption) (*corev1.ServiceAccount, error) {
	metadata := metav1.ObjectMetaArgs{
		Name: pulumi.String(args.Name), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(),
		Labels: pulumi.ToStringMap(args.Labels),
	}
	if args.RoleARN != nil {
		metadata.Annotations = pulumi.StringMap{"eks.amazonaws.com/role-arn": args.RoleARN}
	}
	return corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{
		Metadata: metadata, AutomountServiceAccountToken: pulumi.Bool(false),
	}, opts...)
}
