package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"gatehouse/checks/evidence"
)

func readerOfStoreKeys(d data) evidence.Reader {
	return evidence.Read(evidence.AWSStoreKeys,
		d.statement("kms:DescribeKey, kms:GetKeyRotationStatus", "the keys of the stores, the secrets and the log groups"), d.storeKeys)
}

func (d data) storeKeys(ctx context.Context) ([]evidence.StoreKey, error) {
	// All three at once: each takes a while.
	users := []func(context.Context) ([]string, error){d.keysOfStores, d.keysOfSecrets, d.keysOfGroups}
	parts := make([][]string, len(users))
	_, err := each(ctx, []int{0, 1, 2}, func(ctx context.Context, i int) (_ struct{}, err error) {
		parts[i], err = users[i](ctx)
		return struct{}{}, err
	})
	names := slices.Concat(parts...)
	slices.Sort(names)
	names = slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
	keys, unread := each(ctx, names, d.storeKey)
	return keys, errors.Join(err, unread)
}

func (d data) keysOfStores(ctx context.Context) (names []string, err error) {
	stores, err := d.stores.get(ctx, d.findStores)
	for _, s := range stores {
		names = append(names, s.Key)
	}
	return names, err
}

func (d data) keysOfSecrets(ctx context.Context) (names []string, err error) {
	secrets, err := d.secrets.get(ctx, d.listSecrets)
	for _, s := range secrets {
		names = append(names, s.Key)
	}
	return names, err
}

func (d data) keysOfGroups(ctx context.Context) (names []string, err error) {
	groups, err := d.groups.get(ctx, d.logGroups)
	for _, g := range groups {
		names = append(names, g.Key)
	}
	return names, err
}

func (d data) storeKey(ctx context.Context, name string) (evidence.StoreKey, error) {
	config := d.config.Copy()
	if where, err := arn.Parse(name); err == nil {
		config.Region = where.Region
	}
	client := kms.NewFromConfig(config)
	got, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(name)})
	if err != nil {
		return evidence.StoreKey{}, err
	}
	m := got.KeyMetadata
	if m == nil {
		return evidence.StoreKey{}, evidence.Problem{Kind: evidence.Invalid, Message: "kms:DescribeKey answered no key"}
	}
	out := evidence.StoreKey{
		ID: name, Manager: string(m.KeyManager), State: string(m.KeyState),
		Rotatable: m.KeySpec == types.KeySpecSymmetricDefault && m.Origin == types.OriginTypeAwsKms,
	}
	if !out.Rotatable || m.KeyManager == types.KeyManagerTypeAws {
		out.Rotates = m.KeyManager == types.KeyManagerTypeAws // AWS renews its own every year
		return out, nil
	}
	status, err := client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: aws.String(name)})
	if err != nil {
		return evidence.StoreKey{}, err
	}
	out.Rotates = status.KeyRotationEnabled
	return out, nil
}
