package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
)

type dnsc = api.Client

// route53Rows are zones, records and health checks.
func route53Rows() []Resource {
	return []Resource{
		{
			Token: "aws:route53/zone:Zone", Args: route53.ZoneArgs{}, State: route53.Zone{}, ARN: "route53:::hostedzone/",
			Replace: []string{"name", "delegationSetId", "vpcs"},
			Unseen:  map[string]string{"forceDestroy": "it is an order, not a property", "vpcs": "AWS tells them apart from the zone"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*dnsc).ListHostedZones, &api.ListHostedZonesInput{})
				if err != nil {
					return "", err
				}
				for _, z := range out.HostedZones {
					if aws.ToString(z.CallerReference) == mark(r.urn) {
						return strings.TrimPrefix(aws.ToString(z.Id), "/hostedzone/"), nil
					}
				}
				return "", nil
			},
			Tag: tagDNS(types.TagResourceTypeHostedzone),
			Create: then(func(ctx context.Context, r *request) (string, error) {
				out, err := send(ctx, r, (*dnsc).CreateHostedZone, func(r *request, in *api.CreateHostedZoneInput) {
					in.CallerReference = aws.String(mark(r.urn))
					in.HostedZoneConfig = &types.HostedZoneConfig{Comment: aws.String(comment(r))}
					if vpcs, ok := r.in["vpcs"].([]any); ok && len(vpcs) > 0 {
						first := vpcs[0].(props)
						in.VPC = &types.VPC{VPCId: aws.String(text(first["vpcId"])), VPCRegion: types.VPCRegion(r.region)}
						in.HostedZoneConfig.PrivateZone = true
					}
				})
				if err != nil {
					return "", err
				}
				return strings.TrimPrefix(aws.ToString(out.HostedZone.Id), "/hostedzone/"), nil
			}, func(ctx context.Context, r *request) error { return r.row.Tag(ctx, r, r.tags(), nil) }),
			Read: merged(readZone, dnsTags(types.TagResourceTypeHostedzone)),
			Update: func(ctx context.Context, r *request) error {
				_, err := call(ctx, r, (*dnsc).UpdateHostedZoneComment, &api.UpdateHostedZoneCommentInput{Id: &r.id, Comment: aws.String(comment(r))})
				return err
			},
			Delete: steps(emptyZone, remove((*dnsc).DeleteHostedZone, "Id")),
		},
		{
			Token: "aws:route53/record:Record", Args: route53.RecordArgs{}, State: route53.Record{},
			Replace: []string{"zoneId", "name", "type", "setIdentifier"},
			Rename:  map[string]string{"records": "-", "aliases": "AliasTarget", "zoneId": "HostedZoneId", "name": "Name|DNSName"},
			Unseen:  map[string]string{"allowOverwrite": "it is an order, not a property", "failoverRoutingPolicies": "see recordSet", "weightedRoutingPolicies": "see recordSet", "latencyRoutingPolicies": "see recordSet"},
			Create:  putRecord, Update: again(putRecord),
			Read: readRecord,
			Delete: func(ctx context.Context, r *request) error {
				set, err := findRecord(ctx, r)
				if err != nil {
					return err
				}
				return changeRecord(ctx, r, types.ChangeActionDelete, set)
			},
		},
		{
			Token: "aws:route53/healthCheck:HealthCheck", Args: route53.HealthCheckArgs{}, State: route53.HealthCheck{}, ARN: "route53:::healthcheck/",
			Replace: []string{"type", "requestInterval", "measureLatency", "referenceName"},
			Rename:  map[string]string{"fqdn": "FullyQualifiedDomainName", "invertHealthcheck": "Inverted", "childHealthThreshold": "HealthThreshold"},
			Unseen: map[string]string{
				"referenceName": "AWS tells it as the caller's reference", "regions": "the emulator ignores them", "triggers": "it is for Pulumi only",
				"cloudwatchAlarmName": "AWS nests it", "cloudwatchAlarmRegion": "AWS nests it", "disabled": "the emulator ignores it", "insufficientDataHealthStatus": "the emulator ignores it",
			},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*dnsc).ListHealthChecks, &api.ListHealthChecksInput{})
				if err != nil {
					return "", err
				}
				for _, h := range out.HealthChecks {
					if aws.ToString(h.CallerReference) == mark(r.urn) {
						return aws.ToString(h.Id), nil
					}
				}
				return "", nil
			},
			Tag: tagDNS(types.TagResourceTypeHealthcheck),
			Create: then(create((*dnsc).CreateHealthCheck, "HealthCheck.Id", func(r *request, in *api.CreateHealthCheckInput) {
				in.CallerReference = aws.String(mark(r.urn))
				in.HealthCheckConfig = filled(&types.HealthCheckConfig{}, r)
			}), func(ctx context.Context, r *request) error { return r.row.Tag(ctx, r, r.tags(), nil) }),
			Read:   merged(read((*dnsc).GetHealthCheck, "HealthCheckId", "HealthCheck.HealthCheckConfig"), dnsTags(types.TagResourceTypeHealthcheck)),
			Update: update((*dnsc).UpdateHealthCheck, "HealthCheckId"),
			Delete: remove((*dnsc).DeleteHealthCheck, "HealthCheckId"),
		},
	}
}

func comment(r *request) string {
	if s := r.str("comment"); s != "" {
		return s
	}
	return "Managed by Pulumi"
}

// readZone observes a zone. AWS ends names with a dot, Pulumi does not.
func readZone(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*dnsc).GetHostedZone, &api.GetHostedZoneInput{Id: &r.id})
	if err != nil {
		return nil, err
	}
	more := props{"zoneId": r.id, "arn": "arn:aws:route53:::hostedzone/" + r.id, "name": strings.TrimSuffix(aws.ToString(out.HostedZone.Name), ".")}
	if c := out.HostedZone.Config; c != nil {
		more["comment"] = aws.ToString(c.Comment)
	}
	if set := out.DelegationSet; set != nil && len(set.NameServers) > 0 {
		more["nameServers"], more["primaryNameServer"] = anyList(set.NameServers), set.NameServers[0]
	}
	return more, nil
}

// emptyZone deletes the records of a zone that may be destroyed with them; AWS keeps the first NS and SOA.
func emptyZone(ctx context.Context, r *request) error {
	if !r.flag("forceDestroy") {
		return nil
	}
	out, err := call(ctx, r, (*dnsc).ListResourceRecordSets, &api.ListResourceRecordSetsInput{HostedZoneId: &r.id})
	if err != nil {
		return err
	}
	zone := *r
	zone.in = props{"zoneId": r.id}
	for _, set := range out.ResourceRecordSets {
		if set.Type == types.RRTypeNs || set.Type == types.RRTypeSoa {
			continue
		}
		if err := changeRecord(ctx, &zone, types.ChangeActionDelete, &set); err != nil {
			return err
		}
	}
	return nil
}

// tagDNS writes tags of a zone or a health check.
func tagDNS(kind types.TagResourceType) func(context.Context, *request, map[string]string, []string) error {
	return func(ctx context.Context, r *request, add map[string]string, unset []string) error {
		in := &api.ChangeTagsForResourceInput{ResourceId: &r.id, ResourceType: kind, RemoveTagKeys: unset}
		for _, k := range sorted(add) {
			in.AddTags = append(in.AddTags, types.Tag{Key: aws.String(k), Value: aws.String(add[k])})
		}
		_, err := call(ctx, r, (*dnsc).ChangeTagsForResource, in)
		return err
	}
}

func dnsTags(kind types.TagResourceType) func(context.Context, *request) (props, error) {
	return func(ctx context.Context, r *request) (props, error) {
		out, err := call(ctx, r, (*dnsc).ListTagsForResource, &api.ListTagsForResourceInput{ResourceId: &r.id, ResourceType: kind})
		if err != nil {
			return nil, err
		}
		tags := props{}
		if out.ResourceTagSet != nil {
			for _, tag := range out.ResourceTagSet.Tags {
				tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
		}
		return props{"tags": tags}, nil
	}
}

// recordSet translates a record, with the routing policies that the portal uses.
func recordSet(r *request) *types.ResourceRecordSet {
	set := filled(&types.ResourceRecordSet{}, r)
	set.AliasTarget = nil
	for _, value := range r.list("records") {
		if set.Type == types.RRTypeTxt && !strings.HasPrefix(value, `"`) {
			value = `"` + value + `"`
		}
		set.ResourceRecords = append(set.ResourceRecords, types.ResourceRecord{Value: &value})
	}
	if list, ok := r.in["aliases"].([]any); ok && len(list) > 0 {
		a := list[0].(props)
		set.AliasTarget = &types.AliasTarget{DNSName: aws.String(text(a["name"])), HostedZoneId: aws.String(text(a["zoneId"])), EvaluateTargetHealth: a["evaluateTargetHealth"] == true}
	}
	policy := func(name, key string) any {
		list, _ := r.in[name].([]any)
		if len(list) == 0 {
			return nil
		}
		return list[0].(props)[key]
	}
	set.Failover = types.ResourceRecordSetFailover(text(policy("failoverRoutingPolicies", "type")))
	set.Region = types.ResourceRecordSetRegion(text(policy("latencyRoutingPolicies", "region")))
	if w, ok := policy("weightedRoutingPolicies", "weight").(float64); ok {
		set.Weight = aws.Int64(int64(w))
	}
	return set
}

func changeRecord(ctx context.Context, r *request, action types.ChangeAction, set *types.ResourceRecordSet) error {
	_, err := call(ctx, r, (*dnsc).ChangeResourceRecordSets, &api.ChangeResourceRecordSetsInput{
		HostedZoneId: aws.String(r.str("zoneId")),
		ChangeBatch:  &types.ChangeBatch{Changes: []types.Change{{Action: action, ResourceRecordSet: set}}},
	})
	return err
}

func putRecord(ctx context.Context, r *request) (string, error) {
	parts := []string{r.str("zoneId"), r.str("name"), r.str("type")}
	if s := r.str("setIdentifier"); s != "" {
		parts = append(parts, s)
	}
	return strings.Join(parts, "_"), changeRecord(ctx, r, types.ChangeActionUpsert, recordSet(r))
}

// findRecord finds the record set of r.id: zone_name_type or zone_name_type_set.
func findRecord(ctx context.Context, r *request) (*types.ResourceRecordSet, error) {
	zone, rest, _ := strings.Cut(r.id, "_")
	out, err := call(ctx, r, (*dnsc).ListResourceRecordSets, &api.ListResourceRecordSetsInput{HostedZoneId: &zone})
	if err != nil {
		return nil, err
	}
	for _, set := range out.ResourceRecordSets {
		parts := []string{strings.TrimSuffix(aws.ToString(set.Name), "."), string(set.Type)}
		if s := aws.ToString(set.SetIdentifier); s != "" {
			parts = append(parts, s)
		}
		if undotted := strings.Replace(rest, "._", "_", 1); strings.ReplaceAll(strings.Join(parts, "_"), `\052`, "*") == undotted {
			return &set, nil
		}
	}
	return nil, errGone
}

func readRecord(ctx context.Context, r *request) (props, error) {
	set, err := findRecord(ctx, r)
	if err != nil {
		return nil, err
	}
	zone, _, _ := strings.Cut(r.id, "_")
	name := strings.ReplaceAll(strings.TrimSuffix(aws.ToString(set.Name), "."), `\052`, "*")
	out := props{"zoneId": zone, "type": string(set.Type), "fqdn": name, "name": name, "aliases": nil}
	if want, ok := r.in["name"].(string); ok && strings.TrimSuffix(want, ".") == name {
		out["name"] = want
	}
	if set.TTL != nil {
		out["ttl"] = float64(*set.TTL)
	}
	records := []string{}
	for _, record := range set.ResourceRecords {
		value := aws.ToString(record.Value)
		if !slices.Contains(r.list("records"), value) {
			value = strings.Trim(value, `"`)
		}
		records = append(records, value)
	}
	if len(records) > 0 {
		out["records"] = anyList(records)
	}
	if a := set.AliasTarget; a != nil {
		target := aws.ToString(a.DNSName)
		if list, ok := r.in["aliases"].([]any); ok && len(list) > 0 && strings.TrimSuffix(target, ".") == strings.TrimSuffix(text(list[0].(props)["name"]), ".") {
			target = text(list[0].(props)["name"])
		}
		out["aliases"] = []any{props{"name": target, "zoneId": aws.ToString(a.HostedZoneId), "evaluateTargetHealth": a.EvaluateTargetHealth}}
	}
	if s := aws.ToString(set.HealthCheckId); s != "" {
		out["healthCheckId"] = s
	}
	if s := aws.ToString(set.SetIdentifier); s != "" {
		out["setIdentifier"] = s
	}
	return out, nil
}
