// Package report is what was found and how it is spoken of: findings, their
// verdicts and severities, and the waivers laid over them. Policies and
// readiness checks both speak it; report/render shows it.
//
// It knows neither Rego nor AWS nor Kubernetes: who finds something lives on the
// floor above.
package report
