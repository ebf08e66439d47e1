package aws

import (
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	ct "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	waf "github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

func TestPoliciesThatAllowEverything(t *testing.T) {
	for text, want := range map[string]bool{
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`:                                                     true,
		`{"Statement":[{"Effect":"Allow","Action":["s3:Get*","*:*"],"Resource":["*"]}]}`:                                   true,
		`{"Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*"}]}`:                                               true,
		`%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D`: true,
		`{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`:                                                    false,
		`{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`:                                                false,
		`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::one"}]}`:                                    false,
	} {
		got, err := allowsAll(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	_, err := allowsAll("}{")
	require.ErrorAs(t, err, &evidence.Problem{})
}

func TestTrusts(t *testing.T) {
	trusts, err := trustsOf(`{"Statement":[
		{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}},
		{"Effect":"Allow","Principal":{"AWS":["1","2"],"Service":"ec2.amazonaws.com"},"Condition":{"Bool":{"aws:SecureTransport":true}}},
		{"Effect":"Deny","Principal":{"AWS":"3"}},
		{"Effect":"Allow","Principal":{"Federated":"gh"},"Condition":{"StringLike":{"gh:sub":"repo:*"},"StringNotEquals":{"gh:aud":"x"},"StringEqualsIfExists":{"sts:ExternalId":"x"}}},
		{"Effect":"Allow","Principal":{"Federated":"gh"},"Condition":{"StringLike":{"gh:sub":["repo:us/*"]}}}
	]}`)
	require.NoError(t, err)
	require.Equal(t, []evidence.Trust{
		{Kind: "AWS", Who: "*", Conditions: []string{"aws:principalorgid"}},
		{Kind: "AWS", Who: "1", Conditions: []string{"aws:securetransport"}},
		{Kind: "AWS", Who: "2", Conditions: []string{"aws:securetransport"}},
		{Kind: "Service", Who: "ec2.amazonaws.com", Conditions: []string{"aws:securetransport"}},
		{Kind: "Federated", Who: "gh"},
		{Kind: "Federated", Who: "gh", Conditions: []string{"gh:sub"}},
	}, trusts)
	_, err = trustsOf(`{"Statement":{"Effect":"Allow","Principal":7}}`)
	require.ErrorContains(t, err, "names nobody")
}

func TestCredentialRows(t *testing.T) {
	const head = "user,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active\n"
	users, err := credentialRows([]byte(head + "<root_account>,2020-01-01T00:00:00+00:00,not_supported,no_information,true,false,N/A,N/A,false\n" +
		"bob,2020-01-01T00:00:00+00:00,true,2026-01-01T00:00:00+00:00,false,true,2025-01-01T00:00:00+00:00,N/A,false\n"))
	require.NoError(t, err)
	require.Len(t, users, 2)
	require.False(t, users[0].Password)
	require.Equal(t, 2026, users[1].SignedIn.Year())
	require.Equal(t, []evidence.AccessKey{{Rotated: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).In(users[1].Keys[0].Rotated.Location())}}, users[1].Keys)
	for _, broken := range []string{"", head, "user,arn\nbob,x\n", head + "bob\n", "\"user"} {
		_, err := credentialRows([]byte(broken))
		require.Error(t, err, broken)
		require.Equal(t, evidence.Invalid, evidence.Problems(err)[0].Kind)
	}
}

func TestRecordedEvents(t *testing.T) {
	simple := func(s ct.EventSelector) *cloudtrail.GetEventSelectorsOutput {
		return &cloudtrail.GetEventSelectorsOutput{EventSelectors: []ct.EventSelector{s}}
	}
	field := func(name, value string) ct.AdvancedFieldSelector {
		return ct.AdvancedFieldSelector{Field: sdk.String(name), Equals: []string{value}}
	}
	advanced := func(fields ...ct.AdvancedFieldSelector) *cloudtrail.GetEventSelectorsOutput {
		return &cloudtrail.GetEventSelectorsOutput{AdvancedEventSelectors: []ct.AdvancedEventSelector{{FieldSelectors: fields}}}
	}
	for name, c := range map[string]struct {
		selectors  *cloudtrail.GetEventSelectorsOutput
		management string
		objects    bool
	}{
		"none":              {&cloudtrail.GetEventSelectorsOutput{}, "None", false},
		"all":               {simple(ct.EventSelector{ReadWriteType: ct.ReadWriteTypeAll}), "All", false},
		"writes":            {simple(ct.EventSelector{ReadWriteType: ct.ReadWriteTypeWriteOnly}), "WriteOnly", false},
		"without KMS":       {simple(ct.EventSelector{ReadWriteType: ct.ReadWriteTypeAll, ExcludeManagementEventSources: []string{"kms.amazonaws.com"}}), "Some", false},
		"objects alone":     {simple(ct.EventSelector{IncludeManagementEvents: sdk.Bool(false), DataResources: []ct.DataResource{{}}}), "None", true},
		"advanced all":      {advanced(field("eventCategory", "Management")), "All", false},
		"advanced some":     {advanced(field("eventCategory", "Management"), field("readOnly", "true")), "Some", false},
		"advanced objects":  {advanced(field("eventCategory", "Data"), field("resources.type", "AWS::S3::Object")), "None", true},
		"advanced, a table": {advanced(field("eventCategory", "Data"), field("resources.type", "AWS::DynamoDB::Table")), "None", false},
	} {
		management, objects := recorded(c.selectors)
		require.Equal(t, c.management, management, name)
		require.Equal(t, c.objects, objects, name)
	}
}

func TestWebRules(t *testing.T) {
	count := &waf.RuleAction{Count: &waf.CountAction{}}
	group := webRuleOf(waf.Rule{Name: sdk.String("g"), Priority: 3, OverrideAction: &waf.OverrideAction{Count: &waf.CountAction{}}, Statement: &waf.Statement{
		ManagedRuleGroupStatement: &waf.ManagedRuleGroupStatement{
			VendorName: sdk.String("AWS"), Name: sdk.String("Common"), ExcludedRules: []waf.ExcludedRule{{Name: sdk.String("A")}},
			RuleActionOverrides: []waf.RuleActionOverride{
				{Name: sdk.String("B"), ActionToUse: count}, {Name: sdk.String("C"), ActionToUse: &waf.RuleAction{Block: &waf.BlockAction{}}},
			},
		},
	}})
	require.Equal(t, evidence.WebRule{Name: "g", Priority: 3, Action: "COUNT", Group: "AWS/Common", Counted: []string{"A", "B"}}, group)
	rate := webRuleOf(waf.Rule{Name: sdk.String("r"), Action: &waf.RuleAction{Block: &waf.BlockAction{}}, Statement: &waf.Statement{
		RateBasedStatement: &waf.RateBasedStatement{Limit: sdk.Int64(100), AggregateKeyType: "IP", ScopeDownStatement: &waf.Statement{}},
	}})
	require.Equal(t, &evidence.WebRate{Limit: 100, Seconds: 300, Key: "IP"}, rate.Rate)
	require.True(t, rate.Scoped)
	require.Equal(t, "BLOCK", rate.Action)
	for _, bad := range []string{"portal", "arn:aws:waf::123456789012:webacl/1"} {
		_, _, err := webACLOf(bad)
		require.Equal(t, evidence.NotConfigured, evidence.Problems(err)[0].Kind, bad)
	}
}
