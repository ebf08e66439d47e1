package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	"github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"gatehouse/checks/evidence"
)

func readerOfWebACL(f front) evidence.Reader {
	return evidence.Read(evidence.AWSWebACL,
		strings.TrimSpace("wafv2:GetWebACL, wafv2:ListResourcesForWebACL for "+f.target.WebACL), f.webACL)
}

func readerOfWebLog(f front) evidence.Reader {
	return evidence.Read(evidence.AWSWebLog, strings.TrimSpace("wafv2:GetLoggingConfiguration for "+f.target.WebACL), f.webLog)
}

// webACLName is the ARN of the web ACL before the portal, "" when there is none.
func (f front) webACLName(ctx context.Context) (string, error) {
	if f.target.WebACL != "" {
		return f.target.WebACL, nil
	}
	d, err := f.get(ctx)
	return d.WebACL, err
}

func (f front) webACL(ctx context.Context) (evidence.WebACL, error) {
	name, err := f.webACLName(ctx)
	if name == "" || err != nil {
		return evidence.WebACL{}, err // that there is none is an answer
	}
	where, scope, err := webACLOf(name)
	if err != nil {
		return evidence.WebACL{}, err
	}
	client := f.webClient(where)
	parts := strings.Split(where.Resource, "/")
	got, err := client.GetWebACL(ctx, &wafv2.GetWebACLInput{Name: aws.String(parts[2]), Id: aws.String(parts[3]), Scope: scope})
	if err != nil {
		return evidence.WebACL{}, err
	}
	if got.WebACL == nil {
		return evidence.WebACL{}, evidence.Problem{Kind: evidence.Invalid, Message: "wafv2:GetWebACL answered no web ACL"}
	}
	acl := evidence.WebACL{ARN: name, Name: aws.ToString(got.WebACL.Name), DefaultAction: "ALLOW"}
	if action := got.WebACL.DefaultAction; action != nil && action.Block != nil {
		acl.DefaultAction = "BLOCK"
	}
	for _, r := range got.WebACL.Rules {
		acl.Rules = append(acl.Rules, webRuleOf(r))
	}
	slices.SortStableFunc(acl.Rules, func(a, b evidence.WebRule) int { return int(a.Priority - b.Priority) })
	if scope == types.ScopeRegional {
		list, err := client.ListResourcesForWebACL(ctx, &wafv2.ListResourcesForWebACLInput{
			WebACLArn: aws.String(name), ResourceType: types.ResourceTypeApplicationLoadBalancer,
		})
		if err != nil {
			return acl, err
		}
		acl.Balancers = list.ResourceArns
	}
	return acl, nil
}

// webACLOf takes an ARN apart: …:SCOPE/webacl/NAME/ID.
func webACLOf(name string) (arn.ARN, types.Scope, error) {
	where, err := arn.Parse(name)
	parts := strings.Split(where.Resource, "/")
	if err != nil || len(parts) != 4 {
		return where, "", evidence.Problem{
			Kind: evidence.NotConfigured, Message: fmt.Sprintf("%q is not the ARN of a web ACL of WAF v2", name),
			Remedy: "set aws.webAcl in the targets to its ARN; WAF Classic is not read",
		}
	}
	if parts[0] == "global" {
		where.Region = "us-east-1"
		return where, types.ScopeCloudfront, nil
	}
	return where, types.ScopeRegional, nil
}

// webClient asks the region of a web ACL.
func (f front) webClient(of arn.ARN) *wafv2.Client {
	config := f.config.Copy()
	config.Region = of.Region
	return wafv2.NewFromConfig(config)
}

func (f front) webLog(ctx context.Context) (evidence.WebLog, error) {
	name, err := f.webACLName(ctx)
	if name == "" || err != nil {
		return evidence.WebLog{}, err
	}
	where, _, err := webACLOf(name)
	if err != nil {
		return evidence.WebLog{}, err
	}
	out := evidence.WebLog{ACL: name}
	got, err := f.webClient(where).GetLoggingConfiguration(ctx, &wafv2.GetLoggingConfigurationInput{ResourceArn: aws.String(name)})
	if hasCode(err, "WAFNonexistentItemException") || err == nil && got.LoggingConfiguration == nil {
		return out, nil
	}
	if err != nil {
		return evidence.WebLog{}, err
	}
	for _, field := range got.LoggingConfiguration.RedactedFields {
		if field.SingleHeader != nil {
			out.Redacted = append(out.Redacted, strings.ToLower(aws.ToString(field.SingleHeader.Name)))
		}
	}
	out.Logged = len(got.LoggingConfiguration.LogDestinationConfigs) > 0
	return out, nil
}

func webRuleOf(r types.Rule) evidence.WebRule {
	out := evidence.WebRule{Name: aws.ToString(r.Name), Priority: r.Priority, Action: actionOf(r.Action)}
	if r.Action == nil {
		out.Action = "GROUP"
		if r.OverrideAction != nil && r.OverrideAction.Count != nil {
			out.Action = "COUNT"
		}
	}
	if r.Statement == nil {
		return out
	}
	if group := r.Statement.ManagedRuleGroupStatement; group != nil {
		out.Group = aws.ToString(group.VendorName) + "/" + aws.ToString(group.Name)
		out.Scoped = group.ScopeDownStatement != nil
		for _, excluded := range group.ExcludedRules {
			out.Counted = append(out.Counted, aws.ToString(excluded.Name))
		}
		for _, over := range group.RuleActionOverrides {
			if action := actionOf(over.ActionToUse); action == "COUNT" || action == "ALLOW" {
				out.Counted = append(out.Counted, aws.ToString(over.Name))
			}
		}
	}
	if rate := r.Statement.RateBasedStatement; rate != nil {
		out.Scoped = rate.ScopeDownStatement != nil
		out.Rate = &evidence.WebRate{Limit: aws.ToInt64(rate.Limit), Seconds: rate.EvaluationWindowSec, Key: string(rate.AggregateKeyType)}
		if out.Rate.Seconds == 0 {
			out.Rate.Seconds = 300 // what WAF takes when nothing is said
		}
	}
	return out
}

func actionOf(a *types.RuleAction) string {
	switch {
	case a == nil:
		return ""
	case a.Block != nil:
		return "BLOCK"
	case a.Count != nil:
		return "COUNT"
	case a.Captcha != nil:
		return "CAPTCHA"
	case a.Challenge != nil:
		return "CHALLENGE"
	default:
		return "ALLOW"
	}
}
