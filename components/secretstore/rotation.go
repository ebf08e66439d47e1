package secretstore

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// rotateSource is the rotation function.
//
//go:embed rotate.py
var rotateSource string

// The limits of the rotation function. Rotations are rare; the concurrency
// keeps a fault in them from taking the account's.
const (
	rotateRuntime     = "python3.13"
	rotateSeconds     = 30
	rotateMegabytes   = 128
	rotateConcurrency = 2
	rotateLogDays     = 90
)

// rotate has the function renew the generated secrets, by name. Without any,
// there is no function.
func rotate(ctx *pulumi.Context, name string, args Args, generated map[string]pulumi.StringOutput, child pulumi.ResourceOption) error {
	if len(generated) == 0 {
		return nil
	}
	name += "-rotation"
	arns := []pulumi.StringInput{}
	for _, short := range slices.Sorted(maps.Keys(generated)) {
		arns = append(arns, generated[short])
	}
	function, err := newFunction(ctx, name, args, arns, child)
	if err != nil {
		return fmt.Errorf("rotation function: %w", err)
	}
	// Secrets Manager tries the call when a rotation is set up.
	allowed, err := lambda.NewPermission(ctx, name, &lambda.PermissionArgs{
		Function:      function.Name,
		Action:        pulumi.String("lambda:InvokeFunction"),
		Principal:     pulumi.String("secretsmanager.amazonaws.com"),
		SourceAccount: pulumi.String(args.AccountID),
	}, child)
	if err != nil {
		return err
	}
	for _, short := range slices.Sorted(maps.Keys(generated)) {
		_, err := secretsmanager.NewSecretRotation(ctx, name+"-"+short, &secretsmanager.SecretRotationArgs{
			SecretId:          generated[short],
			RotationLambdaArn: function.Arn.ToStringPtrOutput(),
			RotateImmediately: pulumi.Bool(true),
			RotationRules: secretsmanager.SecretRotationRotationRulesArgs{
				AutomaticallyAfterDays: pulumi.Int(args.Secrets[short].RotationDays),
			},
		}, child, component.DependsOn(allowed))
		if err != nil {
			return fmt.Errorf("rotation of %s: %w", short, err)
		}
	}
	return nil
}

func newFunction(ctx *pulumi.Context, name string, args Args, secrets []pulumi.StringInput, child pulumi.ResourceOption) (*lambda.Function, error) {
	group, err := cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String("/aws/lambda/" + name),
		RetentionInDays: pulumi.Int(rotateLogDays),
		KmsKeyId:        args.LogsKeyARN.ToStringOutput().ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	caller, err := role.New(ctx, name, role.Args{
		Description: "Renews generated secrets",
		Partition:   args.Partition,
		Trust:       []iampolicy.Statement{lambdaTrust()},
		Statements:  permissions(args, secrets, group.Arn),
	}, child)
	if err != nil {
		return nil, err
	}
	return lambda.NewFunction(ctx, name, &lambda.FunctionArgs{
		Description:                  pulumi.String("Renews generated secrets"),
		Runtime:                      pulumi.String(rotateRuntime),
		Handler:                      pulumi.String("rotate.handler"),
		Architectures:                pulumi.ToStringArray([]string{"arm64"}),
		Code:                         pulumi.NewAssetArchive(map[string]any{"rotate.py": pulumi.NewStringAsset(rotateSource)}),
		Role:                         caller.ARN,
		Timeout:                      pulumi.Int(rotateSeconds),
		MemorySize:                   pulumi.Int(rotateMegabytes),
		ReservedConcurrentExecutions: pulumi.Int(rotateConcurrency),
		LoggingConfig: lambda.FunctionLoggingConfigArgs{
			LogFormat: pulumi.String("JSON"), LogGroup: group.Name.ToStringPtrOutput(),
		},
	}, child, component.DependsOn(caller))
}

// lambdaTrust needs no source: only a principal of the account can give the
// role to a function (iam:PassRole), so there is no deputy to confuse.
func lambdaTrust() iampolicy.Statement {
	return iampolicy.Statement{
		ID: "Lambda", Effect: iampolicy.Allow, Actions: []string{"sts:AssumeRole"},
		Principals: []iampolicy.Principal{iampolicy.AWSService("lambda.amazonaws.com")},
	}
}

// permissions are the calls that rotate.py makes, and its log.
func permissions(args Args, secrets []pulumi.StringInput, groupARN pulumi.StringOutput) []iampolicy.Statement {
	return []iampolicy.Statement{{
		ID: "Renew", Effect: iampolicy.Allow, Resources: secrets,
		Actions: []string{
			"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
			"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
		},
	}, {
		ID: "Random", Effect: iampolicy.Allow, Resources: iampolicy.Strings("*"),
		Actions: []string{"secretsmanager:GetRandomPassword"},
	}, {
		ID: "Encrypt", Effect: iampolicy.Allow, Resources: []pulumi.StringInput{args.KeyARN},
		Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey"},
		Conditions: []iampolicy.Condition{iampolicy.Is("kms:ViaService", "secretsmanager."+args.Region+".amazonaws.com")},
	}, {
		ID: "Log", Effect: iampolicy.Allow, Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", groupARN)},
		Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents"},
	}}
}
