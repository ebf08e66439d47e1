package postgres

import (
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// parameter is one setting of PostgreSQL.
type parameter struct {
	name, value string
	// static settings take effect at the next restart; RDS refuses to apply
	// them at once.
	static bool
}

// commonParameters hold for the primary and the replicas alike (readiness
// guide, Database Systems: monitoring; Security: TLS).
func commonParameters(args Args) []parameter {
	return []parameter{
		{name: "rds.force_ssl", value: "1"},
		{name: "ssl_min_protocol_version", value: "TLSv1.2"},
		{name: "password_encryption", value: "scram-sha-256"},
		{name: "shared_preload_libraries", value: "pg_stat_statements", static: true},
		{name: "pg_stat_statements.track", value: "all"},
		{name: "track_activity_query_size", value: "4096", static: true},
		{name: "track_io_timing", value: "1"},
		{name: "log_min_duration_statement", value: strconv.Itoa(args.SlowQueryMillis)},
		{name: "log_connections", value: "1"},
		{name: "log_disconnections", value: "1"},
		{name: "log_lock_waits", value: "1"},
		{name: "log_temp_files", value: "10240"}, // kB: those that hint at too little work_mem
		{name: "log_autovacuum_min_duration", value: "10000"},
	}
}

func primaryParameters(args Args) []parameter {
	return append(commonParameters(args),
		// Changes of the schema and of rights are an audit trail.
		parameter{name: "log_statement", value: "ddl"},
		// A session that holds locks and does nothing blocks everyone else.
		parameter{name: "idle_in_transaction_session_timeout", value: "300000"},
	)
}

func replicaParameters(args Args) []parameter {
	return append(commonParameters(args),
		// Without it long reports on a replica are cancelled by the primary's vacuum.
		parameter{name: "hot_standby_feedback", value: "1"},
	)
}

// newParameterGroup makes a group whose logical name holds the family: a
// new major version makes a group beside the old one, instances move to it,
// and then the old one goes. A group cannot change its family, and one in use
// cannot be deleted.
func newParameterGroup(ctx *pulumi.Context, name string, version Version, parameters []parameter, child pulumi.ResourceOption) (*rds.ParameterGroup, error) {
	settings := rds.ParameterGroupParameterArray{}
	for _, p := range parameters {
		method := "immediate"
		if p.static {
			method = "pending-reboot"
		}
		settings = append(settings, rds.ParameterGroupParameterArgs{
			Name: pulumi.String(p.name), Value: pulumi.String(p.value), ApplyMethod: pulumi.String(method),
		})
	}
	return rds.NewParameterGroup(ctx, name+"-"+version.family(), &rds.ParameterGroupArgs{
		Description: pulumi.String("settings of " + name),
		Family:      pulumi.String(version.family()),
		Parameters:  settings,
	}, child)
}
