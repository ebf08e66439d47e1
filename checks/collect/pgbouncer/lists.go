package pgbouncer

import (
	"context"
	"net"
	"strconv"
	"strings"

	"gatehouse/checks/evidence"
)

// number reads a figure of the first of the columns that is there; text that is
// none counts as 0.
func (r row) number(columns ...string) int {
	for _, column := range columns {
		if text, there := r[column]; there {
			n, _ := strconv.Atoi(text)
			return n
		}
	}
	return 0
}

func (c *Collector) settings() evidence.Reader {
	return evidence.Read(evidence.PgBouncerConfig, "SHOW CONFIG; SHOW VERSION", func(ctx context.Context) (evidence.PgBouncerSettings, error) {
		list, err := c.show(ctx, "CONFIG")
		if err != nil {
			return evidence.PgBouncerSettings{}, err
		}
		all := row{}
		for _, each := range list {
			all[each["key"]] = each["value"]
		}
		settings := evidence.PgBouncerSettings{
			AuthType: all["auth_type"], PoolMode: all["pool_mode"],
			PoolSize: all.number("default_pool_size"), ReserveSize: all.number("reserve_pool_size"),
			MaxClients: all.number("max_client_conn"), MaxPerDatabase: all.number("max_db_connections"), MaxPerUser: all.number("max_user_connections"),
			ServerTLS: all["server_tls_sslmode"], ClientTLS: all["client_tls_sslmode"], WaitTimeoutSeconds: all.number("query_wait_timeout"),
		}
		if settings.PoolMode == "" || settings.AuthType == "" {
			return settings, evidence.Problem{Kind: evidence.Invalid, Message: c.address + " shows a configuration without pool_mode and auth_type"}
		}
		version, err := c.show(ctx, "VERSION")
		if len(version) > 0 {
			settings.Version = strings.TrimPrefix(version[0]["version"], "PgBouncer ")
		}
		return settings, err
	})
}

func (c *Collector) databases() evidence.Reader {
	return evidence.Read(evidence.PgBouncerDatabases, "SHOW DATABASES", func(ctx context.Context) ([]evidence.PgBouncerDatabase, error) {
		list, err := c.show(ctx, "DATABASES")
		found := []evidence.PgBouncerDatabase{}
		for _, each := range list {
			if each["name"] == console {
				continue // the console itself has no server
			}
			found = append(found, evidence.PgBouncerDatabase{
				Name: each["name"], Server: net.JoinHostPort(each["host"], each["port"]),
				PoolSize: each.number("pool_size"), ReserveSize: each.number("reserve_pool_size", "reserve_pool"),
				PoolMode: each["pool_mode"], MaxConnections: each.number("max_connections"),
				Paused: each["paused"] == "1", Disabled: each["disabled"] == "1",
			})
		}
		return found, err
	})
}

func (c *Collector) pools() evidence.Reader {
	return evidence.Read(evidence.PgBouncerPools, "SHOW POOLS", func(ctx context.Context) ([]evidence.PgBouncerPool, error) {
		list, err := c.show(ctx, "POOLS")
		found := []evidence.PgBouncerPool{}
		for _, each := range list {
			if each["database"] == console {
				continue
			}
			found = append(found, evidence.PgBouncerPool{
				Database: each["database"], User: each["user"], Active: each.number("cl_active"), Waiting: each.number("cl_waiting"),
				WaitSeconds: float64(each.number("maxwait")) + float64(each.number("maxwait_us"))/1e6,
				Servers:     each.number("sv_active") + each.number("sv_idle") + each.number("sv_used") + each.number("sv_tested") + each.number("sv_login"),
			})
		}
		return found, err
	})
}

func (c *Collector) clients() evidence.Reader {
	return evidence.Read(evidence.PgBouncerClients, "SHOW LISTS; SHOW CONFIG", func(ctx context.Context) (evidence.PgBouncerUse, error) {
		lists, err := c.show(ctx, "LISTS")
		if err != nil {
			return evidence.PgBouncerUse{}, err
		}
		use := evidence.PgBouncerUse{}
		for _, each := range lists {
			if each["list"] == "used_clients" {
				use.Clients = each.number("items")
			}
		}
		config, err := c.show(ctx, "CONFIG")
		for _, each := range config {
			if each["key"] == "max_client_conn" {
				use.Limit = each.number("value")
			}
		}
		return use, err
	})
}
