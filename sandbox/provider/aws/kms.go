package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
)

type kmsc = api.Client

// kmsRows are keys and their aliases.
func kmsRows() []Resource {
	return []Resource{
		{
			Token: "aws:kms/key:Key", Args: kms.KeyArgs{}, State: kms.Key{},
			Replace: []string{"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"},
			Rename:  map[string]string{"isEnabled": "Enabled", "customerMasterKeySpec": "KeySpec"},
			Unseen:  map[string]string{"deletionWindowInDays": "AWS takes it at deletion", "bypassPolicyLockoutSafetyCheck": "it is an order, not a property"},
			Find:    findKey, Tag: tagger((*kmsc).TagResource, (*kmsc).UntagResource, "KeyId", byID),
			Create: then(create((*kmsc).CreateKey, "KeyMetadata.KeyId"), rotateKey),
			Read:   merged(readKey, keyParts, listTags((*kmsc).ListResourceTags, "KeyId", byID)),
			Update: updateKey,
			Delete: remove((*kmsc).ScheduleKeyDeletion, "KeyId", func(r *request, in *api.ScheduleKeyDeletionInput) {
				if days := r.num("deletionWindowInDays"); days > 0 {
					in.PendingWindowInDays = &days
				}
			}),
		},
		{
			Token: "aws:kms/alias:Alias", Args: kms.AliasArgs{}, State: kms.Alias{},
			Name: "name", Replace: []string{"name", "namePrefix"},
			Rename: map[string]string{"name": "AliasName"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
			Create: create((*kmsc).CreateAlias, ""),
			Read:   readAlias,
			Update: func(ctx context.Context, r *request) error {
				_, err := send(ctx, r, (*kmsc).UpdateAlias)
				return err
			},
			Delete: remove((*kmsc).DeleteAlias, "AliasName"),
		},
	}
}

// readKey observes a key; one that waits for its deletion counts as gone.
func readKey(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*kmsc).DescribeKey, &api.DescribeKeyInput{KeyId: &r.id})
	if err != nil {
		return nil, err
	}
	if out.KeyMetadata.KeyState == types.KeyStatePendingDeletion {
		return nil, errGone
	}
	return r.see(*out.KeyMetadata), nil
}

// keyParts observes policy, rotation and tags.
func keyParts(ctx context.Context, r *request) (props, error) {
	policy, err := call(ctx, r, (*kmsc).GetKeyPolicy, &api.GetKeyPolicyInput{KeyId: &r.id, PolicyName: aws.String("default")})
	if err != nil {
		return nil, err
	}
	rotation, err := call(ctx, r, (*kmsc).GetKeyRotationStatus, &api.GetKeyRotationStatusInput{KeyId: &r.id})
	if err != nil {
		return nil, err
	}
	seen := props{"policy": aws.ToString(policy.Policy), "enableKeyRotation": rotation.KeyRotationEnabled}
	if days := rotation.RotationPeriodInDays; days != nil {
		seen["rotationPeriodInDays"] = float64(*days)
	}
	return seen, nil
}

// rotateKey turns rotation on or off.
func rotateKey(ctx context.Context, r *request) error {
	if !r.changed("enableKeyRotation", "rotationPeriodInDays") {
		return nil
	}
	if !r.flag("enableKeyRotation") {
		_, err := call(ctx, r, (*kmsc).DisableKeyRotation, &api.DisableKeyRotationInput{KeyId: &r.id})
		return err
	}
	in := &api.EnableKeyRotationInput{KeyId: &r.id}
	if days := r.num("rotationPeriodInDays"); days > 0 {
		in.RotationPeriodInDays = &days
	}
	_, err := call(ctx, r, (*kmsc).EnableKeyRotation, in)
	return err
}

func updateKey(ctx context.Context, r *request) error {
	if r.changed("policy") {
		in := &api.PutKeyPolicyInput{KeyId: &r.id, PolicyName: aws.String("default"), Policy: aws.String(r.str("policy"))}
		if _, err := call(ctx, r, (*kmsc).PutKeyPolicy, in); err != nil {
			return err
		}
	}
	if r.changed("description") {
		in := &api.UpdateKeyDescriptionInput{KeyId: &r.id, Description: aws.String(r.str("description"))}
		if _, err := call(ctx, r, (*kmsc).UpdateKeyDescription, in); err != nil {
			return err
		}
	}
	if r.changed("isEnabled") {
		var err error
		if r.in["isEnabled"] == false {
			_, err = call(ctx, r, (*kmsc).DisableKey, &api.DisableKeyInput{KeyId: &r.id})
		} else {
			_, err = call(ctx, r, (*kmsc).EnableKey, &api.EnableKeyInput{KeyId: &r.id})
		}
		if err != nil {
			return err
		}
	}
	return rotateKey(ctx, r)
}

// findKey looks through all keys for the marker: keys have no names.
func findKey(ctx context.Context, r *request) (string, error) {
	keys, err := call(ctx, r, (*kmsc).ListKeys, &api.ListKeysInput{})
	if err != nil {
		return "", err
	}
	for _, key := range keys.Keys {
		tags, err := call(ctx, r, (*kmsc).ListResourceTags, &api.ListResourceTagsInput{KeyId: key.KeyId})
		if err != nil {
			return "", err
		}
		for _, tag := range tags.Tags {
			if *tag.TagKey != marker || *tag.TagValue != mark(r.urn) {
				continue
			}
			probe := *r
			probe.id = *key.KeyId
			if _, err := readKey(ctx, &probe); err == nil {
				return probe.id, nil
			}
		}
	}
	return "", nil
}

// readAlias finds an alias in the list: AWS has no other way.
func readAlias(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*kmsc).ListAliases, &api.ListAliasesInput{})
	if err != nil {
		return nil, err
	}
	for _, a := range out.Aliases {
		if aws.ToString(a.AliasName) != r.id {
			continue
		}
		key := props{"targetKeyArn": r.arn("kms:key/" + aws.ToString(a.TargetKeyId))}
		if want, ok := r.in["targetKeyId"].(string); ok && want == key["targetKeyArn"] {
			key["targetKeyId"] = want
		}
		return r.see(a, props{"arn": aws.ToString(a.AliasArn)}, key), nil
	}
	return nil, fmt.Errorf("alias %s %w", r.id, errGone)
}
