package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"gatehouse/checks/evidence"
)

func readerOfSecrets(d data) evidence.Reader {
	return evidence.Read(evidence.AWSSecrets, d.statement("secretsmanager:ListSecrets", "names that begin with "+d.target.Prefix),
		func(ctx context.Context) ([]evidence.SecretEntry, error) { return d.secrets.get(ctx, d.listSecrets) })
}

// listSecrets lists entries, those that wait for their deletion too. ListSecrets
// says all that decides, so that no entry is described one by one, and no value
// is ever read.
func (d data) listSecrets(ctx context.Context) ([]evidence.SecretEntry, error) {
	in := &secretsmanager.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true), MaxResults: aws.Int32(100)}
	if d.target.Prefix != "" {
		in.Filters = []types.Filter{{Key: types.FilterNameStringTypeName, Values: []string{d.target.Prefix}}}
	}
	var found []evidence.SecretEntry
	list := secretsmanager.NewListSecretsPaginator(secretsmanager.NewFromConfig(d.config), in)
	err := pages(ctx, list, func(page *secretsmanager.ListSecretsOutput) {
		for _, s := range page.SecretList {
			// The filter matches parts of names in some places.
			if strings.HasPrefix(aws.ToString(s.Name), d.target.Prefix) {
				found = append(found, secretOf(s))
			}
		}
	})
	return found, err
}

func secretOf(s types.SecretListEntry) evidence.SecretEntry {
	out := evidence.SecretEntry{
		Name: aws.ToString(s.Name), Owner: aws.ToString(s.OwningService), Key: aws.ToString(s.KmsKeyId),
		Rotates: aws.ToBool(s.RotationEnabled),
		Rotated: aws.ToTime(s.LastRotatedDate), Changed: aws.ToTime(s.LastChangedDate), Next: aws.ToTime(s.NextRotationDate),
		Created: aws.ToTime(s.CreatedDate), Deleted: aws.ToTime(s.DeletedDate),
		Tags: map[string]string{},
	}
	if s.RotationRules != nil {
		out.Days = aws.ToInt64(s.RotationRules.AutomaticallyAfterDays)
	}
	for _, stages := range s.SecretVersionsToStages {
		out.HasValue = out.HasValue || slices.Contains(stages, "AWSCURRENT")
	}
	for _, tag := range s.Tags {
		out.Tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	return out
}
