package controllers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// values reads Secrets Manager of the emulator; without one, client is nil.
type values struct{ client *secretsmanager.Client }

func newValues(o Options) values {
	if o.AWSEndpoint == "" {
		return values{}
	}
	return values{secretsmanager.NewFromConfig(aws.Config{
		Region: o.Region, BaseEndpoint: aws.String(o.AWSEndpoint),
		HTTPClient:  &http.Client{Timeout: 10 * time.Second},
		Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
	})}
}

// entry is the text of an entry; found is false for one that does not exist or
// has no value yet, as generated ones have none before their first rotation.
func (v values) entry(ctx context.Context, name string) (text string, found bool, err error) {
	if v.client == nil {
		return "", false, nil
	}
	out, err := v.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	var missing *types.ResourceNotFoundException
	switch {
	case errors.As(err, &missing):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("read secret %s from the emulator: %w", name, err)
	case out.SecretString == nil:
		return string(out.SecretBinary), true, nil
	}
	return *out.SecretString, true, nil
}

// value is one value of an entry, or of a property of its JSON. What is not
// there is made up: the same for the same name, and of no use anywhere.
func (v values) value(ctx context.Context, ref remoteRef) (string, error) {
	text, found, err := v.entry(ctx, ref.Key)
	if err != nil {
		return "", err
	}
	if found && ref.Property == "" {
		return text, nil
	}
	if properties := properties(text); found {
		if value, ok := properties[ref.Property]; ok {
			return value, nil
		}
	}
	return madeUp(ref.Key, ref.Property), nil
}

// properties are the members of a JSON object; none when it is not one.
func properties(text string) map[string]string {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return nil
	}
	found := make(map[string]string, len(members))
	for name, raw := range members {
		var value string
		if json.Unmarshal(raw, &value) != nil {
			value = string(raw) // a number, or nested JSON
		}
		found[name] = value
	}
	return found
}

func madeUp(names ...string) string {
	hash := sha256.New()
	for _, name := range names {
		_, _ = fmt.Fprintf(hash, "%d:%s", len(name), name)
	}
	return "sandbox-" + hex.EncodeToString(hash.Sum(nil)[:16])
}
