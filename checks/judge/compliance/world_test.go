package compliance_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	ct "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	gd "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

const prefix = "gatehouse-test"

// world is an account in the emulator as a good stack leaves it, seen through a
// proxy that knows what the emulator leaves out.
type world struct {
	*awstest.Server
	target   target.AWS
	config   aws.Config
	key      string
	detector string

	trails  *cloudtrail.Client
	logs    *cloudwatchlogs.Client
	kms     *kms.Client
	iam     *iam.Client
	s3      *s3.Client
	secrets *secretsmanager.Client
	threats *guardduty.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	upstream, _ := sandboxtest.OwnAWS(t)
	config := aws.Config{Region: "us-west-2", BaseEndpoint: aws.String(upstream), Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	w := &world{
		Server: awstest.Proxy(t, upstream), config: config,
		trails: cloudtrail.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config), kms: kms.NewFromConfig(config),
		iam: iam.NewFromConfig(config), secrets: secretsmanager.NewFromConfig(config), threats: guardduty.NewFromConfig(config),
		s3: s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }),
	}
	w.target = target.AWS{Region: "us-west-2", Endpoint: w.URL, Prefix: prefix}
	w.makeKey(t)
	w.makeStores(t)
	w.makeAudit(t)
	w.makeSecrets(t)
	w.makePeople(t)
	w.completeEmulator(t)
	return w
}

func (w *world) makeKey(t *testing.T) {
	made, err := w.kms.CreateKey(t.Context(), &kms.CreateKeyInput{})
	require.NoError(t, err)
	w.key = aws.ToString(made.KeyMetadata.Arn)
	w.rotate(t)
}

func (w *world) rotate(t *testing.T) {
	_, err := w.kms.EnableKeyRotation(context.Background(), &kms.EnableKeyRotationInput{KeyId: aws.String(w.key)})
	require.NoError(t, err)
}

func (w *world) makeAudit(t *testing.T) {
	_, err := w.trails.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{
		Name: aws.String("trail"), S3BucketName: aws.String(prefix + "-backups"), KmsKeyId: aws.String(w.key),
		EnableLogFileValidation: aws.Bool(true), IncludeGlobalServiceEvents: aws.Bool(true), IsMultiRegionTrail: aws.Bool(true),
	})
	require.NoError(t, err)
	_, err = w.trails.PutEventSelectors(t.Context(), &cloudtrail.PutEventSelectorsInput{
		TrailName: aws.String("trail"), AdvancedEventSelectors: []ct.AdvancedEventSelector{{
			Name: aws.String("management"), FieldSelectors: []ct.AdvancedFieldSelector{{Field: aws.String("eventCategory"), Equals: []string{"Management"}}},
		}},
	})
	require.NoError(t, err)
	w.record(t)

	for region, name := range map[string]string{"us-west-2": "/aws/rds/instance/" + prefix + "-postgres/postgresql", "us-east-1": "aws-waf-logs-" + prefix} {
		config := w.config.Copy()
		config.Region = region
		client := cloudwatchlogs.NewFromConfig(config)
		_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name)})
		require.NoError(t, err)
		_, err = client.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(name), RetentionInDays: aws.Int32(90)})
		require.NoError(t, err)
	}

	detector, err := w.threats.CreateDetector(t.Context(), &guardduty.CreateDetectorInput{Enable: aws.Bool(true), Features: []gd.DetectorFeatureConfiguration{
		{Name: gd.DetectorFeatureS3DataEvents, Status: gd.FeatureStatusEnabled},
		{Name: gd.DetectorFeatureEksAuditLogs, Status: gd.FeatureStatusEnabled},
	}})
	require.NoError(t, err)
	w.detector = aws.ToString(detector.DetectorId)
}

func (w *world) record(t *testing.T) {
	_, err := w.trails.StartLogging(context.Background(), &cloudtrail.StartLoggingInput{Name: aws.String("trail")})
	require.NoError(t, err)
}

func (w *world) makeSecrets(t *testing.T) {
	w.makeSecret(t, "rotating", aws.String("value"))
	_, err := w.secrets.RotateSecret(t.Context(), &secretsmanager.RotateSecretInput{
		SecretId: aws.String(prefix + "/rotating"), RotationRules: &sm.RotationRulesType{AutomaticallyAfterDays: aws.Int64(30)},
	})
	require.NoError(t, err)
	w.makeSecret(t, "manual", aws.String("value"), sm.Tag{Key: aws.String("rotation-days"), Value: aws.String("0")})
}

// makeSecret makes an entry; without a value when that is nil.
func (w *world) makeSecret(t *testing.T, name string, value *string, tags ...sm.Tag) {
	t.Helper()
	_, err := w.secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{
		Name: aws.String(prefix + "/" + name), SecretString: value, KmsKeyId: aws.String(w.key),
		Tags: append(tags, sm.Tag{Key: aws.String(evidence.ClassificationTag), Value: aws.String("restricted")}),
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := w.secrets.DeleteSecret(context.Background(), &secretsmanager.DeleteSecretInput{
			SecretId: aws.String(prefix + "/" + name), ForceDeleteWithoutRecovery: aws.Bool(true),
		})
		require.NoError(t, err)
	})
}
