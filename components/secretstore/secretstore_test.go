package secretstore_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/secretstore"
)

const (
	secretType   = "aws:secretsmanager/secret:Secret"
	versionType  = "aws:secretsmanager/secretVersion:SecretVersion"
	rotationType = "aws:secretsmanager/secretRotation:SecretRotation"
	functionType = "aws:lambda/function:Function"
	account      = "111122223333"
)

func try(protect bool, secrets map[string]secretstore.Secret) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := secretstore.New(ctx, "sec", secretstore.Args{
			Partition: "aws", AccountID: account, Region: "us-west-2", Prefix: "gate", Secrets: secrets,
			KeyARN: pulumi.String("arn:key"), LogsKeyARN: pulumi.String("arn:logs-key"), Protect: protect,
		})
		return err
	})
}

func run(t *testing.T, protect bool) componenttest.Registrations {
	t.Helper()
	seen, err := try(protect, map[string]secretstore.Secret{
		"session": {Description: "signs sessions", Generated: true, RotationDays: 30},
		"cookies": {Description: "signs cookies", Generated: true, RotationDays: 7},
		"github":  {Description: "opens GitHub", RotationDays: 90, InitialValue: pulumi.String("hush")},
		"empty":   {Description: "a person fills it", RotationDays: 90},
	})
	require.NoError(t, err)
	return seen
}

func TestSecrets(t *testing.T) {
	seen := run(t, true)
	require.ElementsMatch(t, []string{"sec-session", "sec-cookies", "sec-github", "sec-empty"}, seen.OfType(secretType).Names())
	s := seen.Named(t, secretType, "sec-github")
	require.Equal(t, "gate/github", s.Input("name"))
	require.Equal(t, "arn:key", s.Input("kmsKeyId"))
	require.InDelta(t, 30, s.Input("recoveryWindowInDays"), 0)
	require.Equal(t, "90", s.Input("tags.rotation-days"))
	require.True(t, s.Protect)
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:SecretStore", r.Type)
	}
	require.InDelta(t, 0, run(t, false).Named(t, secretType, "sec-github").Input("recoveryWindowInDays"), 0)
}

func TestOtherAccountsAreDenied(t *testing.T) {
	for _, p := range run(t, true).OfType("aws:secretsmanager/secretPolicy:SecretPolicy") {
		require.Equal(t, true, p.Input("blockPublicPolicy"))
		s := p.Policy(t, "policy").Named(t, "OtherAccounts")
		require.Equal(t, "Deny", s.Effect)
		require.Equal(t, []string{account}, s.Condition["StringNotEquals"]["aws:PrincipalAccount"])
	}
}

func TestAnInitialValueStaysSecretAndIsLeftAlone(t *testing.T) {
	version := run(t, true).One(t, versionType)
	require.Equal(t, "sec-github", version.Name, "no other entry is given a value")
	require.True(t, version.Inputs[resource.PropertyKey("secretString")].IsSecret())
	require.Equal(t, []string{"secretString"}, version.IgnoreChanges)
}

func TestGeneratedSecretsAreRotated(t *testing.T) {
	seen := run(t, true)
	require.ElementsMatch(t, []string{"sec-rotation-session", "sec-rotation-cookies"}, seen.OfType(rotationType).Names())
	rotation := seen.Named(t, rotationType, "sec-rotation-cookies")
	require.InDelta(t, 7, rotation.Input("rotationRules.automaticallyAfterDays"), 0)
	require.Equal(t, true, rotation.Input("rotateImmediately"), "the first rotation writes the first value")
	require.Contains(t, rotation.Dependencies[len(rotation.Dependencies)-1]+rotation.Dependencies[0], "sec-rotation")

	function := seen.One(t, functionType)
	require.Equal(t, "rotate.handler", function.Input("handler"))
	require.Equal(t, "/aws/lambda/sec-rotation", function.Input("loggingConfig.logGroup"))
	require.Positive(t, function.Input("reservedConcurrentExecutions"))
	permission := seen.One(t, "aws:lambda/permission:Permission")
	require.Equal(t, "secretsmanager.amazonaws.com", permission.Input("principal"))
	require.Equal(t, account, permission.Input("sourceAccount"))
}

func TestTheRotationFunctionMayDoNoMore(t *testing.T) {
	policy := run(t, true).One(t, "aws:iam/rolePolicy:RolePolicy").Policy(t, "policy")
	renew := policy.Named(t, "Renew")
	require.Len(t, renew.Resource, 2, "the generated secrets only")
	require.NotContains(t, renew.Resource, "*")
	require.Equal(t, []string{"secretsmanager:GetRandomPassword"}, policy.Named(t, "Random").Action)
	require.Equal(t, []string{"secretsmanager.us-west-2.amazonaws.com"}, policy.Named(t, "Encrypt").Condition["StringEquals"]["kms:ViaService"])
}

func TestWithoutGeneratedSecretsThereIsNoFunction(t *testing.T) {
	seen, err := try(true, map[string]secretstore.Secret{"empty": {RotationDays: 90}})
	require.NoError(t, err)
	require.Empty(t, seen.OfType(functionType))
}

func TestAGeneratedSecretTakesNoInitialValue(t *testing.T) {
	_, err := try(true, map[string]secretstore.Secret{"session": {Generated: true, InitialValue: pulumi.String("hush")}})
	require.ErrorContains(t, err, "secret session")
	require.NotContains(t, err.Error(), "hush")
}
