package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/wafv2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// rateWindowSeconds is the time over which an address's requests are counted.
const rateWindowSeconds = 300

// managedGroup is a rule group that AWS maintains (WAF developer guide, "AWS
// Managed Rules rule groups list").
type managedGroup struct {
	name string
	// observe counts matches and blocks none.
	observe bool
	// counted are single rules that only count, because they would block what
	// the portal does.
	counted []string
}

// managedGroups are the groups in use, in the order of evaluation.
func managedGroups() []managedGroup {
	return []managedGroup{
		{name: "AWSManagedRulesAmazonIpReputationList"},
		// Health checkers and CI come from hosting providers: only observed.
		{name: "AWSManagedRulesAnonymousIpList", observe: true},
		{name: "AWSManagedRulesKnownBadInputsRuleSet"},
		// Scaffolder templates and catalogue entities are larger than 8 KB.
		{name: "AWSManagedRulesCommonRuleSet", counted: []string{"SizeRestrictions_BODY"}},
		{name: "AWSManagedRulesSQLiRuleSet"},
	}
}

// newFirewall makes the web ACL and its log.
func newFirewall(ctx *pulumi.Context, name string, args Args, options ...pulumi.ResourceOption) (*wafv2.WebAcl, error) {
	rules := wafv2.WebAclRuleArray{rateRule(args.RateLimit)}
	for i, group := range managedGroups() {
		rules = append(rules, group.rule(i+1))
	}
	acl, err := wafv2.NewWebAcl(ctx, name+"-firewall", &wafv2.WebAclArgs{
		Scope:         pulumi.String("CLOUDFRONT"),
		Description:   pulumi.String("before the developer portal"),
		DefaultAction: wafv2.WebAclDefaultActionArgs{Allow: wafv2.WebAclDefaultActionAllowArgs{}},
		Rules:         rules,
		VisibilityConfig: wafv2.WebAclVisibilityConfigArgs{
			CloudwatchMetricsEnabled: pulumi.Bool(true),
			SampledRequestsEnabled:   pulumi.Bool(true),
			MetricName:               pulumi.String(name),
		},
	}, options...)
	if err != nil {
		return nil, err
	}
	return acl, newFirewallLog(ctx, name, args, acl, options)
}

// rateRule blocks an address that sends too much. It comes first, so that a
// flood costs no further rule.
func rateRule(limit int) wafv2.WebAclRuleArgs {
	return wafv2.WebAclRuleArgs{
		Name:     pulumi.String("rate"),
		Priority: pulumi.Int(0),
		Action:   wafv2.WebAclRuleActionArgs{Block: wafv2.WebAclRuleActionBlockArgs{}},
		Statement: wafv2.WebAclRuleStatementArgs{
			RateBasedStatement: wafv2.WebAclRuleStatementRateBasedStatementArgs{
				AggregateKeyType:    pulumi.String("IP"),
				EvaluationWindowSec: pulumi.Int(rateWindowSeconds),
				Limit:               pulumi.Int(limit),
			},
		},
		VisibilityConfig: visible("rate"),
	}
}

// rule makes the rule that evaluates a managed group.
func (g managedGroup) rule(priority int) wafv2.WebAclRuleArgs {
	override := wafv2.WebAclRuleOverrideActionArgs{None: wafv2.WebAclRuleOverrideActionNoneArgs{}}
	if g.observe {
		override = wafv2.WebAclRuleOverrideActionArgs{Count: wafv2.WebAclRuleOverrideActionCountArgs{}}
	}
	var counted wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArray
	for _, rule := range g.counted {
		counted = append(counted, wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideArgs{
			Name: pulumi.String(rule),
			ActionToUse: wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseArgs{
				Count: wafv2.WebAclRuleStatementManagedRuleGroupStatementRuleActionOverrideActionToUseCountArgs{},
			},
		})
	}
	return wafv2.WebAclRuleArgs{
		Name:           pulumi.String(g.name),
		Priority:       pulumi.Int(priority),
		OverrideAction: override,
		Statement: wafv2.WebAclRuleStatementArgs{
			ManagedRuleGroupStatement: wafv2.WebAclRuleStatementManagedRuleGroupStatementArgs{
				VendorName:          pulumi.String("AWS"),
				Name:                pulumi.String(g.name),
				RuleActionOverrides: counted,
			},
		},
		VisibilityConfig: visible(g.name),
	}
}

// visible makes a rule's metric and samples.
func visible(metric string) wafv2.WebAclRuleVisibilityConfigArgs {
	return wafv2.WebAclRuleVisibilityConfigArgs{
		CloudwatchMetricsEnabled: pulumi.Bool(true),
		SampledRequestsEnabled:   pulumi.Bool(true),
		MetricName:               pulumi.String(metric),
	}
}
