package checks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// versions are those of the checklist and of the systems that were read. What
// was not read has none here; several of one system are all named.
func versions(facts evidence.Facts) []readiness.Version {
	digest := sha256.Sum256(items)
	all := []readiness.Version{{Name: "checklist", Version: "sha256:" + hex.EncodeToString(digest[:])}}
	add := func(name string, found ...string) {
		seen := map[string]bool{"": true}
		var distinct []string
		for _, version := range found {
			if !seen[version] {
				seen[version] = true
				distinct = append(distinct, version)
			}
		}
		if len(distinct) > 0 {
			all = append(all, readiness.Version{Name: name, Version: strings.Join(distinct, ", ")})
		}
	}
	add("kubernetes", evidence.Get(facts, evidence.KubernetesVersion).Value.Git)
	var servers []string
	for _, node := range evidence.Get(facts, evidence.PostgresNodes).Value {
		if node.Version > 0 {
			servers = append(servers, fmt.Sprintf("%d.%d", node.Version/10000, node.Version%10000))
		}
	}
	add("postgresql", servers...)
	add("pgbouncer", evidence.Get(facts, evidence.PgBouncerConfig).Value.Version)
	servers = nil
	for _, node := range evidence.Get(facts, evidence.RedisNodes).Value {
		servers = append(servers, node.Version)
	}
	add("redis", servers...)
	add("prometheus", evidence.Get(facts, evidence.PrometheusServers).Value.Version)
	add("alertmanager", evidence.Get(facts, evidence.AlertmanagerRoutes).Value.Version)
	return all
}

// ChecklistFile is the built-in checklist as it is written.
func ChecklistFile() []byte { return append([]byte(nil), items...) }
