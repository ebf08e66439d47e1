package compliance_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
)

const ownTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

const foreignTrust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"sts:AssumeRole"}}`

// makePeople makes a user with a second factor and a fresh key, and a role.
func (w *world) makePeople(t *testing.T) {
	ctx := t.Context()
	alice := aws.String("alice")
	_, err := w.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: alice})
	require.NoError(t, err)
	_, err = w.iam.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: alice, Password: aws.String("not-a-secret")})
	require.NoError(t, err)
	_, err = w.iam.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: alice})
	require.NoError(t, err)
	_, err = w.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("cluster"), AssumeRolePolicyDocument: aws.String(ownTrust)})
	require.NoError(t, err)
	w.secondFactor(t)
	w.policy(t, 14)
}

func (w *world) secondFactor(t *testing.T) {
	t.Helper()
	_, err := w.iam.EnableMFADevice(context.Background(), &iam.EnableMFADeviceInput{
		UserName: aws.String("alice"), SerialNumber: aws.String("GAHT12345678"),
		AuthenticationCode1: aws.String("123456"), AuthenticationCode2: aws.String("654321"),
	})
	require.NoError(t, err)
}

func (w *world) policy(t *testing.T, length int32) {
	t.Helper()
	_, err := w.iam.UpdateAccountPasswordPolicy(context.Background(), &iam.UpdateAccountPasswordPolicyInput{
		MinimumPasswordLength: aws.Int32(length), PasswordReusePrevention: aws.Int32(24),
	})
	require.NoError(t, err)
}

// report answers a credential report as AWS writes it: root, and a user whose
// access key is so old.
func report(age time.Duration) awstest.Rule {
	made := time.Now().Add(-age).UTC().Format("2006-01-02T15:04:05+00:00")
	now := time.Now().UTC().Format("2006-01-02T15:04:05+00:00")
	csv := strings.Join([]string{
		"user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
			"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date",
		"<root_account>,arn:aws:iam::123456789012:root," + made + ",not_supported,no_information,not_supported,not_supported,true,false,N/A,N/A,false,N/A,N/A",
		"bob,arn:aws:iam::123456789012:user/bob," + made + ",false,N/A,N/A,N/A,false,true," + made + "," + now + ",false,N/A,N/A",
	}, "\n")
	return awstest.Answer("text/xml", fmt.Sprintf(`<GetCredentialReportResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetCredentialReportResult>`+
		`<Content>%s</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>%s</GeneratedTime></GetCredentialReportResult></GetCredentialReportResponse>`,
		base64.StdEncoding.EncodeToString([]byte(csv)), time.Now().UTC().Format(time.RFC3339)))
}
