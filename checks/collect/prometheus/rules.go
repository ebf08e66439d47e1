package prometheus

import (
	"context"
	"fmt"

	promapi "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"gatehouse/checks/evidence"
)

func (c *Collector) rules(ctx context.Context) ([]evidence.PrometheusRule, error) {
	const what = "the rules"
	result, err := c.api.Rules(ctx, nil)
	if err != nil {
		return nil, explain(ctx, what, err)
	}
	if result.Groups == nil {
		return nil, lacks(what, "groups")
	}
	rules := []evidence.PrometheusRule{}
	for _, group := range result.Groups {
		for _, each := range group.Rules {
			rule, err := ruleOf(each)
			if err != nil {
				return rules, err
			}
			rule.Group, rule.Interval = group.Name, group.Interval
			rules = append(rules, rule)
		}
	}
	return rules, nil
}

func ruleOf(each any) (evidence.PrometheusRule, error) {
	switch r := each.(type) {
	case promapi.AlertingRule:
		return evidence.PrometheusRule{
			Name: r.Name, Alerting: true, Query: r.Query, Health: string(r.Health), LastError: r.LastError,
			LastEvaluation: r.LastEvaluation, State: r.State, Labels: plain(r.Labels),
		}, nil
	case promapi.RecordingRule:
		return evidence.PrometheusRule{
			Name: r.Name, Query: r.Query, Health: string(r.Health), LastError: r.LastError,
			LastEvaluation: r.LastEvaluation, Labels: plain(r.Labels),
		}, nil
	default:
		return evidence.PrometheusRule{}, evidence.Problem{
			Kind: evidence.Invalid, Message: fmt.Sprintf("the rules: one is a %T, neither records nor alerts", each),
		}
	}
}

func (c *Collector) alerts(ctx context.Context) ([]evidence.PrometheusAlert, error) {
	const what = "the alerts"
	result, err := c.api.Alerts(ctx)
	if err != nil {
		return nil, explain(ctx, what, err)
	}
	if result.Alerts == nil {
		return nil, lacks(what, "alerts")
	}
	alerts := []evidence.PrometheusAlert{}
	for _, a := range result.Alerts {
		alerts = append(alerts, evidence.PrometheusAlert{
			Name: string(a.Labels[model.AlertNameLabel]), State: string(a.State), Since: a.ActiveAt, Labels: plain(a.Labels),
		})
	}
	return alerts, nil
}

func plain[L ~map[model.LabelName]model.LabelValue](labels L) map[string]string {
	if len(labels) == 0 {
		return nil
	}
	all := make(map[string]string, len(labels))
	for name, value := range labels {
		all[string(name)] = string(value)
	}
	return all
}
