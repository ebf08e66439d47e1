package aws

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"gatehouse/checks/evidence"
)

func readerOfCredentials(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSCredentials,
		inGlobal("iam:GenerateCredentialReport, iam:GetCredentialReport", ""), c.credentials)
}

// reportPoll is how long IAM is left to write the report before it is asked
// again. It takes seconds; one of the last four hours is given at once.
const reportPoll = 500 * time.Millisecond

func (c *Collector) credentials(ctx context.Context) (evidence.CredentialReport, error) {
	client := iam.NewFromConfig(c.global())
	for {
		made, err := client.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		if err != nil {
			return evidence.CredentialReport{}, err
		}
		if made.State == types.ReportStateTypeComplete {
			break
		}
		select {
		case <-time.After(reportPoll):
		case <-ctx.Done():
			return evidence.CredentialReport{}, ctx.Err()
		}
	}
	got, err := client.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
	if err != nil {
		return evidence.CredentialReport{}, err
	}
	users, err := credentialRows(got.Content)
	return evidence.CredentialReport{At: aws.ToTime(got.GeneratedTime), Users: users}, err
}

// credentialRows reads the report's CSV (IAM user guide, "Credential report
// format").
func credentialRows(content []byte) ([]evidence.IAMCredential, error) {
	invalid := func(why error) evidence.Problem {
		return evidence.Problem{Kind: evidence.Invalid, Message: fmt.Sprintf("the credential report cannot be read: %v", why)}
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		return nil, invalid(err)
	}
	if len(rows) < 2 { // root is always in it
		return nil, invalid(fmt.Errorf("it has no rows"))
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, name := range []string{"user", "password_enabled", "mfa_active", "access_key_1_active", "access_key_2_active"} {
		if _, has := column[name]; !has {
			return nil, invalid(fmt.Errorf("it has no column %s", name))
		}
	}
	var users []evidence.IAMCredential
	for _, row := range rows[1:] {
		at := func(name string) string {
			if i, has := column[name]; has {
				return row[i]
			}
			return ""
		}
		user := evidence.IAMCredential{
			User: at("user"), Created: reportTime(at("user_creation_time")), MFA: at("mfa_active") == "true",
			// Root's is "not_supported": it always has one.
			Password: at("password_enabled") == "true", SignedIn: reportTime(at("password_last_used")),
		}
		for _, n := range []string{"1", "2"} {
			if at("access_key_"+n+"_active") == "true" {
				user.Keys = append(user.Keys, evidence.AccessKey{
					Rotated: reportTime(at("access_key_" + n + "_last_rotated")),
					Used:    reportTime(at("access_key_" + n + "_last_used_date")),
				})
			}
		}
		users = append(users, user)
	}
	return users, nil
}

// reportTime reads a time; the report has words such as N/A where there is none.
func reportTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}
