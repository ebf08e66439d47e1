package database

import (
	"slices"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var poolMode = judge.Checker{
	ID:       "pgbouncer-pool-mode",
	Expected: "PgBouncer shares connections between transactions",
	Needs:    []evidence.Name{evidence.PgBouncerConfig.Name(), evidence.PgBouncerDatabases.Name()},
	Judge: func(c *judge.Case) {
		want := c.Text("poolMode")
		c.Expect("every database of PgBouncer is pooled by %s, and takes clients", want)
		config := judge.Read(c, evidence.PgBouncerConfig)
		if config.PoolMode == "" {
			judge.Read(c, evidence.PgBouncerDatabases)
			return
		}
		c.Require(config.PoolMode == want, "pgbouncer.ini", "pool_mode is %s", config.PoolMode)
		for _, database := range judge.Read(c, evidence.PgBouncerDatabases) {
			where := "pool " + database.Name
			mode := or(database.PoolMode, config.PoolMode)
			c.Require(mode == want, where, "it is pooled by %s", mode)
			c.Require(!database.Paused, where, "it is paused; run RESUME %s", database.Name)
			c.Require(!database.Disabled, where, "it is disabled; run ENABLE %s", database.Name)
			c.Note("%s is pooled by %s", database.Name, mode)
		}
	},
}

var poolQueue = judge.Checker{
	ID:       "pgbouncer-queue",
	Expected: "clients of PgBouncer get a connection at once",
	Needs:    []evidence.Name{evidence.PgBouncerPools.Name(), evidence.PgBouncerClients.Name()},
	Judge: func(c *judge.Case) {
		wait, percent := c.Duration("poolWait"), c.Number("clientsPercent")
		c.Expect("no client waits for a connection for more than %s, and no more than %.0f %% of the clients' limit is used", wait, percent)
		for _, pool := range judge.Read(c, evidence.PgBouncerPools) {
			where := "pool " + pool.Database + " of " + pool.User
			if pool.Waiting > 0 && pool.WaitSeconds > wait.Seconds() {
				c.FailWith(where, "raise the pool's size while max_connections allows it, or find what holds the connections",
					"%d clients wait, the first for %s", pool.Waiting, inSeconds(pool.WaitSeconds))
				continue
			}
			c.Saw()
		}
		use := judge.Read(c, evidence.PgBouncerClients)
		if use.Limit <= 0 {
			return
		}
		c.Require(100*float64(use.Clients) <= percent*float64(use.Limit), "PgBouncer", "%d of %d clients are connected", use.Clients, use.Limit)
		c.Note("%d of %d clients are connected and none waits for long", use.Clients, use.Limit)
	},
}

var poolLogins = judge.Checker{
	ID:       "pgbouncer-authentication",
	Expected: "nobody gets into PgBouncer without a password",
	Needs:    []evidence.Name{evidence.PgBouncerConfig.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("poolerAuthentication")
		c.Expect("PgBouncer's auth_type is one of %s", strings.Join(allowed, ", "))
		config := judge.Read(c, evidence.PgBouncerConfig)
		if config.AuthType == "" {
			return
		}
		c.Require(slices.Contains(allowed, config.AuthType), "pgbouncer.ini", "auth_type is %s", config.AuthType)
		c.Note("auth_type is %s", config.AuthType)
	},
}

var poolTLS = judge.Checker{
	ID:       "pgbouncer-server-tls",
	Expected: "PgBouncer speaks TLS to PostgreSQL and asks who it is",
	Needs:    []evidence.Name{evidence.PgBouncerConfig.Name()},
	Judge: func(c *judge.Case) {
		allowed := c.Texts("poolerTLS")
		c.Expect("PgBouncer's server_tls_sslmode is one of %s", strings.Join(allowed, ", "))
		config := judge.Read(c, evidence.PgBouncerConfig)
		if config.PoolMode == "" {
			return
		}
		c.Require(slices.Contains(allowed, config.ServerTLS), "pgbouncer.ini", "server_tls_sslmode is %s", or(config.ServerTLS, "not shown"))
		c.Note("server_tls_sslmode is %s", config.ServerTLS)
	},
}

var poolSizes = judge.Checker{
	ID:       "pgbouncer-pool-sizes",
	Expected: "PostgreSQL can take all the connections that PgBouncer may make",
	Needs:    []evidence.Name{evidence.PgBouncerConfig.Name(), evidence.PgBouncerDatabases.Name(), evidence.PgBouncerPools.Name(), evidence.PostgresSettings.Name()},
	Judge: func(c *judge.Case) {
		instances := c.Int("poolers")
		config := judge.Read(c, evidence.PgBouncerConfig)
		databases, pools := judge.Read(c, evidence.PgBouncerDatabases), judge.Read(c, evidence.PgBouncerPools)
		limit, known := leastConnections(judge.Read(c, evidence.PostgresSettings))
		if !known || config.PoolMode == "" || databases == nil {
			return
		}
		c.Expect("%d PgBouncers with full pools make no more than the %d connections that PostgreSQL has for logins, and take more clients than that", instances, limit)
		for server, most := range worst(config, databases, pools) {
			if most*instances > limit {
				c.FailWith("server "+server, "lower default_pool_size, reserve_pool_size or max_user_connections, or raise max_connections",
					"full pools of %d PgBouncers make %d connections, PostgreSQL takes %d", instances, most*instances, limit)
				continue
			}
			c.Saw()
			c.Note("full pools make %d of %d connections to %s", most*instances, limit, server)
		}
		c.Require(config.MaxClients > config.PoolSize, "pgbouncer.ini", "max_client_conn is %d with pools of %d: nothing is shared", config.MaxClients, config.PoolSize)
	},
}

// leastConnections is how many connections logins may have on the server that
// allows the fewest.
func leastConnections(all []evidence.PostgresSetting) (least int, known bool) {
	for _, set := range settingsOf(all) {
		most, err := strconv.Atoi(set["max_connections"])
		if err != nil {
			continue
		}
		for _, kept := range []string{"superuser_reserved_connections", "reserved_connections"} {
			reserved, _ := strconv.Atoi(set[kept])
			most -= reserved
		}
		if !known || most < least {
			least, known = most, true
		}
	}
	return least, known
}

// worst is how many connections full pools make to each server: a pool and its
// reserve for each pair of a database and a user that there has been, at least
// one user a database, within the limits a user and a database have.
func worst(config evidence.PgBouncerSettings, databases []evidence.PgBouncerDatabase, pools []evidence.PgBouncerPool) map[string]int {
	bound := func(n, limit int) int {
		if limit > 0 {
			return min(n, limit)
		}
		return n
	}
	byDatabase, byUser := map[string]int{}, map[string]map[string]int{}
	for _, database := range databases {
		reserve := database.ReserveSize
		if reserve == 0 {
			reserve = config.ReserveSize
		}
		var users []string
		for _, pool := range pools {
			if pool.Database == database.Name && !slices.Contains(users, pool.User) {
				users = append(users, pool.User)
			}
		}
		if len(users) == 0 {
			users = []string{"somebody"}
		}
		full := (database.PoolSize + reserve) * len(users)
		byDatabase[database.Server] += bound(bound(full, database.MaxConnections), config.MaxPerDatabase)
		if byUser[database.Server] == nil {
			byUser[database.Server] = map[string]int{}
		}
		for _, user := range users {
			byUser[database.Server][user] += database.PoolSize + reserve
		}
	}
	most := map[string]int{}
	for server, users := range byUser {
		for _, n := range users {
			most[server] += bound(n, config.MaxPerUser)
		}
		most[server] = min(most[server], byDatabase[server])
	}
	return most
}
