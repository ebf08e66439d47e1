package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"gatehouse/checks/evidence"
)

func readerOfAccount(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSAccount, inGlobal("iam:GetAccountSummary", ""), c.account)
}

func readerOfPasswords(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSPasswords, inGlobal("iam:GetAccountPasswordPolicy", ""), c.passwords)
}

func (c *Collector) account(ctx context.Context) (evidence.IAMSummary, error) {
	got, err := iam.NewFromConfig(c.global()).GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
	if err != nil {
		return evidence.IAMSummary{}, err
	}
	keys, said := got.SummaryMap["AccountAccessKeysPresent"]
	mfa, alsoSaid := got.SummaryMap["AccountMFAEnabled"]
	if !said || !alsoSaid {
		return evidence.IAMSummary{}, evidence.Problem{Kind: evidence.Invalid, Message: "iam:GetAccountSummary says nothing of root"}
	}
	return evidence.IAMSummary{RootKeys: keys > 0, RootMFA: mfa > 0, Users: int(got.SummaryMap["Users"])}, nil
}

func (c *Collector) passwords(ctx context.Context) (evidence.PasswordPolicy, error) {
	got, err := iam.NewFromConfig(c.global()).GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
	if hasCode(err, "NoSuchEntity") {
		return evidence.PasswordPolicy{}, nil
	}
	if err != nil {
		return evidence.PasswordPolicy{}, err
	}
	p := got.PasswordPolicy
	if p == nil {
		return evidence.PasswordPolicy{}, evidence.Problem{Kind: evidence.Invalid, Message: "iam:GetAccountPasswordPolicy answered no policy"}
	}
	return evidence.PasswordPolicy{
		Set: true, MinimumLength: aws.ToInt32(p.MinimumPasswordLength), Reuse: aws.ToInt32(p.PasswordReusePrevention),
		Uppercase: p.RequireUppercaseCharacters, Lowercase: p.RequireLowercaseCharacters,
		Numbers: p.RequireNumbers, Symbols: p.RequireSymbols,
	}, nil
}
