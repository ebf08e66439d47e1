// Package operations judges what watches the portal and what deploys it:
// Prometheus, Alertmanager, and the state that Pulumi keeps. It reads no server;
// what is judged of clusters, databases and caches themselves lives beside it.
package operations

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		prometheusHealthy, prometheusTargetsUp, portalTargetsUp, grafanaUp,
		postgresExporterUp, redisExporterUp, uptimeProbesSucceed,
		alertRulesHealthy, alertRulesPresent, criticalAlertsQuiet,
		alertsReachAlertmanager, alertRoutesReachPeople, deadMansSwitch, silencesNarrow, notificationsDelivered,
		logsDelivered, errorRatioLow, latencyLow,
		deploymentSettled, networkPolicyAddOn, clusterAccessNarrow, storesClassified, storesProtected,
	}
}

// anyOf splits a threshold's word, in which | parts names that will do alike:
// "PortalDown|FrontendDown".
func anyOf(text string) []string { return strings.Split(text, "|") }

// named are the alerting rules of any of the names.
func named(rules []evidence.PrometheusRule, names []string) []evidence.PrometheusRule {
	var found []evidence.PrometheusRule
	for _, r := range rules {
		if r.Alerting && slices.Contains(names, r.Name) {
			found = append(found, r)
		}
	}
	return found
}
