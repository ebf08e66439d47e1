package keys

import (
	"fmt"

	"gatehouse/components/iampolicy"
)

// administration is what the account's IAM may delegate without reserve. It
// holds no cryptography: who administers a key does not thereby read the data.
func administration() []string {
	return []string{
		"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey",
		"kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases",
		"kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags", "kms:PutKeyPolicy",
		"kms:RevokeGrant", "kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
		"kms:UpdateAlias", "kms:UpdateKeyDescription", "kms:DisableKeyRotation",
	}
}

// cryptography is what a user of a key needs.
func cryptography() []string {
	return []string{
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*",
	}
}

// policy is the key policy of one purpose. The account's root stands for IAM:
// a principal needs both this key's consent and its own policy's.
func policy(args Args, use use) iampolicy.Document {
	account := []iampolicy.Principal{iampolicy.Account(args.Partition, args.AccountID)}
	thisKey := iampolicy.Strings("*")
	statements := []iampolicy.Statement{{
		ID: "Administration", Effect: iampolicy.Allow, Principals: account,
		Actions: administration(), Resources: thisKey,
	}}
	if len(use.via) == 0 {
		// EKS shows KMS neither kms:ViaService nor kms:GrantIsForAWSResource
		// ("Encrypt Kubernetes secrets with KMS"): it uses a grant that the
		// principal who creates the cluster makes, so IAM alone decides.
		statements = append(statements, iampolicy.Statement{
			ID: "UseByIAM", Effect: iampolicy.Allow, Principals: account,
			Actions: append(cryptography(), "kms:CreateGrant"), Resources: thisKey,
			Conditions: []iampolicy.Condition{iampolicy.Is("kms:CallerAccount", args.AccountID)},
		})
	} else {
		through := iampolicy.Is("kms:ViaService", endpoints(use.via, args.Region)...)
		statements = append(statements, iampolicy.Statement{
			ID: "UseThroughService", Effect: iampolicy.Allow, Principals: account,
			Actions: cryptography(), Resources: thisKey,
			Conditions: []iampolicy.Condition{through},
		}, iampolicy.Statement{
			ID: "GrantThroughService", Effect: iampolicy.Allow, Principals: account,
			Actions: []string{"kms:CreateGrant"}, Resources: thisKey,
			Conditions: []iampolicy.Condition{through, iampolicy.When("Bool", "kms:GrantIsForAWSResource", "true")},
		})
	}
	for _, c := range use.direct {
		statements = append(statements, c.statements(args)...)
	}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: statements}
}

// endpoints are the values of kms:ViaService.
func endpoints(services []string, region string) []string {
	names := make([]string, len(services))
	for i, s := range services {
		names[i] = fmt.Sprintf("%s.%s.amazonaws.com", s, region)
	}
	return names
}

// statements let one direct caller in.
func (c caller) statements(args Args) []iampolicy.Statement {
	switch c {
	case cloudWatchLogs:
		return logsStatements(args)
	case cloudTrail:
		return trailStatements(args)
	case autoScaling:
		return autoScalingStatements(args)
	}
	return nil
}

// logsStatements lets CloudWatch Logs encrypt the account's log groups and no
// others ("Encrypt log data in CloudWatch Logs using AWS KMS").
func logsStatements(args Args) []iampolicy.Statement {
	groups := fmt.Sprintf("arn:%s:logs:%s:%s:log-group:*", args.Partition, args.Region, args.AccountID)
	return []iampolicy.Statement{{
		ID: "LogGroups", Effect: iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.AWSService("logs." + args.Region + ".amazonaws.com")},
		Actions:    cryptography(), Resources: iampolicy.Strings("*"),
		Conditions: []iampolicy.Condition{iampolicy.When("ArnLike", "kms:EncryptionContext:aws:logs:arn", groups)},
	}}
}

// trailStatements lets CloudTrail encrypt the account's trails ("Configure AWS
// KMS key policies for CloudTrail"); readers decrypt through S3.
func trailStatements(args Args) []iampolicy.Statement {
	trails := fmt.Sprintf("arn:%s:cloudtrail:%s:%s:trail/*", args.Partition, args.Region, args.AccountID)
	service := []iampolicy.Principal{iampolicy.AWSService("cloudtrail.amazonaws.com")}
	ours := []iampolicy.Condition{
		iampolicy.Is("aws:SourceAccount", args.AccountID),
		iampolicy.When("ArnLike", "aws:SourceArn", trails),
	}
	return []iampolicy.Statement{{
		ID: "TrailEncrypt", Effect: iampolicy.Allow, Principals: service,
		Actions: []string{"kms:GenerateDataKey*"}, Resources: iampolicy.Strings("*"),
		Conditions: append(ours, iampolicy.When("ArnLike", "kms:EncryptionContext:aws:cloudtrail:arn", trails)),
	}, {
		ID: "TrailDescribe", Effect: iampolicy.Allow, Principals: service,
		Actions: []string{"kms:DescribeKey"}, Resources: iampolicy.Strings("*"), Conditions: ours,
	}}
}

// autoScalingStatements lets EC2 Auto Scaling start nodes with encrypted disks
// ("Required AWS KMS key policy for use with encrypted volumes"). The
// service-linked role is named in a condition because KMS refuses a principal
// that does not exist yet, which is so in a new account.
func autoScalingStatements(args Args) []iampolicy.Statement {
	role := fmt.Sprintf("arn:%s:iam::%s:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", args.Partition, args.AccountID)
	everyone := []iampolicy.Principal{{Type: iampolicy.Everyone}}
	is := []iampolicy.Condition{
		iampolicy.Is("kms:CallerAccount", args.AccountID),
		iampolicy.When("ArnEquals", "aws:PrincipalArn", role),
	}
	return []iampolicy.Statement{{
		ID: "AutoScalingUse", Effect: iampolicy.Allow, Principals: everyone,
		Actions: cryptography(), Resources: iampolicy.Strings("*"), Conditions: is,
	}, {
		ID: "AutoScalingGrant", Effect: iampolicy.Allow, Principals: everyone,
		Actions: []string{"kms:CreateGrant"}, Resources: iampolicy.Strings("*"),
		Conditions: append(is, iampolicy.When("Bool", "kms:GrantIsForAWSResource", "true")),
	}}
}
