package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
)

type cdnc = api.Client

// cloudfrontRows are distributions and origin access controls. The emulator lacks policies and functions.
func cloudfrontRows() []Resource {
	return []Resource{
		{
			Token: "aws:cloudfront/distribution:Distribution", Args: cloudfront.DistributionArgs{}, State: cloudfront.Distribution{},
			Replace: []string{"staging"},
			Rename: map[string]string{
				"orderedCacheBehaviors": "CacheBehaviors", "loggingConfig": "Logging", "originId": "Id", "locations": "Items", "cachedMethods": "-",
				"cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate", "acmCertificateArn": "ACMCertificateArn", "iamCertificateId": "IAMCertificateId",
			},
			Unseen: map[string]string{
				"retainOnDelete": "it is for Pulumi only", "waitForDeployment": "it is for Pulumi only", "defaultCacheBehavior": "the emulator drops parts of it",
				"orderedCacheBehaviors": "the emulator drops parts of them", "origins": "the emulator drops parts of them", "customErrorResponses": "the emulator ignores them",
				"originGroups": "the emulator ignores them", "loggingConfig": "the emulator fills in its own", "httpVersion": "the emulator tells it in another case",
				"viewerCertificate": "the emulator fills in its own", "restrictions": "the emulator drops the list", "continuousDeploymentPolicyId": "the emulator ignores it",
				"staging": "the emulator ignores it",
			},
			Find: findDistribution,
			Tag:  tagCDN,
			Create: func(ctx context.Context, r *request) (string, error) {
				tags := &types.Tags{}
				for k, v := range r.tags() {
					tags.Items = append(tags.Items, types.Tag{Key: aws.String(k), Value: aws.String(v)})
				}
				out, err := call(ctx, r, (*cdnc).CreateDistributionWithTags, &api.CreateDistributionWithTagsInput{
					DistributionConfigWithTags: &types.DistributionConfigWithTags{DistributionConfig: distribution(r), Tags: tags},
				})
				if err != nil {
					return "", err
				}
				return aws.ToString(out.Distribution.Id), nil
			},
			Read: merged(readDistribution, cdnTags),
			Update: func(ctx context.Context, r *request) error {
				now, err := call(ctx, r, (*cdnc).GetDistribution, &api.GetDistributionInput{Id: &r.id})
				if err != nil {
					return err
				}
				_, err = call(ctx, r, (*cdnc).UpdateDistribution, &api.UpdateDistributionInput{Id: &r.id, IfMatch: now.ETag, DistributionConfig: distribution(r)})
				return err
			},
			Delete: func(ctx context.Context, r *request) error {
				now, err := call(ctx, r, (*cdnc).GetDistribution, &api.GetDistributionInput{Id: &r.id})
				if err != nil {
					return err
				}
				_, err = call(ctx, r, (*cdnc).DeleteDistribution, &api.DeleteDistributionInput{Id: &r.id, IfMatch: now.ETag})
				return err
			},
		},
		{
			Token: "aws:cloudfront/originAccessControl:OriginAccessControl", Args: cloudfront.OriginAccessControlArgs{}, State: cloudfront.OriginAccessControl{}, ARN: "cloudfront:origin-access-control/",
			Name: "name", NameMax: 64, Replace: []string{"name"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*cdnc).ListOriginAccessControls, &api.ListOriginAccessControlsInput{})
				if err != nil || out.OriginAccessControlList == nil {
					return "", err
				}
				for _, c := range out.OriginAccessControlList.Items {
					if aws.ToString(c.Name) == r.str("name") {
						return aws.ToString(c.Id), nil
					}
				}
				return "", nil
			},
			Create: create((*cdnc).CreateOriginAccessControl, "OriginAccessControl.Id", func(r *request, in *api.CreateOriginAccessControlInput) {
				in.OriginAccessControlConfig = filled(&types.OriginAccessControlConfig{}, r)
			}),
			Read: read((*cdnc).GetOriginAccessControl, "Id", "OriginAccessControl.OriginAccessControlConfig"),
			Update: update((*cdnc).UpdateOriginAccessControl, "Id", func(r *request, in *api.UpdateOriginAccessControlInput) {
				in.OriginAccessControlConfig = filled(&types.OriginAccessControlConfig{}, r)
			}),
			Delete: remove((*cdnc).DeleteOriginAccessControl, "Id"),
		},
		{Token: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", Args: cloudfront.ResponseHeadersPolicyArgs{}, State: cloudfront.ResponseHeadersPolicy{}, Simulated: true, ARN: "cloudfront:response-headers-policy/", Name: "name", Sim: policyID},
		{Token: "aws:cloudfront/cachePolicy:CachePolicy", Args: cloudfront.CachePolicyArgs{}, State: cloudfront.CachePolicy{}, Simulated: true, ARN: "cloudfront:cache-policy/", Name: "name", Sim: policyID},
		{Token: "aws:cloudfront/originRequestPolicy:OriginRequestPolicy", Args: cloudfront.OriginRequestPolicyArgs{}, State: cloudfront.OriginRequestPolicy{}, Simulated: true, ARN: "cloudfront:origin-request-policy/", Name: "name", Sim: policyID},
		{Token: "aws:cloudfront/function:Function", Args: cloudfront.FunctionArgs{}, State: cloudfront.Function{}, Simulated: true, ARN: "cloudfront:function/", Name: "name", Replace: []string{"name"}},
	}
}

// policyID has the form of a UUID, as CloudFront's have.
func policyID(r *request) (string, props) {
	m := mark(r.urn) + mark(r.name)
	id := m[:8] + "-" + m[8:12] + "-4" + m[13:16] + "-a" + m[17:20] + "-" + m[20:32]
	return id, props{"etag": "E" + mark(r.urn)[:12]}
}

// distribution translates the inputs. AWS wants a quantity with each list, and keeps the cached methods inside the
// allowed ones.
func distribution(r *request) *types.DistributionConfig {
	config := filled(&types.DistributionConfig{}, r)
	config.CallerReference = aws.String(mark(r.urn))
	if config.Comment == nil {
		config.Comment = aws.String("")
	}
	if config.Restrictions != nil && config.Restrictions.GeoRestriction != nil {
		g := config.Restrictions.GeoRestriction
		g.Quantity = aws.Int32(int32(len(g.Items)))
	}
	if b, ok := r.in["defaultCacheBehavior"].(props); ok && config.DefaultCacheBehavior != nil {
		config.DefaultCacheBehavior.AllowedMethods = methods(b)
	}
	if list, ok := r.in["orderedCacheBehaviors"].([]any); ok && config.CacheBehaviors != nil {
		for i := range config.CacheBehaviors.Items {
			config.CacheBehaviors.Items[i].AllowedMethods = methods(list[i].(props))
		}
	}
	return config
}

func methods(behavior props) *types.AllowedMethods {
	list := func(name string) []types.Method {
		out := []types.Method{}
		for _, m := range stringList(behavior[name]) {
			out = append(out, types.Method(m))
		}
		return out
	}
	allowed, cached := list("allowedMethods"), list("cachedMethods")
	return &types.AllowedMethods{
		Items: allowed, Quantity: aws.Int32(int32(len(allowed))),
		CachedMethods: &types.CachedMethods{Items: cached, Quantity: aws.Int32(int32(len(cached)))},
	}
}

func readDistribution(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*cdnc).GetDistribution, &api.GetDistributionInput{Id: &r.id})
	if err != nil {
		return nil, err
	}
	d := out.Distribution
	seen := r.see(*d.DistributionConfig, props{
		"arn": r.arn("cloudfront:distribution/" + r.id), "domainName": aws.ToString(d.DomainName), "etag": aws.ToString(out.ETag),
		"hostedZoneId": "Z2FDTNDATAQYW2", // CloudFront's one zone, the same for all
	})
	// AWS tells a default for what was left out; in a read without inputs (an import) it stays.
	for _, name := range []string{"trustedKeyGroups", "trustedSigners"} {
		delete(seen, name)
	}
	return seen, nil
}

// cdnARN is the ARN by which the emulator knows a distribution: it leaves out the empty region.
func cdnARN(r *request) *string {
	return aws.String("arn:aws:cloudfront:" + sandboxAccount + ":distribution/" + r.id)
}

func cdnTags(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*cdnc).ListTagsForResource, &api.ListTagsForResourceInput{Resource: cdnARN(r)})
	if err != nil {
		return nil, err
	}
	tags := props{}
	if out.Tags != nil {
		for _, tag := range out.Tags.Items {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	return props{"tags": tags}, nil
}

func tagCDN(ctx context.Context, r *request, add map[string]string, unset []string) error {
	arn := cdnARN(r)
	if len(add) > 0 {
		in := &api.TagResourceInput{Resource: arn, Tags: &types.Tags{}}
		for _, k := range sorted(add) {
			in.Tags.Items = append(in.Tags.Items, types.Tag{Key: aws.String(k), Value: aws.String(add[k])})
		}
		if _, err := call(ctx, r, (*cdnc).TagResource, in); err != nil {
			return err
		}
	}
	if len(unset) == 0 {
		return nil
	}
	_, err := call(ctx, r, (*cdnc).UntagResource, &api.UntagResourceInput{Resource: arn, TagKeys: &types.TagKeys{Items: unset}})
	return err
}

// findDistribution finds the distribution with this URN's caller reference.
func findDistribution(ctx context.Context, r *request) (string, error) {
	out, err := call(ctx, r, (*cdnc).ListDistributions, &api.ListDistributionsInput{})
	if err != nil || out.DistributionList == nil {
		return "", err
	}
	for _, d := range out.DistributionList.Items {
		full, err := call(ctx, r, (*cdnc).GetDistribution, &api.GetDistributionInput{Id: d.Id})
		if err != nil {
			return "", err
		}
		if aws.ToString(full.Distribution.DistributionConfig.CallerReference) == mark(r.urn) {
			return aws.ToString(d.Id), nil
		}
	}
	return "", nil
}
