// Package infrastructure judges the environment's resources in AWS: the control
// plane, the network, the database, the cache, files, images, backups and
// buckets.
//
// What runs inside the cluster, and what PostgreSQL and Redis say of themselves,
// is judged in the packages beside it; so are edge, identity and audit.
package infrastructure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/checks/judge"
)

// Checkers are all of this package.
func Checkers() []judge.Checker {
	return []judge.Checker{
		clusterVersion, clusterZones, clusterLogs, clusterSecrets, clusterEndpoint,
		networkTiers, networkFlowLogs, groupsFromAnywhere, groupsDefault,
		databaseVersion, databaseCopies, databaseProtected, databaseRestorable, databaseSnapshots, databaseWindows, databaseMonitored,
		cacheCopies, cacheDurable, cacheSnapshots, cacheEncrypted,
		fileSystem, backupPlan, recoveryPoints, restoreTests,
		repositories, imageScans, bucketsGuarded, bucketsRetained,
	}
}

// age says how long ago something was, in words, and is told apart from what
// lies in the future: a clock that is wrong must not make a backup look fresh.
func age(now, then time.Time) (time.Duration, string) {
	d := now.Sub(then)
	if d < 0 {
		return d, fmt.Sprintf("%s in the future", span(-d))
	}
	return d, span(d) + " ago"
}

// clockSkew is how far AWS's clock may be ahead of ours.
const clockSkew = 5 * time.Minute

// fresh tells whether something is at most limit old.
func fresh(now, then time.Time, limit time.Duration) bool {
	d := now.Sub(then)
	return d >= -clockSkew && d <= limit
}

// span is a duration as people say it: "3 days", "26 hours", "15 minutes".
func span(d time.Duration) string {
	const day = 24 * time.Hour
	unit, name := time.Minute, "minute"
	switch {
	case d >= 3*day:
		unit, name = day, "day"
	case d >= 2*time.Hour:
		unit, name = time.Hour, "hour"
	}
	n := int(d / unit)
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}

// list joins words, or says that there are none.
func list(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return strings.Join(words, ", ")
}

// lacking are those of want that are not in have.
func lacking(want, have []string) []string {
	var absent []string
	for _, each := range want {
		if !slices.Contains(have, each) {
			absent = append(absent, each)
		}
	}
	return absent
}

// distinct are the words, each once, without empty ones.
func distinct(words []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(words)))
	return slices.DeleteFunc(sorted, func(word string) bool { return word == "" })
}
