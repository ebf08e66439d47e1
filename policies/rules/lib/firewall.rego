# METADATA
# title: The rules of a web ACL
# description: >-
#   Typed rules and those in ruleJson, which spells the same words with a capital
#   letter, in one shape. Computed once for a resource.
package gatehouse.lib.firewall

# limits are those of the rules by rate that stop whoever goes over.
limits := array.concat(
	[limit |
		some rule in input.properties.rules
		limit := rule.statement.rateBasedStatement.limit
		some action in ["block", "captcha", "challenge"]
		rule.action[action]
	],
	[limit |
		some rule in parsed
		limit := rule.Statement.RateBasedStatement.Limit
		some action in ["Block", "Captcha", "Challenge"]
		rule.Action[action]
	],
)

# groups are the managed rule groups, each {"vendor", "name", "counts"}: whether
# it is overridden to count as a whole.
groups := array.concat(
	[{"vendor": group.vendorName, "name": group.name, "counts": is_object(object.get(rule, ["overrideAction", "count"], null))} |
		some rule in input.properties.rules
		group := rule.statement.managedRuleGroupStatement
	],
	[{"vendor": group.VendorName, "name": group.Name, "counts": is_object(object.get(rule, ["OverrideAction", "Count"], null))} |
		some rule in parsed
		group := rule.Statement.ManagedRuleGroupStatement
	],
)

parsed := json.unmarshal(input.properties.ruleJson) if json.is_valid(input.properties.ruleJson)

# path is where the rules are; where they are in neither place, either could be
# meant.
path := ["rules"] if input.properties.rules

path := [] if not input.properties.rules
