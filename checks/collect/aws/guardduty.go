package aws

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/guardduty/types"

	"gatehouse/checks/evidence"
)

func readerOfDetectors(c *Collector, ids *shared[[]string]) evidence.Reader {
	return evidence.Read(evidence.AWSDetectors, c.statement("guardduty:ListDetectors, guardduty:GetDetector", ""),
		func(ctx context.Context) ([]evidence.Detector, error) {
			found, err := ids.get(ctx, c.detectorIDs)
			if err != nil {
				return nil, err
			}
			return each(ctx, found, c.detector)
		})
}

func readerOfFindings(c *Collector, ids *shared[[]string]) evidence.Reader {
	return evidence.Read(evidence.AWSFindings,
		c.statement("guardduty:ListFindings, guardduty:GetFindings", "open findings of severity 7 and more"),
		func(ctx context.Context) (evidence.Findings, error) {
			found, err := ids.get(ctx, c.detectorIDs)
			out := evidence.Findings{Detectors: len(found)}
			for _, id := range found {
				if err := c.findings(ctx, id, &out); err != nil {
					return out, err
				}
			}
			return out, err
		})
}

func (c *Collector) detectorIDs(ctx context.Context) ([]string, error) {
	var ids []string
	list := guardduty.NewListDetectorsPaginator(guardduty.NewFromConfig(c.config), &guardduty.ListDetectorsInput{})
	err := pages(ctx, list, func(page *guardduty.ListDetectorsOutput) { ids = append(ids, page.DetectorIds...) })
	return ids, err
}

func (c *Collector) detector(ctx context.Context, id string) (evidence.Detector, error) {
	got, err := guardduty.NewFromConfig(c.config).GetDetector(ctx, &guardduty.GetDetectorInput{DetectorId: aws.String(id)})
	if err != nil {
		return evidence.Detector{}, err
	}
	out := evidence.Detector{ID: id, Enabled: got.Status == types.DetectorStatusEnabled}
	for _, feature := range got.Features {
		if feature.Status == types.FeatureStatusEnabled {
			out.Features = append(out.Features, string(feature.Name))
		}
	}
	slices.Sort(out.Features)
	return out, nil
}

// mostFindings is how many findings are read of those that are counted: what
// GetFindings gives at once.
const mostFindings = 50

func (c *Collector) findings(ctx context.Context, detector string, out *evidence.Findings) error {
	client := guardduty.NewFromConfig(c.config)
	list := guardduty.NewListFindingsPaginator(client, &guardduty.ListFindingsInput{
		DetectorId: aws.String(detector), MaxResults: aws.Int32(mostFindings),
		FindingCriteria: &types.FindingCriteria{Criterion: map[string]types.Condition{
			"severity":         {GreaterThanOrEqual: aws.Int64(evidence.HighSeverity)},
			"service.archived": {Equals: []string{"false"}},
		}},
		SortCriteria: &types.SortCriteria{AttributeName: aws.String("updatedAt"), OrderBy: types.OrderByDesc},
	})
	var newest []string
	err := pages(ctx, list, func(page *guardduty.ListFindingsOutput) {
		if out.High += len(page.FindingIds); newest == nil {
			newest = page.FindingIds
		}
	})
	if err != nil || len(newest) == 0 {
		return err
	}
	got, err := client.GetFindings(ctx, &guardduty.GetFindingsInput{DetectorId: aws.String(detector), FindingIds: newest})
	if err != nil {
		return err
	}
	for _, f := range got.Findings {
		updated, _ := time.Parse(time.RFC3339, aws.ToString(f.UpdatedAt)) // zero when AWS does not say
		out.Newest = append(out.Newest, evidence.Finding{
			ID: aws.ToString(f.Id), Type: aws.ToString(f.Type), Severity: aws.ToFloat64(f.Severity),
			Title: aws.ToString(f.Title), Updated: updated,
		})
	}
	return nil
}
