package config

import (
	"regexp"
	"strconv"
)

const (
	// pooledDatabases are what the pooler opens pools to: the portal's
	// database and one for each of Backstage's own backend plugins that keep
	// data (app, auth, catalog, notifications, permission, scaffolder, search,
	// signals, techdocs, user-settings).
	pooledDatabases = 11
	// pooledPercent of max_connections may be the pooler's; the rest is for
	// migrations, backups, exporters and people.
	pooledPercent = 80
	// bytesPerConnection is RDS's default: max_connections is
	// LEAST({DBInstanceClassMemory/9531392}, 5000). Source: Amazon RDS, quotas
	// and constraints.
	bytesPerConnection, maxConnections = 9531392, 5000
)

// pooler refuses pools that together open more connections than the database
// takes: the last clients would be turned away when load is highest.
func (v validator) pooler() {
	const path = "portal.pooler"
	p, class := v.Config.Portal.Pooler, v.Config.Data.Postgres.InstanceClass
	if v.production() {
		v.leastPods(path+".replicas", p.Replicas, productionReplicasOfPods)
	}
	if !v.readable(path, "data.postgres.instanceClass") {
		return
	}
	limit, known := class.connections()
	each := p.PoolSize + p.ReservePool
	if need := p.Replicas * each * pooledDatabases; known && need > limit*pooledPercent/100 {
		v.refuse(path+".poolSize", "%d pods of %d connections to %d databases are %d; %s takes about %d, and %d %% of them are for the pooler: lower poolSize or reservePool, or raise instanceClass%s",
			p.Replicas, each, pooledDatabases, need, class, limit, pooledPercent, v.line("data.postgres.instanceClass"))
	}
}

var classPattern = regexp.MustCompile(`^db\.([tmr])[0-9][a-z0-9]*\.(?:(micro|small|medium|large|xlarge)|([0-9]+)xlarge)$`)

// connections is the default max_connections of a class. Only the families
// whose memory follows from the size are known: t and m have 4 GiB a virtual
// CPU, r has 8; small sizes of t differ.
func (c InstanceClass) connections() (limit int, known bool) {
	m := classPattern.FindStringSubmatch(string(c))
	if m == nil {
		return 0, false
	}
	gib := map[string]int{"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16}[m[2]]
	if m[3] != "" {
		n, _ := strconv.Atoi(m[3])
		gib = n * 16
	}
	if m[1] == "r" {
		gib *= 2
	}
	return min(gib<<30/bytesPerConnection, maxConnections), true
}
