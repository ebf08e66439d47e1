package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
)

type secretsc = api.Client

// secretsRows are secrets, their values, rotation and policies.
func secretsRows() []Resource {
	return []Resource{
		{
			Token: "aws:secretsmanager/secret:Secret", Args: secretsmanager.SecretArgs{}, State: secretsmanager.Secret{},
			Name: "name", NameMax: 512, Replace: []string{"name", "namePrefix"},
			Unseen: map[string]string{
				"namePrefix": "AWS keeps the whole name only", "recoveryWindowInDays": "AWS takes it at deletion", "forceOverwriteReplicaSecret": "it is an order, not a property",
				"policy": "it is read as a SecretPolicy", "replicas": "the sandbox has one region's secrets",
			},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*secretsc).DescribeSecret, &api.DescribeSecretInput{SecretId: aws.String(r.str("name"))})
				if err != nil {
					return "", err
				}
				return aws.ToString(out.ARN), nil
			},
			Tag:    tagger((*secretsc).TagResource, (*secretsc).UntagResource, "SecretId", byID),
			Create: create((*secretsc).CreateSecret, "ARN"),
			Read:   readSecret,
			Update: update((*secretsc).UpdateSecret, "SecretId"),
			// No recovery window: a sandbox is destroyed and made again under the same names.
			Delete: remove((*secretsc).DeleteSecret, "SecretId", func(_ *request, in *api.DeleteSecretInput) {
				in.ForceDeleteWithoutRecovery = aws.Bool(true)
			}),
		},
		{
			Token: "aws:secretsmanager/secretVersion:SecretVersion", Args: secretsmanager.SecretVersionArgs{}, State: secretsmanager.SecretVersion{},
			Secret: []string{"secretString", "secretBinary"},
			Unseen: map[string]string{"versionStages": "AWS moves them with each version", "secretBinary": "AWS tells it in another encoding"},
			Create: func(ctx context.Context, r *request) (string, error) {
				out, err := send(ctx, r, (*secretsc).PutSecretValue, func(r *request, in *api.PutSecretValueInput) {
					in.ClientRequestToken = aws.String(mark(r.urn) + mark(r.str("secretString")) + mark(r.str("secretBinary")))
				})
				if err != nil {
					return "", err
				}
				return r.str("secretId") + "|" + aws.ToString(out.VersionId), nil
			},
			Read: func(ctx context.Context, r *request) (props, error) {
				secret, version, _ := strings.Cut(r.id, "|")
				out, err := call(ctx, r, (*secretsc).GetSecretValue, &api.GetSecretValueInput{SecretId: &secret, VersionId: &version})
				if err != nil {
					return nil, err
				}
				return r.see(*out, props{"secretId": secret, "arn": aws.ToString(out.ARN)}), nil
			},
			// AWS deletes versions with their secret.
			Delete: nothing,
		},
		{
			Token: "aws:secretsmanager/secretRotation:SecretRotation", Args: secretsmanager.SecretRotationArgs{}, State: secretsmanager.SecretRotation{},
			Name: "secretId", Replace: []string{"secretId"},
			Unseen: map[string]string{"rotateImmediately": "it is an order, not a property"},
			Create: rotate, Update: again(rotate),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*secretsc).DescribeSecret, &api.DescribeSecretInput{SecretId: &r.id})
				if err != nil {
					return nil, err
				}
				if !aws.ToBool(out.RotationEnabled) {
					return nil, errGone
				}
				return r.see(*out, props{"secretId": r.id}), nil
			},
			Delete: remove((*secretsc).CancelRotateSecret, "SecretId"),
		},
		{
			Token: "aws:secretsmanager/secretPolicy:SecretPolicy", Args: secretsmanager.SecretPolicyArgs{}, State: secretsmanager.SecretPolicy{},
			Name: "secretArn", Replace: []string{"secretArn"},
			Rename: map[string]string{"policy": "ResourcePolicy", "secretArn": "SecretId"},
			Unseen: map[string]string{"blockPublicPolicy": "it is an order, not a property"},
			Create: create((*secretsc).PutResourcePolicy, ""), Update: again(create((*secretsc).PutResourcePolicy, "")),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*secretsc).GetResourcePolicy, &api.GetResourcePolicyInput{SecretId: &r.id})
				if err != nil {
					return nil, err
				}
				if aws.ToString(out.ResourcePolicy) == "" {
					return nil, errGone
				}
				return r.see(*out, props{"secretArn": r.id}), nil
			},
			Delete: remove((*secretsc).DeleteResourcePolicy, "SecretId"),
		},
	}
}

// readSecret observes a secret; one that waits for its deletion counts as gone.
func readSecret(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*secretsc).DescribeSecret, &api.DescribeSecretInput{SecretId: &r.id})
	if err != nil {
		return nil, err
	}
	if out.DeletedDate != nil {
		return nil, errGone
	}
	return r.see(*out, props{"arn": aws.ToString(out.ARN)}), nil
}

func rotate(ctx context.Context, r *request) (string, error) {
	if err := firstValue(ctx, r); err != nil {
		return "", err
	}
	_, err := send(ctx, r, (*secretsc).RotateSecret, func(r *request, in *api.RotateSecretInput) {
		in.RotationLambdaARN = nil
		if arn := r.str("rotationLambdaArn"); arn != "" {
			in.RotationLambdaARN = &arn
		}
	})
	return r.str("secretId"), err
}

// firstValue gives an empty secret a value, which the first rotation does in AWS: moto fails to rotate an empty secret,
// and runs no function.
func firstValue(ctx context.Context, r *request) error {
	id := r.str("secretId")
	out, err := call(ctx, r, (*secretsc).DescribeSecret, &api.DescribeSecretInput{SecretId: &id})
	if err != nil || len(out.VersionIdsToStages) > 0 {
		return err
	}
	random, err := call(ctx, r, (*secretsc).GetRandomPassword, &api.GetRandomPasswordInput{ExcludePunctuation: aws.Bool(true)})
	if err != nil {
		return err
	}
	_, err = call(ctx, r, (*secretsc).PutSecretValue, &api.PutSecretValueInput{SecretId: &id, SecretString: random.RandomPassword})
	return err
}
