package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
)

type wafc = api.Client

// wafRows are web ACLs and their parts. IDs are NAME/ID/SCOPE: all WAF calls want the three.
func wafRows() []Resource {
	tag := tagger((*wafc).TagResource, (*wafc).UntagResource, "ResourceARN", byARN)
	unseen := map[string]string{"namePrefix": "AWS keeps the whole name only", "customResponseBodies": "the emulator ignores them"}
	return []Resource{
		{
			Token: "aws:wafv2/webAcl:WebAcl", Args: wafv2.WebAclArgs{}, State: wafv2.WebAcl{},
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "scope"},
			Unseen: map[string]string{
				"namePrefix": "AWS keeps the whole name only", "ruleJson": "AWS tells the rules", "customResponseBodies": "the emulator ignores them",
				"captchaConfig": "the emulator ignores it", "challengeConfig": "the emulator ignores it", "associationConfig": "the emulator ignores it",
				"tokenDomains": "the emulator ignores them", "dataProtectionConfig": "the emulator ignores it",
			},
			Find:   findWAF((*wafc).ListWebACLs, "WebACLs"),
			Create: createWAF((*wafc).CreateWebACL),
			Read:   merged(readWAF((*wafc).GetWebACL, "WebACL"), wafTags),
			Update: changeWAF((*wafc).GetWebACL, (*wafc).UpdateWebACL),
			Delete: changeWAF((*wafc).GetWebACL, (*wafc).DeleteWebACL),
			Tag:    tag,
		},
		{
			Token: "aws:wafv2/ruleGroup:RuleGroup", Args: wafv2.RuleGroupArgs{}, State: wafv2.RuleGroup{},
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "scope", "capacity"}, Unseen: unseen,
			Find:   findWAF((*wafc).ListRuleGroups, "RuleGroups"),
			Create: createWAF((*wafc).CreateRuleGroup),
			Read:   merged(readWAF((*wafc).GetRuleGroup, "RuleGroup"), wafTags),
			Update: changeWAF((*wafc).GetRuleGroup, (*wafc).UpdateRuleGroup),
			Delete: changeWAF((*wafc).GetRuleGroup, (*wafc).DeleteRuleGroup),
			Tag:    tag,
		},
		{
			Token: "aws:wafv2/ipSet:IpSet", Args: wafv2.IpSetArgs{}, State: wafv2.IpSet{},
			Name: "name", NameMax: 128, Replace: []string{"name", "namePrefix", "scope", "ipAddressVersion"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
			Find:   findWAF((*wafc).ListIPSets, "IPSets"),
			Create: createWAF((*wafc).CreateIPSet),
			Read:   merged(readWAF((*wafc).GetIPSet, "IPSet"), wafTags),
			Update: changeWAF((*wafc).GetIPSet, (*wafc).UpdateIPSet),
			Delete: changeWAF((*wafc).GetIPSet, (*wafc).DeleteIPSet),
			Tag:    tag,
		},
		{
			Token: "aws:wafv2/webAclAssociation:WebAclAssociation", Args: wafv2.WebAclAssociationArgs{}, State: wafv2.WebAclAssociation{},
			Create: func(ctx context.Context, r *request) (string, error) {
				_, err := send(ctx, r, (*wafc).AssociateWebACL)
				return r.str("webAclArn") + "," + r.str("resourceArn"), err
			},
			Read: readWAFAssociation,
			Delete: func(ctx context.Context, r *request) error {
				_, resource, _ := strings.Cut(r.id, ",")
				_, err := call(ctx, r, (*wafc).DisassociateWebACL, &api.DisassociateWebACLInput{ResourceArn: &resource})
				return err
			},
		},
		{
			Token: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", Args: wafv2.WebAclLoggingConfigurationArgs{}, State: wafv2.WebAclLoggingConfiguration{},
			Name: "resourceArn", Replace: []string{"resourceArn"},
			Create: putWAFLogging, Update: again(putWAFLogging),
			Read:   read((*wafc).GetLoggingConfiguration, "ResourceArn", "LoggingConfiguration"),
			Delete: remove((*wafc).DeleteLoggingConfiguration, "ResourceArn"),
		},
	}
}

// wafKey are the three parts of an ID, under the names that all calls give them.
func wafKey(r *request) props {
	name, rest, _ := strings.Cut(r.id, "/")
	id, scope, _ := strings.Cut(rest, "/")
	return props{"name": name, "id": id, "scope": scope}
}

func wafID(r *request, id string) string { return r.str("name") + "/" + id + "/" + r.str("scope") }

// createWAF makes one of WAF's parts.
func createWAF[I, O, P any](do method[wafc, I, O, P]) func(context.Context, *request) (string, error) {
	return func(ctx context.Context, r *request) (string, error) {
		id, err := create(do, "Summary.Id")(ctx, r)
		return wafID(r, id), err
	}
}

// readWAF observes one of WAF's parts. Its lock token changes with every write of any kind, and is left out.
func readWAF[I, O, P any](do method[wafc, I, O, P], result string) func(context.Context, *request) (props, error) {
	return func(ctx context.Context, r *request) (props, error) {
		out, err := askWAF(ctx, r, do)
		if err != nil {
			return nil, err
		}
		return r.see(dig(out, result).Interface(), props{"scope": wafKey(r)["scope"], "lockToken": nil}), nil
	}
}

// changeWAF updates or deletes one of WAF's parts: both want the lock token that a reading gives.
func changeWAF[I, O, P, GI, GO, GP any](get method[wafc, GI, GO, GP], do method[wafc, I, O, P]) func(context.Context, *request) error {
	return func(ctx context.Context, r *request) error {
		now, err := askWAF(ctx, r, get)
		if err != nil {
			return err
		}
		token := aws.ToString(dig(now, "LockToken").Interface().(*string))
		_, err = send(ctx, r, do, func(r *request, in *I) {
			identify(in, "LockToken", token)
			identify(in, "Id", text(wafKey(r)["id"]))
			identify(in, "Name", text(wafKey(r)["name"]))
			identify(in, "Scope", text(wafKey(r)["scope"]))
		})
		return err
	}
}

func askWAF[I, O, P any](ctx context.Context, r *request, do method[wafc, I, O, P]) (*O, error) {
	in := new(I)
	if err := fill(in, wafKey(r), nil); err != nil {
		return nil, err
	}
	return call(ctx, r, do, in)
}

// findWAF finds what has the inputs' name and scope in a list.
func findWAF[I, O, P any](do method[wafc, I, O, P], result string) func(context.Context, *request) (string, error) {
	return func(ctx context.Context, r *request) (string, error) {
		in := new(I)
		if err := fill(in, props{"scope": r.in["scope"]}, nil); err != nil {
			return "", err
		}
		out, err := call(ctx, r, do, in)
		if err != nil {
			return "", err
		}
		list := dig(out, result)
		for i := range list.Len() {
			summary := list.Index(i).Interface()
			if name, _ := dig(summary, "Name").Interface().(*string); aws.ToString(name) == r.str("name") {
				return wafID(r, aws.ToString(dig(summary, "Id").Interface().(*string))), nil
			}
		}
		return "", nil
	}
}

func readWAFAssociation(ctx context.Context, r *request) (props, error) {
	acl, resource, _ := strings.Cut(r.id, ",")
	out, err := call(ctx, r, (*wafc).GetWebACLForResource, &api.GetWebACLForResourceInput{ResourceArn: &resource})
	if err != nil {
		return nil, err
	}
	if out.WebACL == nil || aws.ToString(out.WebACL.ARN) != acl {
		return nil, errGone
	}
	return props{"webAclArn": acl, "resourceArn": resource}, nil
}

func putWAFLogging(ctx context.Context, r *request) (string, error) {
	_, err := call(ctx, r, (*wafc).PutLoggingConfiguration, &api.PutLoggingConfigurationInput{LoggingConfiguration: filled(&types.LoggingConfiguration{}, r)})
	return r.str("resourceArn"), err
}

func wafTags(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*wafc).ListTagsForResource, &api.ListTagsForResourceInput{ResourceARN: aws.String(r.str("arn"))})
	if err != nil {
		return nil, err
	}
	tags := props{}
	if out.TagInfoForResource != nil {
		for _, tag := range out.TagInfoForResource.TagList {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	return props{"tags": tags}, nil
}
