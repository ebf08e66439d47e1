package evidence

// console is what it takes to read PgBouncer's console.
const console = "name in stats_users or admin_users of pgbouncer.ini"

// The queries of PgBouncer's console.
var (
	PgBouncerConfig    = Define[PgBouncerSettings](PgBouncer, "config", console)
	PgBouncerDatabases = Define[[]PgBouncerDatabase](PgBouncer, "databases", console)
	PgBouncerPools     = Define[[]PgBouncerPool](PgBouncer, "pools", console)
	PgBouncerClients   = Define[PgBouncerUse](PgBouncer, "clients", console)
)

// PgBouncerSettings are settings of SHOW CONFIG; 0 stands for no limit.
type PgBouncerSettings struct {
	Version string `json:"version"`
	// AuthType is any, trust, plain, md5, scram-sha-256, cert, hba, pam or ldap.
	AuthType string `json:"authType"`
	// PoolMode is session, transaction or statement.
	PoolMode           string `json:"poolMode"`
	PoolSize           int    `json:"poolSize"`
	ReserveSize        int    `json:"reserveSize"`
	MaxClients         int    `json:"maxClients"`
	MaxPerDatabase     int    `json:"maxPerDatabase"`
	MaxPerUser         int    `json:"maxPerUser"`
	ServerTLS          string `json:"serverTls"`
	ClientTLS          string `json:"clientTls"`
	WaitTimeoutSeconds int    `json:"waitTimeoutSeconds"`
}

// PgBouncerDatabase is one of the names that clients may ask for.
type PgBouncerDatabase struct {
	Name string `json:"name"`
	// Server is host:port behind it.
	Server      string `json:"server"`
	PoolSize    int    `json:"poolSize"`
	ReserveSize int    `json:"reserveSize"`
	// PoolMode is its own, "" for the default.
	PoolMode string `json:"poolMode"`
	// MaxConnections to the server, 0 for no limit.
	MaxConnections int  `json:"maxConnections"`
	Paused         bool `json:"paused"`
	Disabled       bool `json:"disabled"`
}

// PgBouncerPool is one pair of a database and a user.
type PgBouncerPool struct {
	Database string `json:"database"`
	User     string `json:"user"`
	Active   int    `json:"active"`
	Waiting  int    `json:"waiting"`
	// WaitSeconds is how long the first in the queue has waited.
	WaitSeconds float64 `json:"waitSeconds"`
	// Servers counts connections to PostgreSQL.
	Servers int `json:"servers"`
}

// PgBouncerUse is how much of its clients' limit is used.
type PgBouncerUse struct {
	Clients int `json:"clients"`
	Limit   int `json:"limit"`
}
