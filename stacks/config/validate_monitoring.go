package config

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

const deadMansSecret = "foundation.secrets.dead-mans-switch"

// latencyBuckets are the upper bounds of http_request_duration_seconds in
// which an objective can be measured: the default buckets of the Prometheus
// client libraries.
func latencyBuckets() []float64 {
	return []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
}

// monitoring checks the objectives and what must survive a lost node.
func (v validator) monitoring() {
	const path = "monitoring"
	m := v.Config.Monitoring
	if path := path + ".slo.availabilityPercent"; v.readable(path) && m.SLO.AvailabilityPercent >= 100 {
		v.refuse(path, "leaves nothing to burn, so that one failed request would break it for ever; give less than 100, such as 99.9")
	}
	if path := path + ".slo.latencySeconds"; v.readable(path) && !slices.Contains(latencyBuckets(), m.SLO.LatencySeconds) {
		v.refuse(path, "%s is no bucket of http_request_duration_seconds; give one of %s", decimalText(m.SLO.LatencySeconds), decimalTexts(latencyBuckets()))
	}
	if path := path + ".deadMansSwitch"; v.readable(path, deadMansSecret) && m.DeadMansSwitch {
		if _, ok := v.Config.Foundation.Secrets["dead-mans-switch"]; !ok {
			v.refuse(path, "needs the URL that hears the Watchdog: add the secret %s", namespace+deadMansSecret)
		}
	}
	if v.production() {
		v.leastPods(path+".replicas", m.Replicas, productionReplicasOfPods)
		v.leastPods(path+".alertmanagerReplicas", m.AlertmanagerReplicas, productionReplicasOfPods)
	}
}

func decimalText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func decimalTexts(numbers []float64) string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = decimalText(n)
	}
	return strings.Join(list, ", ")
}

const (
	// More often than this, a job would still run when the next begins.
	shortestGap = 15 * time.Minute
	day         = 24 * time.Hour
	// A month, so that `0 6 1 * *` is a drill often enough.
	drillGap = 31 * day
)

// backupJobs checks that each job runs often enough to keep its promise.
func (v validator) backupJobs() {
	const path = "backup.schedules."
	b := v.Config.Backup
	if v.readable("backup.maxAgeHours") {
		v.schedule(path+"database", b.Schedules.Database, time.Duration(b.MaxAgeHours)*time.Hour,
			"a dump may be as old as maxAgeHours: "+strconv.Itoa(b.MaxAgeHours)+v.line("backup.maxAgeHours"))
	}
	v.schedule(path+"configuration", b.Schedules.Configuration, day, "it must run once a day or more often")
	v.schedule(path+"base", b.Schedules.Base, day, "it must run once a day or more often")
	v.schedule(path+"drill", b.Schedules.Drill, drillGap, "a restore is proved once a month or more often")
}

func (v validator) schedule(path string, cron Cron, most time.Duration, why string) {
	if !v.readable(path) {
		return
	}
	switch shortest, longest := cron.gaps(v.now, shortestGap, most); {
	case shortest == 0 && longest == 0:
		v.refuse(path, "%s never comes; %s", quote(string(cron)), why)
	case longest > most:
		v.refuse(path, "%s leaves more than %s between two runs; %s", quote(string(cron)), hours(most), why)
	case shortest < shortestGap:
		v.refuse(path, "%s runs twice within %s; leave %s or more", quote(string(cron)), hours(shortest), hours(shortestGap))
	}
}

// hours writes a length of time in the largest whole unit.
func hours(d time.Duration) string {
	switch {
	case d >= 2*day && d%day == 0:
		return strconv.Itoa(int(d/day)) + " days"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + " h"
	default:
		return strconv.Itoa(int(d/time.Minute)) + " min"
	}
}
