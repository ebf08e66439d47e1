package rules

import (
	"cmp"
	"maps"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Severity says how fast somebody must look; Alertmanager routes by it.
type Severity string

// The severities. docs/runbooks/README.md says to which class (P1 to P4) and
// response time each belongs.
const (
	// Critical wakes somebody: users are hurt, or data is in danger.
	Critical Severity = "critical"
	// Warning is looked at within working hours.
	Warning Severity = "warning"
	// Info is no call to act.
	Info Severity = "info"
)

// Team is who looks (deployment guide, "Contact Information").
type Team string

// The teams.
const (
	Platform Team = "platform"
	Security Team = "security"
)

// Alert is one alerting rule. One name may stand for several rules, which differ
// in severity or in Labels and share a runbook.
type Alert struct {
	// Name is in CamelCase; the runbook is docs/runbooks/NAME.md.
	Name string
	// Expr is PromQL; every series that it yields is one alert.
	Expr string
	// For is how long Expr must hold first; not at all when empty.
	For monitoringv1.Duration
	// Severity is one of the constants.
	Severity Severity
	// Team is Platform when empty.
	Team Team
	// Service is what is hurt; alerts are grouped and silenced by it. It may be
	// a template over the labels of Expr, and is empty when Expr yields a
	// label service of its own.
	Service string
	// Labels are more labels, e.g. a window.
	Labels map[string]string
	// Summary is the title of the message, Description one sentence more. Both
	// are templates ({{ $labels.X }}, {{ $value }}).
	Summary, Description string
}

func (a Alert) rule(runbooks string) monitoringv1.Rule {
	labels := map[string]string{"severity": string(a.Severity), "team": string(cmp.Or(a.Team, Platform))}
	if a.Service != "" {
		labels["service"] = a.Service
	}
	maps.Copy(labels, a.Labels)
	rule := monitoringv1.Rule{
		Alert: a.Name, Expr: intstr.FromString(a.Expr), Labels: labels,
		Annotations: map[string]string{
			"summary": a.Summary, "description": a.Description, "runbook_url": runbooks + "/" + a.Name + ".md",
		},
	}
	if a.For != "" {
		rule.For = &a.For
	}
	return rule
}

// Record is one recording rule. Names are level:metric:operation, as
// Prometheus's documentation advises.
type Record struct{ Name, Expr string }

func (r Record) rule() monitoringv1.Rule {
	return monitoringv1.Rule{Record: r.Name, Expr: intstr.FromString(r.Expr)}
}

// Topic is one group of rules. Its records are computed before its alerts, in
// order, so that each may use those above it.
type Topic struct {
	// Name is the group's name, and that of the PrometheusRule object.
	Name    string
	Records []Record
	Alerts  []Alert
}

// Spec is the topic as Prometheus reads it, in a PrometheusRule object and in a
// rule file alike. Runbooks is the URL of the folder that holds them.
func (t Topic) Spec(runbooks string) monitoringv1.PrometheusRuleSpec {
	group := monitoringv1.RuleGroup{Name: t.Name}
	for _, r := range t.Records {
		group.Rules = append(group.Rules, r.rule())
	}
	for _, a := range t.Alerts {
		group.Rules = append(group.Rules, a.rule(runbooks))
	}
	return monitoringv1.PrometheusRuleSpec{Groups: []monitoringv1.RuleGroup{group}}
}
