package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	budgetsapi "github.com/aws/aws-sdk-go-v2/service/budgets"
	budgetstypes "github.com/aws/aws-sdk-go-v2/service/budgets/types"
	trailapi "github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	guardapi "github.com/aws/aws-sdk-go-v2/service/guardduty"
	guardtypes "github.com/aws/aws-sdk-go-v2/service/guardduty/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
)

type (
	trailc  = trailapi.Client
	guardc  = guardapi.Client
	budgetc = budgetsapi.Client
)

// auditRows are what watches an account: CloudTrail, GuardDuty and budgets.
func auditRows() []Resource {
	return []Resource{
		{
			Token: "aws:cloudtrail/trail:Trail", Args: cloudtrail.TrailArgs{}, State: cloudtrail.Trail{},
			Name: "name", NameMax: 128, Replace: []string{"name"},
			Rename: map[string]string{"tags": "TagsList", "arn": "TrailARN", "enableLogFileValidation": "EnableLogFileValidation|LogFileValidationEnabled", "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn"},
			Unseen: map[string]string{
				"eventSelectors": "AWS completes them", "advancedEventSelectors": "AWS completes them", "insightSelectors": "AWS completes them",
				"kmsKeyId": "AWS tells the ARN", "isOrganizationTrail": "the sandbox is one account",
			},
			Find: func(_ context.Context, r *request) (string, error) {
				return r.arn("cloudtrail:trail/" + r.str("name")), nil
			},
			Tag:    tagger((*trailc).AddTags, (*trailc).RemoveTags, "ResourceId", byID),
			Create: then(create((*trailc).CreateTrail, "TrailARN"), logTrail),
			Read:   merged(readTrail, trailTags),
			Update: steps(update((*trailc).UpdateTrail, "", func(r *request, in *trailapi.UpdateTrailInput) { in.Name = aws.String(trailName(r)) }), logTrail),
			Delete: remove((*trailc).DeleteTrail, "", func(r *request, in *trailapi.DeleteTrailInput) { in.Name = aws.String(trailName(r)) }),
		},
		{
			Token: "aws:guardduty/detector:Detector", Args: guardduty.DetectorArgs{}, State: guardduty.Detector{}, ARN: "guardduty:detector/",
			Rename: map[string]string{"datasources": "DataSources"},
			Unseen: map[string]string{"datasources": "AWS completes them"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*guardc).ListDetectors, &guardapi.ListDetectorsInput{})
				if err != nil || len(out.DetectorIds) == 0 {
					return "", err
				}
				return out.DetectorIds[0], nil
			},
			// The emulator takes a detector's tags at creation only.
			Tag:    func(context.Context, *request, map[string]string, []string) error { return nil },
			Create: create((*guardc).CreateDetector, "DetectorId"),
			Read:   merged(read((*guardc).GetDetector, "DetectorId", ""), detectorStatus),
			Update: update((*guardc).UpdateDetector, "DetectorId"),
			Delete: remove((*guardc).DeleteDetector, "DetectorId"),
		},
		{
			Token: "aws:guardduty/detectorFeature:DetectorFeature", Args: guardduty.DetectorFeatureArgs{}, State: guardduty.DetectorFeature{},
			Replace: []string{"detectorId", "name"},
			Unseen:  map[string]string{"additionalConfigurations": "the emulator ignores it"},
			Create:  putFeature, Update: again(putFeature),
			Read:   readFeature,
			Delete: nothing, // a feature is switched, never deleted
		},
		{
			Token: "aws:budgets/budget:Budget", Args: budgets.BudgetArgs{}, State: budgets.Budget{}, ARN: "budgets:budget/",
			Name: "name", NameMax: 100, Replace: []string{"name", "namePrefix", "accountId"},
			Rename: map[string]string{"name": "BudgetName", "costFilters": "-"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only", "costTypes": "AWS completes them"},
			Create: createBudget,
			Read:   readBudget,
			Update: renew, // the emulator has no UpdateBudget
			Delete: remove((*budgetc).DeleteBudget, "BudgetName", func(_ *request, in *budgetsapi.DeleteBudgetInput) {
				in.AccountId = aws.String(sandboxAccount)
			}),
		},
	}
}

// trailName is the last part of a trail's ARN: not every operation of the emulator takes the ARN.
func trailName(r *request) string { return r.id[strings.LastIndex(r.id, "/")+1:] }

// logTrail starts or stops a trail and sets what it records.
func logTrail(ctx context.Context, r *request) error {
	if r.in["eventSelectors"] != nil || r.in["advancedEventSelectors"] != nil {
		in := &trailapi.PutEventSelectorsInput{}
		if err := fill(in, r.in, nil); err != nil {
			return err
		}
		in.TrailName = aws.String(trailName(r))
		if _, err := call(ctx, r, (*trailc).PutEventSelectors, in); err != nil {
			return err
		}
	}
	name := trailName(r)
	if r.in["enableLogging"] == false {
		_, err := call(ctx, r, (*trailc).StopLogging, &trailapi.StopLoggingInput{Name: &name})
		return err
	}
	_, err := call(ctx, r, (*trailc).StartLogging, &trailapi.StartLoggingInput{Name: &name})
	return err
}

func readTrail(ctx context.Context, r *request) (props, error) {
	name := trailName(r)
	out, err := call(ctx, r, (*trailc).GetTrail, &trailapi.GetTrailInput{Name: &name})
	if err != nil {
		return nil, err
	}
	status, err := call(ctx, r, (*trailc).GetTrailStatus, &trailapi.GetTrailStatusInput{Name: &name})
	if err != nil {
		return nil, err
	}
	return r.see(*out.Trail, props{"enableLogging": aws.ToBool(status.IsLogging)}), nil
}

func trailTags(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*trailc).ListTags, &trailapi.ListTagsInput{ResourceIdList: []string{r.id}})
	if err != nil {
		return nil, err
	}
	tags := props{}
	for _, list := range out.ResourceTagList {
		for _, tag := range list.TagsList {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	return props{"tags": tags}, nil
}

func detectorStatus(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*guardc).GetDetector, &guardapi.GetDetectorInput{DetectorId: &r.id})
	if err != nil {
		return nil, err
	}
	return props{"enable": out.Status != guardtypes.DetectorStatusDisabled, "accountId": sandboxAccount}, nil
}

func putFeature(ctx context.Context, r *request) (string, error) {
	feature := guardtypes.DetectorFeatureConfiguration{}
	if err := fill(&feature, r.in, nil); err != nil {
		return "", err
	}
	detector := r.str("detectorId")
	_, err := call(ctx, r, (*guardc).UpdateDetector, &guardapi.UpdateDetectorInput{DetectorId: &detector, Features: []guardtypes.DetectorFeatureConfiguration{feature}})
	return detector + "/" + r.str("name"), err
}

func readFeature(ctx context.Context, r *request) (props, error) {
	detector, name, _ := strings.Cut(r.id, "/")
	out, err := call(ctx, r, (*guardc).GetDetector, &guardapi.GetDetectorInput{DetectorId: &detector})
	if err != nil {
		return nil, err
	}
	for _, f := range out.Features {
		if string(f.Name) == name {
			return r.see(f, props{"detectorId": detector}), nil
		}
	}
	return props{"detectorId": detector, "name": name}, nil
}

func createBudget(ctx context.Context, r *request) (string, error) {
	budget := &budgetstypes.Budget{BudgetLimit: &budgetstypes.Spend{Amount: aws.String(r.str("limitAmount")), Unit: aws.String(r.str("limitUnit"))}}
	if err := fill(budget, r.in, r.row.Rename); err != nil {
		return "", err
	}
	filters, _ := r.in["costFilters"].([]any)
	costFilters := map[string][]string{}
	for _, f := range filters {
		m := f.(props)
		costFilters[text(m["name"])] = stringList(m["values"])
	}
	budget.CostFilters = costFilters //nolint:staticcheck // pulumi-aws v6 speaks of cost filters, and the emulator knows no filter expression
	in := &budgetsapi.CreateBudgetInput{AccountId: aws.String(sandboxAccount), Budget: budget}
	notifications, _ := r.in["notifications"].([]any)
	for _, e := range notifications {
		n := budgetstypes.NotificationWithSubscribers{Notification: &budgetstypes.Notification{}}
		if err := fill(n.Notification, e.(props), nil); err != nil {
			return "", err
		}
		for kind, name := range map[budgetstypes.SubscriptionType]string{budgetstypes.SubscriptionTypeEmail: "subscriberEmailAddresses", budgetstypes.SubscriptionTypeSns: "subscriberSnsTopicArns"} {
			for _, address := range stringList(e.(props)[name]) {
				n.Subscribers = append(n.Subscribers, budgetstypes.Subscriber{Address: &address, SubscriptionType: kind})
			}
		}
		in.NotificationsWithSubscribers = append(in.NotificationsWithSubscribers, n)
	}
	_, err := call(ctx, r, (*budgetc).CreateBudget, in)
	return r.str("name"), err
}

func readBudget(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*budgetc).DescribeBudget, &budgetsapi.DescribeBudgetInput{AccountId: aws.String(sandboxAccount), BudgetName: &r.id})
	if err != nil {
		return nil, err
	}
	more := props{"accountId": sandboxAccount}
	if limit := out.Budget.BudgetLimit; limit != nil {
		more["limitAmount"], more["limitUnit"] = aws.ToString(limit.Amount), aws.ToString(limit.Unit)
	}
	return r.see(*out.Budget, more), nil
}
