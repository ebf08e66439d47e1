package aws

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"gatehouse/checks/evidence"
)

func readerOfUptimeChecks(f front) evidence.Reader {
	return evidence.Read(evidence.AWSUptimeChecks,
		inGlobal("route53:ListHealthChecks, route53:GetHealthCheckStatus", ""), f.uptimeChecks)
}

func readerOfRecords(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSRecords,
		inGlobal("route53:ListResourceRecordSets", "for "+c.target.HostedZone), c.records)
}

func (f front) uptimeChecks(ctx context.Context) ([]evidence.UptimeCheck, error) {
	var names []string
	var wrong error
	if f.target.Distribution != "" {
		var d evidence.Distribution
		if d, wrong = f.get(ctx); wrong != nil {
			return nil, wrong // which checks are this environment's cannot be told
		}
		names = d.Aliases
	}
	client := route53.NewFromConfig(f.global())
	var mine []types.HealthCheck
	list := route53.NewListHealthChecksPaginator(client, &route53.ListHealthChecksInput{})
	wrong = pages(ctx, list, func(page *route53.ListHealthChecksOutput) {
		for _, check := range page.HealthChecks {
			c := check.HealthCheckConfig
			if c != nil && (len(names) == 0 || slices.Contains(names, aws.ToString(c.FullyQualifiedDomainName))) {
				mine = append(mine, check)
			}
		}
	})
	found, err := each(ctx, mine, func(ctx context.Context, check types.HealthCheck) (evidence.UptimeCheck, error) {
		return uptimeCheck(ctx, client, check)
	})
	return found, errors.Join(wrong, err)
}

func uptimeCheck(ctx context.Context, client *route53.Client, check types.HealthCheck) (evidence.UptimeCheck, error) {
	c := check.HealthCheckConfig
	out := evidence.UptimeCheck{
		ID: aws.ToString(check.Id), Type: string(c.Type), Host: aws.ToString(c.FullyQualifiedDomainName),
		Path: aws.ToString(c.ResourcePath), Port: aws.ToInt32(c.Port), Interval: aws.ToInt32(c.RequestInterval),
		Disabled: aws.ToBool(c.Disabled), Inverted: aws.ToBool(c.Inverted),
	}
	status, err := client.GetHealthCheckStatus(ctx, &route53.GetHealthCheckStatusInput{HealthCheckId: check.Id})
	if err != nil {
		return evidence.UptimeCheck{}, err
	}
	for _, o := range status.HealthCheckObservations {
		report := evidence.UptimeReport{Region: string(o.Region)}
		if o.StatusReport != nil {
			report.Status, report.At = aws.ToString(o.StatusReport.Status), aws.ToTime(o.StatusReport.CheckedTime)
			report.Healthy = strings.HasPrefix(report.Status, "Success")
		}
		out.Reports = append(out.Reports, report)
	}
	return out, nil
}

// kept are the types of records that say where a name leads, and who may
// issue certificates for it.
var kept = []types.RRType{types.RRTypeA, types.RRTypeAaaa, types.RRTypeCname, types.RRTypeCaa}

func (c *Collector) records(ctx context.Context) ([]evidence.DNSRecord, error) {
	if c.target.HostedZone == "" {
		return nil, missing("hosted zone", "hostedZone")
	}
	client := route53.NewFromConfig(c.global())
	var found []evidence.DNSRecord
	list := route53.NewListResourceRecordSetsPaginator(client, &route53.ListResourceRecordSetsInput{HostedZoneId: aws.String(c.target.HostedZone)})
	err := pages(ctx, list, func(page *route53.ListResourceRecordSetsOutput) {
		for _, set := range page.ResourceRecordSets {
			if !slices.Contains(kept, set.Type) {
				continue
			}
			// Route 53 writes * as \052.
			name := strings.ReplaceAll(undotted(aws.ToString(set.Name)), `\052`, "*")
			record := evidence.DNSRecord{Name: name, Type: string(set.Type)}
			if set.AliasTarget != nil {
				record.Alias = undotted(aws.ToString(set.AliasTarget.DNSName))
			}
			for _, value := range set.ResourceRecords {
				record.Values = append(record.Values, aws.ToString(value.Value))
			}
			found = append(found, record)
		}
	})
	return found, err
}
