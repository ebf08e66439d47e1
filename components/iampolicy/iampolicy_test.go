package iampolicy_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/iampolicy"
)

// render returns the text of a document, as a resource would be given it.
func render(t *testing.T, d iampolicy.Document) (string, error) {
	t.Helper()
	seen, err := componenttest.Try(func(ctx *pulumi.Context) error {
		text, err := d.JSON()
		if err != nil {
			return err
		}
		_, err = kms.NewKey(ctx, "key", &kms.KeyArgs{Policy: text})
		return err
	})
	if err != nil {
		return "", err
	}
	return seen.One(t, "aws:kms/key:Key").Input("policy").(string), nil
}

func TestJSONRendersEveryPart(t *testing.T) {
	text, err := render(t, iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{
		ID: "Use", Effect: iampolicy.Allow,
		Principals: []iampolicy.Principal{
			iampolicy.Account("aws", "111122223333"), iampolicy.AWSService("backup.amazonaws.com"),
			{Type: iampolicy.AWS, ID: pulumi.String("arn:aws:iam::111122223333:role/reader")},
		},
		Actions:   []string{"kms:Decrypt", "kms:DescribeKey"},
		Resources: []pulumi.StringInput{pulumi.String("*").ToStringOutput()},
		Conditions: []iampolicy.Condition{
			iampolicy.Is("kms:CallerAccount", "111122223333", "444455556666"),
			iampolicy.Is("kms:ViaService", "s3.us-west-2.amazonaws.com"),
			{Test: "StringLike", Variable: pulumi.Sprintf("%s:sub", "oidc"), Values: iampolicy.Strings("a")},
		},
	}, {
		ID: "Never", Effect: iampolicy.Deny, Principals: []iampolicy.Principal{{Type: iampolicy.Everyone}},
		Actions: []string{"kms:*"}, Resources: iampolicy.Strings("*"),
		Conditions: []iampolicy.Condition{iampolicy.When("Bool", "aws:SecureTransport", "false")},
	}}})
	require.NoError(t, err)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[
	 {"Sid":"Use","Effect":"Allow",
	  "Principal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/reader"],"Service":["backup.amazonaws.com"]},
	  "Action":["kms:Decrypt","kms:DescribeKey"],"Resource":["*"],
	  "Condition":{"StringEquals":{"kms:CallerAccount":["111122223333","444455556666"],"kms:ViaService":["s3.us-west-2.amazonaws.com"]},
	               "StringLike":{"oidc:sub":["a"]}}},
	 {"Sid":"Never","Effect":"Deny","Principal":"*","Action":["kms:*"],"Resource":["*"],
	  "Condition":{"Bool":{"aws:SecureTransport":["false"]}}}]}`, text)
}

func TestJSONRefuses(t *testing.T) {
	service := []iampolicy.Principal{iampolicy.AWSService("ec2.amazonaws.com")}
	everyone := []iampolicy.Principal{{Type: iampolicy.Everyone}}
	star := iampolicy.Strings("*")
	read := []string{"s3:GetObject"}
	for name, c := range map[string]struct {
		kind       iampolicy.Kind
		statements []iampolicy.Statement
		want       string
	}{
		"nothing":              {iampolicy.Identity, nil, "no statements"},
		"no ID":                {iampolicy.Identity, []iampolicy.Statement{{Effect: iampolicy.Allow, Actions: read, Resources: star}}, "letters and digits"},
		"ID twice":             {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star}, {ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star}}, "used twice"},
		"no effect":            {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Actions: read, Resources: star}}, "Allow or Deny"},
		"no actions":           {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Resources: star}}, "no actions"},
		"no resources":         {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read}}, "no resources"},
		"identity with whom":   {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star, Principals: service}}, "names no principals"},
		"resource for nobody":  {iampolicy.Resource, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star}}, "no principals"},
		"trust of a resource":  {iampolicy.Trust, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star, Principals: service}}, "names no resources"},
		"everyone, any time":   {iampolicy.Resource, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: read, Resources: star, Principals: everyone}}, "no condition narrows it"},
		"everything anywhere":  {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: []string{"*"}, Resources: star}}, "on every resource"},
		"a service, anywhere":  {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: []string{"s3:Put*"}, Resources: star}}, "on every resource"},
		"one of several, late": {iampolicy.Identity, []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: []string{"s3:GetObject", "iam:*"}, Resources: iampolicy.Strings("arn:aws:s3:::b", "*")}}, "on every resource"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render(t, iampolicy.Document{Kind: c.kind, Statements: c.statements})
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestJSONAllowsWhatIsNarrowed(t *testing.T) {
	star := iampolicy.Strings("*")
	for name, d := range map[string]iampolicy.Document{
		"named action, every resource":   {Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: []string{"ec2:DescribeVpcs"}, Resources: star}}},
		"every action, one resource":     {Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{ID: "A", Effect: iampolicy.Allow, Actions: []string{"s3:*"}, Resources: iampolicy.Strings("arn:aws:s3:::b/*")}}},
		"everything denied":              {Kind: iampolicy.Identity, Statements: []iampolicy.Statement{{ID: "A", Effect: iampolicy.Deny, Actions: []string{"*"}, Resources: star}}},
		"everyone denied, any condition": {Kind: iampolicy.Resource, Statements: []iampolicy.Statement{{ID: "A", Effect: iampolicy.Deny, Actions: []string{"s3:*"}, Resources: star, Principals: []iampolicy.Principal{{Type: iampolicy.Everyone}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render(t, d)
			require.NoError(t, err)
		})
	}
}
