package componenttest_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
)

const keyType = "aws:kms/key:Key"

func TestRunRecordsWhatTheEngineWouldSee(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		first, err := kms.NewKey(ctx, "first", &kms.KeyArgs{
			Description: pulumi.ToSecret(pulumi.String("hush")).(pulumi.StringOutput).ToStringPtrOutput(),
			Tags:        pulumi.StringMap{"Name": pulumi.String("first")},
		}, pulumi.Protect(true), pulumi.IgnoreChanges([]string{"policy"}))
		if err != nil {
			return err
		}
		_, err = kms.NewKey(ctx, "second", nil, pulumi.Parent(first), pulumi.DependsOn([]pulumi.Resource{first}))
		return err
	})
	first := seen.Named(t, keyType, "first")
	require.True(t, first.Custom)
	require.True(t, first.Protect)
	require.Equal(t, []string{"policy"}, first.IgnoreChanges)
	require.Equal(t, "hush", first.Input("description"), "secrets are unwrapped")
	require.Equal(t, "first", first.Input("tags.Name"))
	require.Nil(t, first.Input("tags.Other"))

	second := seen.Named(t, keyType, "second")
	require.Contains(t, second.Parent, "::first")
	require.Len(t, second.Dependencies, 1)
	require.ElementsMatch(t, []string{"first", "second"}, seen.OfType(keyType).Names())
	require.Len(t, seen.Customs(), 2)
}

func TestTryReturnsTheProgramsError(t *testing.T) {
	wrong := errors.New("wrong")
	_, err := componenttest.Try(func(*pulumi.Context) error { return wrong })
	require.ErrorIs(t, err, wrong)
}

func TestPolicyFindsStatements(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := kms.NewKey(ctx, "key", &kms.KeyArgs{
			Policy: pulumi.String(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":["kms:*"],"Resource":["*"]}]}`),
		})
		return err
	})
	require.Equal(t, "Deny", seen.One(t, keyType).Policy(t, "policy").Named(t, "A").Effect)
}
