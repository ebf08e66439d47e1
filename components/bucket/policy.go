package bucket

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// policy denies what no one may do and lets the deliveries in. Everything else
// is for the principals' own policies to allow.
func policy(args Args, arn pulumi.StringInput) iampolicy.Document {
	objects := pulumi.Sprintf("%s/*", arn)
	whole := []pulumi.StringInput{arn, objects}
	statements := []iampolicy.Statement{
		deny("PlainHTTP", []string{"s3:*"}, whole, iampolicy.When("Bool", "aws:SecureTransport", "false")),
		deny("OldTLS", []string{"s3:*"}, whole, iampolicy.When("NumericLessThan", "s3:TlsVersion", "1.2")),
		deny("OtherAccounts", foreignActions(args), whole, append(people(), iampolicy.When("StringNotEquals", "aws:PrincipalAccount", args.AccountID))...),
	}
	if args.KeyARN != nil {
		puts := []pulumi.StringInput{objects}
		statements = append(statements,
			deny("OtherEncryption", []string{"s3:PutObject"}, puts,
				append(people(), iampolicy.When("StringNotEqualsIfExists", "s3:x-amz-server-side-encryption", "aws:kms"))...),
			deny("OtherKey", []string{"s3:PutObject"}, puts, append(people(), iampolicy.Condition{
				Test: "ArnNotEqualsIfExists", Variable: pulumi.String("s3:x-amz-server-side-encryption-aws-kms-key-id"),
				Values: []pulumi.StringInput{args.KeyARN},
			})...),
		)
	}
	for _, d := range args.Deliveries {
		statements = append(statements, d.statements(args, arn)...)
	}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: statements}
}

// foreignActions is what other accounts may not do. Where writers deliver with
// access control lists, these are principals of AWS's own accounts, so all but
// writing is denied to them.
func foreignActions(args Args) []string {
	if args.ACLs {
		return []string{"s3:GetObject*", "s3:ListBucket*", "s3:DeleteObject*", "s3:PutBucket*", "s3:DeleteBucket*"}
	}
	return []string{"s3:*"}
}

// people exempts AWS's services, which act without an account and choose their
// own encryption: CloudTrail's digests, for one, are always SSE-S3.
func people() []iampolicy.Condition {
	return []iampolicy.Condition{iampolicy.When("BoolIfExists", "aws:PrincipalIsAWSService", "false")}
}

func deny(id string, actions []string, resources []pulumi.StringInput, conditions ...iampolicy.Condition) iampolicy.Statement {
	return iampolicy.Statement{
		ID: id, Effect: iampolicy.Deny, Principals: []iampolicy.Principal{{Type: iampolicy.Everyone}},
		Actions: actions, Resources: resources, Conditions: conditions,
	}
}
