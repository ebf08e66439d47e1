package audit

import (
	"fmt"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Budget is a monthly budget over the whole account.
type Budget struct {
	// MonthlyUSD is the limit in US dollars.
	MonthlyUSD int
	// AlertPercents are the shares of the limit at which Contact gets a
	// notice; it gets another when the forecast for the month passes the limit.
	AlertPercents []int
	// Contact is an e-mail address.
	Contact string
}

func (b Budget) register(ctx *pulumi.Context, name string, child pulumi.ResourceOption) error {
	notices := budgets.BudgetNotificationArray{b.notice("FORECASTED", 100)}
	for _, percent := range b.AlertPercents {
		notices = append(notices, b.notice("ACTUAL", percent))
	}
	_, err := budgets.NewBudget(ctx, name+"-budget", &budgets.BudgetArgs{
		BudgetType:    pulumi.String("COST"),
		LimitAmount:   pulumi.String(strconv.Itoa(b.MonthlyUSD)),
		LimitUnit:     pulumi.String("USD"),
		TimeUnit:      pulumi.String("MONTHLY"),
		Notifications: notices,
	}, child)
	if err != nil {
		return fmt.Errorf("budget: %w", err)
	}
	return nil
}

func (b Budget) notice(kind string, percent int) budgets.BudgetNotificationArgs {
	return budgets.BudgetNotificationArgs{
		NotificationType:         pulumi.String(kind),
		ComparisonOperator:       pulumi.String("GREATER_THAN"),
		Threshold:                pulumi.Float64(float64(percent)),
		ThresholdType:            pulumi.String("PERCENTAGE"),
		SubscriberEmailAddresses: pulumi.StringArray{pulumi.String(b.Contact)},
	}
}
