package aws

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
)

type snsc = api.Client

// snsRows are topics and subscriptions. SNS keeps most properties in a map of attributes.
func snsRows() []Resource {
	return []Resource{
		{
			Token: "aws:sns/topic:Topic", Args: sns.TopicArgs{}, State: sns.Topic{},
			Name: "name", NameMax: 256, Replace: []string{"name", "namePrefix", "fifoTopic"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
			Find:   func(_ context.Context, r *request) (string, error) { return r.arn("sns:" + r.str("name")), nil },
			Tag:    tagger((*snsc).TagResource, (*snsc).UntagResource, "ResourceArn", byID),
			Create: create((*snsc).CreateTopic, "TopicArn", func(r *request, in *api.CreateTopicInput) { in.Attributes = attributes(r, topicAttributes) }),
			Read:   merged(readTopic, listTags((*snsc).ListTagsForResource, "ResourceArn", byID)),
			Update: func(ctx context.Context, r *request) error {
				for name, value := range attributes(r, topicAttributes) {
					if _, err := call(ctx, r, (*snsc).SetTopicAttributes, &api.SetTopicAttributesInput{TopicArn: &r.id, AttributeName: &name, AttributeValue: &value}); err != nil {
						return err
					}
				}
				return nil
			},
			Delete: remove((*snsc).DeleteTopic, "TopicArn"),
		},
		{
			Token: "aws:sns/topicSubscription:TopicSubscription", Args: sns.TopicSubscriptionArgs{}, State: sns.TopicSubscription{},
			Replace: []string{"topic", "protocol", "endpoint"},
			Rename:  map[string]string{"topic": "TopicArn"},
			Create: create((*snsc).Subscribe, "SubscriptionArn", func(r *request, in *api.SubscribeInput) {
				in.ReturnSubscriptionArn, in.Attributes = true, attributes(r, []string{"filterPolicy", "rawMessageDelivery"})
			}),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*snsc).GetSubscriptionAttributes, &api.GetSubscriptionAttributesInput{SubscriptionArn: &r.id})
				if err != nil {
					return nil, err
				}
				a := out.Attributes
				return props{"arn": r.id, "topic": a["TopicArn"], "protocol": a["Protocol"], "endpoint": a["Endpoint"], "ownerId": a["Owner"]}, nil
			},
			Delete: remove((*snsc).Unsubscribe, "SubscriptionArn"),
		},
		{
			Token: "aws:sns/topicPolicy:TopicPolicy", Args: sns.TopicPolicyArgs{}, State: sns.TopicPolicy{},
			Name: "arn", Replace: []string{"arn"},
			Create: putTopicPolicy, Update: again(putTopicPolicy),
			Read: func(ctx context.Context, r *request) (props, error) {
				out, err := call(ctx, r, (*snsc).GetTopicAttributes, &api.GetTopicAttributesInput{TopicArn: &r.id})
				if err != nil {
					return nil, err
				}
				if out.Attributes["Policy"] == "" {
					return nil, errGone
				}
				return props{"arn": r.id, "policy": out.Attributes["Policy"], "owner": out.Attributes["Owner"]}, nil
			},
			// AWS deletes the policy with the topic.
			Delete: nothing,
		},
	}
}

// topicAttributes are the attributes of a topic that the stand-in sets and reads.
var topicAttributes = []string{"kmsMasterKeyId", "displayName", "deliveryPolicy", "policy", "fifoTopic", "contentBasedDeduplication", "signatureVersion", "tracingConfig"}

// attributes returns the inputs that SNS keeps as attributes, in its spelling.
func attributes(r *request, names []string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		if v, ok := r.in[name]; ok && v != nil {
			out[strings.ToUpper(name[:1])+name[1:]] = text(v)
		}
	}
	return out
}

func readTopic(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*snsc).GetTopicAttributes, &api.GetTopicAttributesInput{TopicArn: &r.id})
	if err != nil {
		return nil, err
	}
	seen := props{"arn": r.id, "name": r.id[strings.LastIndex(r.id, ":")+1:], "owner": out.Attributes["Owner"]}
	types := outputsOf(r.row)
	for _, name := range topicAttributes {
		if v, ok := out.Attributes[strings.ToUpper(name[:1])+name[1:]]; ok {
			seen[name] = coerce(v, deref(types[name]))
		}
	}
	return seen, nil
}

func putTopicPolicy(ctx context.Context, r *request) (string, error) {
	arn := r.str("arn")
	if arn == "" {
		return "", fmt.Errorf("set the policy of a topic: %w", errGone)
	}
	_, err := call(ctx, r, (*snsc).SetTopicAttributes, &api.SetTopicAttributesInput{TopicArn: &arn, AttributeName: aws.String("Policy"), AttributeValue: aws.String(r.str("policy"))})
	return arn, err
}
