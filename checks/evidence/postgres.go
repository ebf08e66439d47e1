package evidence

// statistics is what it takes to see other logins' sessions and replicas.
const statistics = "member of pg_monitor"

// The queries of PostgreSQL. Those of one row are about the primary; the others
// say of which node a row is.
var (
	PostgresNodes       = Define[[]PostgresNode](Postgres, "nodes", "CONNECT on the database")
	PostgresSettings    = Define[[]PostgresSetting](Postgres, "settings", "member of pg_read_all_settings (pg_monitor has it)")
	PostgresReplication = Define[PostgresSenders](Postgres, "replication", statistics)
	PostgresReceivers   = Define[[]PostgresReceiver](Postgres, "receivers", statistics)
	PostgresArchiver    = Define[PostgresArchive](Postgres, "archiver")
	PostgresSessions    = Define[PostgresActivity](Postgres, "sessions", statistics)
	PostgresRoles       = Define[[]PostgresRole](Postgres, "roles")
	PostgresRules       = Define[[]PostgresRule](Postgres, "rules",
		"SELECT on pg_hba_file_rules", "EXECUTE on pg_hba_file_rules()")
	PostgresDatabases  = Define[[]PostgresDatabase](Postgres, "databases")
	PostgresExtensions = Define[[]PostgresExtension](Postgres, "extensions")
	PostgresTables     = Define[[]PostgresTable](Postgres, "tables")
	PostgresIndexes    = Define[PostgresIndexState](Postgres, "indexes")
	PostgresMigrations = Define[[]PostgresMigration](Postgres, "migrations",
		"CONNECT on Backstage's databases", "SELECT on their knex_migrations and knex_migrations_lock")
	PostgresCount = Define[PostgresTiming](Postgres, "count", "SELECT on plugins")
)

// PostgresNode is one server, as it presents itself to the login of the checks.
type PostgresNode struct {
	Address string `json:"address"`
	// Replica is whether the environment calls it a replica; InRecovery whether
	// it is one.
	Replica    bool `json:"replica"`
	InRecovery bool `json:"inRecovery"`
	// Version is server_version_num, 150004 for 15.4.
	Version int `json:"version"`
	// Managed is whether RDS runs it: the login rdsadmin is there.
	Managed bool `json:"managed"`
	// UptimeSeconds is how long it has been running.
	UptimeSeconds float64 `json:"uptimeSeconds"`
	// Login is the way in that the server asked of the checks: scram-sha-256,
	// md5, password, trust (it asked for nothing), or another's name.
	Login string `json:"login"`
	// TLS is the protocol of the session, "" for none.
	TLS string `json:"tls"`
	// Refused is set, with nothing else, when the node refused the connection:
	// nobody listens.
	Refused bool `json:"refused"`
}

// PostgresSetting is one setting of one node, as pg_settings has it: numbers in
// the unit of the setting. Settings that can hold a secret say only "set".
type PostgresSetting struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Value   string `json:"value"`
	// Pending is whether it differs in the files and waits for a restart.
	Pending bool `json:"pending"`
}

// PostgresSenders are the receivers of the primary's write-ahead log.
type PostgresSenders struct {
	// Expected counts the replicas that the environment names.
	Expected int              `json:"expected"`
	Senders  []PostgresSender `json:"senders"`
}

// PostgresSender is one row of pg_stat_replication.
type PostgresSender struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	// State is startup, catchup, streaming, backup or stopping.
	State string `json:"state"`
	// SyncState is async, potential, sync or quorum.
	SyncState string `json:"syncState"`
	// Physical is whether it replays the log: neither a backup, nor an archive,
	// nor a logical subscription.
	Physical bool `json:"physical"`
	// LagBytes is what it has not replayed yet.
	LagBytes int64 `json:"lagBytes"`
	// LagSeconds is the primary's own measure, 0 when it is idle.
	LagSeconds float64 `json:"lagSeconds"`
}

// PostgresReceiver is what a replica says of itself.
type PostgresReceiver struct {
	Address    string `json:"address"`
	InRecovery bool   `json:"inRecovery"`
	// Status is the receiver's: streaming when the log comes in, "" without a
	// receiver.
	Status string `json:"status"`
	Paused bool   `json:"paused"`
	// LagBytes is what was received and not replayed.
	LagBytes int64 `json:"lagBytes"`
	// LagSeconds is the age of what was replayed last, and 0 when all that had
	// come when the replica was first asked was replayed a moment later.
	LagSeconds float64 `json:"lagSeconds"`
}

// PostgresArchive is pg_stat_archiver with where the log stands.
type PostgresArchive struct {
	// InRecovery is whether the server that was asked is a replica.
	InRecovery bool `json:"inRecovery"`
	// Archived and Failed count since the statistics were reset.
	Archived int64 `json:"archived"`
	Failed   int64 `json:"failed"`
	// LastArchived and LastFailed name files, "" for none. Their ages are in
	// seconds by the server's clock.
	LastArchived        string  `json:"lastArchived"`
	ArchivedSecondsAgo  float64 `json:"archivedSecondsAgo"`
	LastFailed          string  `json:"lastFailed"`
	FailedSecondsAgo    float64 `json:"failedSecondsAgo"`
	Current             string  `json:"current"` // the segment that is being written
	SegmentBytes        int64   `json:"segmentBytes"`
	SinceStartupSeconds float64 `json:"sinceStartupSeconds"`
}

// PostgresActivity counts sessions of clients on the primary.
type PostgresActivity struct {
	Connections int `json:"connections"`
	// Limit is max_connections less those that are kept for administrators.
	Limit int `json:"limit"`
	// LongestQuerySeconds is the age of the oldest running statement of a
	// client, IdleInTransactionSeconds of the oldest idle transaction.
	LongestQuerySeconds      float64 `json:"longestQuerySeconds"`
	IdleInTransactionSeconds float64 `json:"idleInTransactionSeconds"`
	// Plain counts sessions over the network, other than loopback, without TLS.
	Plain int `json:"plain"`
	// Blocked counts sessions that wait for a lock.
	Blocked int `json:"blocked"`
}

// PostgresRole is a login or a group.
type PostgresRole struct {
	Name      string `json:"name"`
	Login     bool   `json:"login"`
	Superuser bool   `json:"superuser"`
	// Expired is whether its password's validity is over.
	Expired bool `json:"expired"`
}

// PostgresRule is one line of pg_hba.conf, in its order.
type PostgresRule struct {
	Line int `json:"line"`
	// Type is local, host, hostssl, hostnossl, hostgssenc or hostnogssenc.
	Type      string   `json:"type"`
	Databases []string `json:"databases"`
	Users     []string `json:"users"`
	Address   string   `json:"address"`
	Method    string   `json:"method"`
	// Error is why the line does not take effect.
	Error string `json:"error"`
}

// PostgresDatabase is one database of the primary.
type PostgresDatabase struct {
	Name string `json:"name"`
	// TransactionAge and MultixactAge say how far it is on its way to 2^31,
	// where PostgreSQL stops to take writes.
	TransactionAge int64 `json:"transactionAge"`
	MultixactAge   int64 `json:"multixactAge"`
}

// PostgresExtension is an extension of the portal's database.
type PostgresExtension struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// PostgresTable is one of the guide's tables, as the statistics know it.
type PostgresTable struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
	// Rows is an estimate of live rows, Changed of those that changed since the
	// planner's statistics were made.
	Rows    int64 `json:"rows"`
	Changed int64 `json:"changed"`
	// Analyzed is whether there are planner's statistics.
	Analyzed bool `json:"analyzed"`
}

// PostgresIndexState is how the indexes of the portal's database are.
type PostgresIndexState struct {
	Total int `json:"total"`
	// Invalid names those that nobody can use and nobody builds just now.
	Invalid []string `json:"invalid"`
}

// PostgresMigration is one table of knex in which migrations are noted.
type PostgresMigration struct {
	Database string `json:"database"`
	Schema   string `json:"schema"`
	Table    string `json:"table"`
	// Applied counts the migrations that have run.
	Applied int64 `json:"applied"`
	// Locked is whether a migration runs, or was cut off.
	Locked bool `json:"locked"`
}

// PostgresTiming is how long the guide's query took.
type PostgresTiming struct {
	// Table is schema.name, "" when it is not there.
	Table   string  `json:"table"`
	Rows    int64   `json:"rows"`
	Seconds float64 `json:"seconds"`
	// Cut is whether the query was stopped at its limit, which Seconds then is.
	Cut bool `json:"cut"`
}
