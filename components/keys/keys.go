// Package keys makes the customer-managed KMS keys of an environment, one a
// purpose, so that access to one kind of data never opens another.
//
// What each purpose lets in is the table in purposes.go; how that becomes a key
// policy is policy.go. Grants for workloads are not here: a role's own policy
// names the key, and the key delegates to IAM through the right service only.
package keys

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// rotationDays is how often KMS makes new key material. Old material stays, so
// nothing has to be encrypted again.
const rotationDays = 365

// Args says whose keys these are.
type Args struct {
	// Partition, AccountID and Region are where the keys and their users live.
	Partition, AccountID, Region string
	// Only are the purposes to make keys for; none means all.
	Only []Purpose
	// DeletionDays is the waiting period before a deleted key is gone, 7 to 30.
	DeletionDays int
	// Protect keeps Pulumi from deleting a key, and with it what it encrypts.
	Protect bool
}

// Keys are the keys of an environment.
type Keys struct {
	pulumi.ResourceState
	component.Parts

	// ARNs are the keys' ARNs by purpose.
	ARNs pulumi.StringMap `pulumi:"arns"`

	arns map[Purpose]pulumi.StringOutput
}

// ARN is the ARN of the key of a purpose.
func (k *Keys) ARN(p Purpose) pulumi.StringOutput { return k.arns[p] }

// New makes one key and one alias, alias/NAME-PURPOSE, for each purpose.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Keys, error) {
	k := &Keys{ARNs: pulumi.StringMap{}, arns: map[Purpose]pulumi.StringOutput{}}
	err := component.Register(ctx, "gatehouse:aws:Keys", name, k, func(child pulumi.ResourceOption) error {
		for _, use := range uses() {
			if len(args.Only) > 0 && !slices.Contains(args.Only, use.purpose) {
				continue
			}
			arn, err := newKey(ctx, name, args, use, child)
			if err != nil {
				return fmt.Errorf("key %s: %w", use.purpose, err)
			}
			k.arns[use.purpose] = arn
			k.ARNs[string(use.purpose)] = arn
		}
		return nil
	}, opts...)
	return k, err
}

func newKey(ctx *pulumi.Context, name string, args Args, use use, child pulumi.ResourceOption) (pulumi.StringOutput, error) {
	policy, err := policy(args, use).JSON()
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	suffixed := name + "-" + string(use.purpose)
	key, err := kms.NewKey(ctx, suffixed, &kms.KeyArgs{
		Description:          pulumi.String(use.protects),
		DeletionWindowInDays: pulumi.Int(args.DeletionDays),
		EnableKeyRotation:    pulumi.Bool(true),
		RotationPeriodInDays: pulumi.Int(rotationDays),
		MultiRegion:          pulumi.Bool(false),
		Policy:               policy,
		Tags:                 pulumi.StringMap{"Name": pulumi.String(suffixed)},
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	_, err = kms.NewAlias(ctx, suffixed, &kms.AliasArgs{
		Name:        pulumi.String("alias/" + suffixed),
		TargetKeyId: key.KeyId,
	}, child)
	return key.Arn, err
}
