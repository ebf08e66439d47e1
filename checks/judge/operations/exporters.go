package operations

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var postgresExporterUp = up("postgres-exporter-up", evidence.PrometheusPostgresUp,
	"Prometheus measures PostgreSQL through its exporter, and the exporter reaches every instance",
	"pg_up", "the exporter does not reach the database", "run postgres_exporter with a user of pg_monitor, and have it scraped")

var redisExporterUp = up("redis-exporter-up", evidence.PrometheusRedisUp,
	"Prometheus measures Redis through its exporter, and the exporter reaches every node",
	"redis_up", "the exporter does not reach the node", "run redis_exporter, and have it scraped")

var uptimeProbesSucceed = up("uptime-probes-succeed", evidence.PrometheusProbes,
	"Probes look at the portal from outside, and each succeeds",
	"probe_success", "does not answer its probe as it should", "run the blackbox exporter against the portal's addresses, and have it scraped")

// up judges series that are 1 when all is well. None at all is a failure:
// Prometheus has answered, and nobody measures the thing.
func up(id string, q evidence.Query[[]evidence.PrometheusSample], expected, metric, down, remedy string) judge.Checker {
	return judge.Checker{
		ID: id, Expected: expected, Needs: []evidence.Name{q.Name()},
		Judge: func(c *judge.Case) {
			samples, all := judge.Whole(c, q)
			if all && len(samples) == 0 {
				c.FailWith("Prometheus", remedy, "has no series %s: nobody measures it", metric)
			}
			for _, s := range samples {
				if s.Value == 1 {
					c.Saw()
				} else {
					c.Fail(s.Name(), "%s (%s is %g)", down, metric, s.Value)
				}
			}
			c.Note("%s is 1 for all %d", metric, len(samples))
		},
	}
}
