// Package secretstore makes the Secrets Manager entries of an environment, and
// the function that renews those that nothing else renews.
//
// Values are not here: they live in Secrets Manager only. Secrets that AWS
// services make for themselves (RDS's master password) are with the service.
package secretstore

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
)

// recoveryDays is how long a deleted secret can be had back.
const recoveryDays = 30

// Args describes the entries.
type Args struct {
	// Partition, AccountID and Region are where the secrets live.
	Partition, AccountID, Region string
	// Prefix begins every entry's physical name: PREFIX/NAME.
	Prefix string
	// Secrets are the entries by name.
	Secrets map[string]Secret
	// KeyARN is the KMS key of the secrets, LogsKeyARN that of the rotation
	// function's log.
	KeyARN, LogsKeyARN pulumi.StringInput
	// Protect keeps Pulumi from deleting an entry. An unprotected one is gone
	// at once, so that its environment can be made again under the same names.
	Protect bool
}

// Secret is one entry.
type Secret struct {
	// Description says what the secret opens.
	Description string
	// Generated has the rotation function write the first value and renew it;
	// otherwise somebody else does.
	Generated bool
	// RotationDays is the time between two renewals; of entries that somebody
	// else renews it is a tag.
	RotationDays int
	// InitialValue seeds the entry; nil leaves it empty. Later changes of it
	// are ignored: the value belongs to who renews it. Take it out of the
	// configuration once the entry has been renewed (the value in force stays):
	// AWS deletes versions that are no longer in use, and Pulumi would write
	// one that a refresh misses again.
	InitialValue pulumi.StringInput
}

// Store is a set of entries.
type Store struct {
	pulumi.ResourceState
	component.Parts

	// ARNs are the entries' ARNs by name.
	ARNs map[string]pulumi.StringOutput
}

// New makes the entries.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Store, error) {
	s := &Store{ARNs: map[string]pulumi.StringOutput{}}
	err := component.Register(ctx, "gatehouse:aws:SecretStore", name, s, func(child pulumi.ResourceOption) error {
		generated := map[string]pulumi.StringOutput{}
		for _, short := range slices.Sorted(maps.Keys(args.Secrets)) {
			secret := args.Secrets[short]
			if secret.Generated && secret.InitialValue != nil {
				return fmt.Errorf("secret %s: is generated and has an initial value; give one of the two", short)
			}
			arn, err := newSecret(ctx, name+"-"+short, args.Prefix+"/"+short, secret, args, child)
			if err != nil {
				return fmt.Errorf("secret %s: %w", short, err)
			}
			s.ARNs[short] = arn
			if secret.Generated {
				generated[short] = arn
			}
		}
		return rotate(ctx, name, args, generated, child)
	}, opts...)
	return s, err
}

func newSecret(ctx *pulumi.Context, name, physical string, secret Secret, args Args, child pulumi.ResourceOption) (pulumi.StringOutput, error) {
	recovery := recoveryDays
	if !args.Protect {
		recovery = 0
	}
	entry, err := secretsmanager.NewSecret(ctx, name, &secretsmanager.SecretArgs{
		Name:                 pulumi.String(physical),
		Description:          pulumi.String(secret.Description),
		KmsKeyId:             args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		RecoveryWindowInDays: pulumi.Int(recovery),
		Tags: pulumi.StringMap{
			"data-classification": pulumi.String("restricted"),
			"rotation-days":       pulumi.Sprintf("%d", secret.RotationDays),
		},
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	policy, err := policy(args.AccountID).JSON()
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	_, err = secretsmanager.NewSecretPolicy(ctx, name, &secretsmanager.SecretPolicyArgs{
		SecretArn: entry.Arn, BlockPublicPolicy: pulumi.Bool(true), Policy: policy,
	}, child)
	if err != nil || secret.InitialValue == nil {
		return entry.Arn, err
	}
	_, err = secretsmanager.NewSecretVersion(ctx, name, &secretsmanager.SecretVersionArgs{
		SecretId: entry.ID(),
		// The SDK makes it a secret, whatever it was.
		SecretString: secret.InitialValue.ToStringOutput().ToStringPtrOutput(),
	}, child, pulumi.IgnoreChanges([]string{"secretString"}), pulumi.RetainOnDelete(true))
	return entry.Arn, err
}

// policy keeps other accounts out, whatever else is granted to them. AWS's own
// services, which act without an account, are not meant.
func policy(accountID string) iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
		ID: "OtherAccounts", Effect: iampolicy.Deny, Principals: []iampolicy.Principal{{Type: iampolicy.Everyone}},
		Actions: []string{"secretsmanager:*"}, Resources: iampolicy.Strings("*"),
		Conditions: []iampolicy.Condition{
			iampolicy.When("StringNotEquals", "aws:PrincipalAccount", accountID),
			iampolicy.When("BoolIfExists", "aws:PrincipalIsAWSService", "false"),
		},
	}}}
}
