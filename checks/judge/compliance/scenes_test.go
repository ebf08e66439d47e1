package compliance_test

import (
	"context"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws/awstest"
)

func TestEveryChecker(t *testing.T) {
	w := newWorld(t)
	stage(t, w).Play(t, append(w.dataScenes(), w.peopleScenes()...)...)
}

func (w *world) blind(pattern string, rule awstest.Rule) func(*testing.T) {
	return func(t *testing.T) { w.Set(t, pattern, rule) }
}

func (w *world) dataScenes() []checkstest.Scene {
	return []checkstest.Scene{
		{
			Checker: "trail-records-account", Found: "trail trail is stopped",
			Break: func(t *testing.T) {
				_, err := w.trails.StopLogging(t.Context(), &cloudtrail.StopLoggingInput{Name: sdk.String("trail")})
				require.NoError(t, err)
				t.Cleanup(func() { w.record(t) })
			},
			Blind: w.blind("cloudtrail:GetTrailStatus", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "log-groups-retain", Found: "never expires",
			Break: func(t *testing.T) {
				name := sdk.String("/aws/rds/instance/" + prefix + "-postgres/postgresql")
				_, err := w.logs.DeleteRetentionPolicy(t.Context(), &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name})
				require.NoError(t, err)
				t.Cleanup(func() {
					_, err := w.logs.PutRetentionPolicy(context.Background(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: sdk.Int32(90)})
					require.NoError(t, err)
				})
			},
			Blind: w.blind("logs:DescribeLogGroups", awstest.Hang()), Why: "timed out",
		},
		{
			Checker: "data-classified", Found: "S3 gatehouse-test-backups: has no tag data-classification",
			Break: func(t *testing.T) {
				_, err := w.s3.DeleteBucketTagging(t.Context(), &s3.DeleteBucketTaggingInput{Bucket: sdk.String(w.target.Buckets["backups"])})
				require.NoError(t, err)
				t.Cleanup(func() { w.classify(t, "backups") })
			},
			Blind: w.blind("s3:GetBucketTagging", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "data-own-keys", Found: "is encrypted by a key that AWS owns",
			Break: func(t *testing.T) {
				w.encrypt(t, "backups", s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256})
				t.Cleanup(func() {
					w.encrypt(t, "backups", s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: sdk.String(w.key)})
				})
			},
			Blind: w.blind("kms:DescribeKey", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "keys-rotate", Found: "does not rotate",
			Break: func(t *testing.T) {
				_, err := w.kms.DisableKeyRotation(t.Context(), &kms.DisableKeyRotationInput{KeyId: sdk.String(w.key)})
				require.NoError(t, err)
				t.Cleanup(func() { w.rotate(t) })
			},
			Blind: w.blind("kms:GetKeyRotationStatus", awstest.Garbage()), Why: "invalid answer",
		},
		{
			Checker: "secrets-renewed", Found: "secret gatehouse-test/forgotten: does not rotate",
			Break: func(t *testing.T) { w.makeSecret(t, "forgotten", sdk.String("value")) },
			Blind: w.blind("secretsmanager:ListSecrets", awstest.Throttle(-1)), Why: "throttled",
		},
		{
			Checker: "secrets-hold-values", Found: "secret gatehouse-test/empty: has no current value",
			Break: func(t *testing.T) { w.makeSecret(t, "empty", nil) },
			Blind: w.blind("secretsmanager:ListSecrets", awstest.Drop()), Why: "secretsmanager:ListSecrets",
		},
		{
			Checker: "guardduty-on", Found: "is suspended",
			Break: func(t *testing.T) {
				w.detect(t, false)
				t.Cleanup(func() { w.detect(t, true) })
			},
			Blind: w.blind("guardduty:ListDetectors", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "guardduty-findings", Found: "UnauthorizedAccess:EC2/SSHBruteForce, severity 8.0",
			Break: func(t *testing.T) {
				w.Set(t, "guardduty:ListFindings", awstest.JSON(map[string]any{"findingIds": []string{"f-1"}}))
				w.Set(t, "guardduty:GetFindings", awstest.JSON(map[string]any{"findings": []any{map[string]any{
					"id": "f-1", "type": "UnauthorizedAccess:EC2/SSHBruteForce", "severity": 8.0, "title": "brute force",
					"updatedAt": time.Now().UTC().Format(time.RFC3339),
				}}}))
			},
			Blind: w.blind("guardduty:ListFindings", awstest.Deny()), Why: "denied",
		},
	}
}

func (w *world) detect(t *testing.T, on bool) {
	t.Helper()
	_, err := w.threats.UpdateDetector(context.Background(), &guardduty.UpdateDetectorInput{DetectorId: sdk.String(w.detector), Enable: sdk.Bool(on)})
	require.NoError(t, err)
}

func (w *world) peopleScenes() []checkstest.Scene {
	return []checkstest.Scene{
		{
			Checker: "root-locked", Found: "root: has no second factor",
			// Without the rule that adds it, the emulator's root has none.
			Break: func(t *testing.T) { w.Set(t, "iam:GetAccountSummary", awstest.Delay(0)) },
			Blind: w.blind("iam:GetAccountSummary", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "users-second-factor", Found: "user alice: can sign in to the console without a second factor",
			Break: func(t *testing.T) {
				_, err := w.iam.DeactivateMFADevice(t.Context(), &iam.DeactivateMFADeviceInput{UserName: sdk.String("alice"), SerialNumber: sdk.String("GAHT12345678")})
				require.NoError(t, err)
				t.Cleanup(func() { w.secondFactor(t) })
			},
			Blind: w.blind("iam:GenerateCredentialReport", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "access-keys-fresh", Found: "user bob: has an access key of",
			Break: func(t *testing.T) { w.Set(t, "iam:GetCredentialReport", report(91*24*time.Hour)) },
			Blind: w.blind("iam:GetCredentialReport", awstest.Hang()), Why: "timed out",
		},
		{
			Checker: "password-policy", Found: "takes 8 characters",
			Break: func(t *testing.T) {
				w.policy(t, 8)
				t.Cleanup(func() { w.policy(t, 14) })
			},
			Blind: w.blind("iam:GetAccountPasswordPolicy", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "roles-trust-known", Found: "role cluster: may be assumed from the account 999988887777",
			Break: func(t *testing.T) {
				w.trust(t, foreignTrust)
				t.Cleanup(func() { w.trust(t, ownTrust) })
			},
			Blind: w.blind("iam:GetAccountAuthorizationDetails", awstest.Deny()), Why: "denied",
		},
		{
			Checker: "administrators-few", Found: "user alice: may do everything by AdministratorAccess",
			Break: func(t *testing.T) {
				user, policy := sdk.String("alice"), sdk.String("arn:aws:iam::aws:policy/AdministratorAccess")
				_, err := w.iam.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: user, PolicyArn: policy})
				require.NoError(t, err)
				t.Cleanup(func() {
					_, err := w.iam.DetachUserPolicy(context.Background(), &iam.DetachUserPolicyInput{UserName: user, PolicyArn: policy})
					require.NoError(t, err)
				})
			},
			Blind: w.blind("iam:GetAccountAuthorizationDetails", awstest.Hang()), Why: "timed out",
		},
	}
}

func (w *world) trust(t *testing.T, document string) {
	t.Helper()
	_, err := w.iam.UpdateAssumeRolePolicy(context.Background(), &iam.UpdateAssumeRolePolicyInput{RoleName: sdk.String("cluster"), PolicyDocument: sdk.String(document)})
	require.NoError(t, err)
}
