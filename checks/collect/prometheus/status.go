package prometheus

import (
	"context"
	"errors"
	"net/url"

	promapi "github.com/prometheus/client_golang/api/prometheus/v1"

	"gatehouse/checks/evidence"
)

func (c *Collector) server(ctx context.Context) (evidence.PrometheusServer, error) {
	var server evidence.PrometheusServer
	build, failed := c.api.Buildinfo(ctx)
	failed = explain(ctx, "the version", failed)
	if failed == nil && build.Version == "" {
		failed = lacks("the version", "version")
	}
	server.Version = build.Version
	info, err := c.api.Runtimeinfo(ctx)
	switch {
	case err != nil:
		failed = errors.Join(failed, explain(ctx, "the runtime's state", err))
	case info.StorageRetention == "":
		failed = errors.Join(failed, lacks("the runtime's state", "retention"))
	}
	server.Started, server.Reloaded, server.Corruptions = info.StartTime, info.ReloadConfigSuccess, info.CorruptionCount
	server.Retention = info.StorageRetention
	return server, failed
}

func (c *Collector) targets(ctx context.Context) ([]evidence.PrometheusTarget, error) {
	const what = "the targets"
	result, err := c.api.Targets(ctx)
	if err != nil {
		return nil, explain(ctx, what, err)
	}
	if result.Active == nil {
		return nil, lacks(what, "active targets")
	}
	targets := []evidence.PrometheusTarget{}
	for _, t := range result.Active {
		targets = append(targets, evidence.PrometheusTarget{
			Job: string(t.Labels["job"]), Instance: string(t.Labels["instance"]), Namespace: string(t.Labels["namespace"]),
			Health: string(t.Health), LastError: t.LastError, LastScrape: t.LastScrape,
		})
	}
	return targets, nil
}

func (c *Collector) alertmanagers(ctx context.Context) (evidence.PrometheusNotified, error) {
	const what = "the Alertmanagers"
	var found evidence.PrometheusNotified
	result, err := c.api.AlertManagers(ctx)
	if err != nil {
		return found, explain(ctx, what, err)
	}
	if result.Active == nil {
		return found, lacks(what, "active Alertmanagers")
	}
	found.Hosts = []string{}
	for _, each := range result.Active {
		found.Hosts = append(found.Hosts, host(each))
	}
	return found, nil
}

// host leaves a password in the URL out.
func host(a promapi.AlertManager) string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return "an address that is no URL"
	}
	return u.Host
}
