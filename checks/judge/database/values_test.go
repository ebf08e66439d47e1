package database_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/database"
	"gatehouse/report/readiness"
)

// judged is the verdict of one checker on values.
func judged(t *testing.T, id string, facts evidence.Facts, over judge.Thresholds) readiness.Judgement {
	t.Helper()
	return checkstest.Over(t, database.Checkers(), id, judge.Environment{Now: time.Unix(0, 0)}, thresholds(t).With(over), facts)
}

func TestPartialEvidenceFailsButNeverPasses(t *testing.T) {
	down := evidence.Problem{Kind: evidence.Unreachable, Message: "b cannot be asked"}
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a", Version: 150004}}, down)
	require.Equal(t, readiness.Unknown, judged(t, "postgres-version", facts, nil).Verdict)
	require.Equal(t, readiness.Unknown, judged(t, "postgres-reachable", facts, nil).Verdict)
	require.Equal(t, readiness.Fail, judged(t, "postgres-version", facts, judge.Thresholds{"version": 16}).Verdict)
}

func TestVersions(t *testing.T) {
	for name, c := range map[string]struct {
		nodes []evidence.PostgresNode
		want  readiness.Verdict
	}{
		"none":             {nil, readiness.Unknown},
		"just enough":      {[]evidence.PostgresNode{{Address: "a", Version: 150000}}, readiness.Pass},
		"one too little":   {[]evidence.PostgresNode{{Address: "a", Version: 140999}}, readiness.Fail},
		"replica is newer": {[]evidence.PostgresNode{{Address: "a", Version: 150004}, {Address: "b", Replica: true, Version: 160001}}, readiness.Fail},
		"refused":          {[]evidence.PostgresNode{{Address: "a", Version: 150004}, {Address: "b", Replica: true, Refused: true}}, readiness.Unknown},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PostgresNodes, c.nodes)
		require.Equal(t, c.want, judged(t, "postgres-version", facts, nil).Verdict, name)
	}
}

func TestReplicas(t *testing.T) {
	good := evidence.PostgresSender{Name: "r", State: "streaming", Physical: true}
	for name, c := range map[string]struct {
		senders evidence.PostgresSenders
		want    readiness.Verdict
	}{
		"two":              {evidence.PostgresSenders{Senders: []evidence.PostgresSender{good, good}}, readiness.Pass},
		"none":             {evidence.PostgresSenders{}, readiness.Fail},
		"one catches up":   {evidence.PostgresSenders{Senders: []evidence.PostgresSender{good, {State: "catchup", Physical: true}}}, readiness.Fail},
		"one is a backup":  {evidence.PostgresSenders{Senders: []evidence.PostgresSender{good, {State: "streaming"}}}, readiness.Fail},
		"three were named": {evidence.PostgresSenders{Expected: 3, Senders: []evidence.PostgresSender{good, good}}, readiness.Fail},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a"}})
		evidence.Fix(facts, evidence.PostgresReplication, c.senders)
		evidence.Fix(facts, evidence.PostgresReceivers, nil)
		j := judged(t, "postgres-replicas-stream", facts, nil)
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}

func TestTwoPrimariesFail(t *testing.T) {
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a"}, {Address: "b", Replica: true}})
	evidence.Fix(facts, evidence.PostgresReplication, evidence.PostgresSenders{})
	evidence.Fix(facts, evidence.PostgresReceivers, nil)
	require.Contains(t, judged(t, "postgres-replicas-stream", facts, judge.Thresholds{"replicas": 0}).Found, "takes writes of its own")
}

func TestLag(t *testing.T) {
	for name, c := range map[string]struct {
		receiver evidence.PostgresReceiver
		want     readiness.Verdict
	}{
		"at the limit": {evidence.PostgresReceiver{InRecovery: true, LagSeconds: 30}, readiness.Pass},
		"over it":      {evidence.PostgresReceiver{InRecovery: true, LagSeconds: 30.1}, readiness.Fail},
		"paused":       {evidence.PostgresReceiver{InRecovery: true, Paused: true}, readiness.Fail},
		"promoted":     {evidence.PostgresReceiver{}, readiness.Fail},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PostgresReplication, evidence.PostgresSenders{})
		evidence.Fix(facts, evidence.PostgresReceivers, []evidence.PostgresReceiver{c.receiver})
		require.Equal(t, c.want, judged(t, "postgres-replica-lag", facts, nil).Verdict, name)
	}
}

func TestArchiving(t *testing.T) {
	const file, over, later = "0000000100000001000000FE", "000000010000000200000000", "000000010000000200000009"
	good := evidence.PostgresArchive{LastArchived: file, ArchivedSecondsAgo: 3600, Current: "0000000100000001000000FF", SegmentBytes: 16 << 20}
	with := func(change func(*evidence.PostgresArchive)) evidence.PostgresArchive {
		a := good
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		archive evidence.PostgresArchive
		set     map[string]string
		want    readiness.Verdict
	}{
		"quiet for an hour":         {archive: good, want: readiness.Pass},
		"a label of a backup":       {archive: with(func(a *evidence.PostgresArchive) { a.LastArchived = file + ".00000028.backup" }), want: readiness.Pass},
		"failed and then archived":  {archive: with(func(a *evidence.PostgresArchive) { a.LastFailed, a.FailedSecondsAgo = file, 3601 }), want: readiness.Pass},
		"failed since":              {archive: with(func(a *evidence.PostgresArchive) { a.LastFailed, a.FailedSecondsAgo = file, 3599 }), want: readiness.Fail},
		"never":                     {archive: with(func(a *evidence.PostgresArchive) { a.LastArchived = "" }), want: readiness.Fail},
		"one waits for a moment":    {archive: with(func(a *evidence.PostgresArchive) { a.Current, a.ArchivedSecondsAgo = over, 5 }), want: readiness.Pass},
		"one waits for too long":    {archive: with(func(a *evidence.PostgresArchive) { a.Current = over }), want: readiness.Fail},
		"many wait":                 {archive: with(func(a *evidence.PostgresArchive) { a.Current, a.ArchivedSecondsAgo = later, 1 }), want: readiness.Fail},
		"a history file":            {archive: with(func(a *evidence.PostgresArchive) { a.LastArchived = "00000002.history" }), want: readiness.Unknown},
		"archive_mode off":          {archive: good, set: map[string]string{"archive_mode": "off"}, want: readiness.Fail},
		"no command":                {archive: good, set: map[string]string{"archive_command": ""}, want: readiness.Fail},
		"a library instead":         {archive: good, set: map[string]string{"archive_command": "", "archive_library": "set"}, want: readiness.Pass},
		"no time limit":             {archive: good, set: map[string]string{"archive_timeout": "0"}, want: readiness.Fail},
		"a time limit that is long": {archive: good, set: map[string]string{"archive_timeout": "901"}, want: readiness.Fail},
	} {
		set := map[string]string{"archive_mode": "on", "archive_command": "set", "archive_timeout": "900"}
		maps.Copy(set, c.set)
		var all []evidence.PostgresSetting
		for name, value := range set {
			all = append(all, evidence.PostgresSetting{Address: "a", Name: name, Value: value})
		}
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a"}})
		evidence.Fix(facts, evidence.PostgresSettings, all)
		evidence.Fix(facts, evidence.PostgresArchiver, c.archive)
		j := judged(t, "postgres-archiving", facts, nil)
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}

func TestRDSArchivesItself(t *testing.T) {
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a", Managed: true}})
	require.Equal(t, readiness.NotApplicable, judged(t, "postgres-archiving", facts, nil).Verdict)
}

func TestPasswords(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "no"}
	for name, c := range map[string]struct {
		node     evidence.PostgresNode
		rules    []evidence.PostgresRule
		problems []evidence.Problem
		want     readiness.Verdict
	}{
		"rules shown":     {node: evidence.PostgresNode{Login: "scram-sha-256"}, rules: []evidence.PostgresRule{{Method: "scram-sha-256"}, {Method: "peer"}}, want: readiness.Pass},
		"rules hidden":    {node: evidence.PostgresNode{Login: "scram-sha-256"}, problems: []evidence.Problem{denied}, want: readiness.Unknown},
		"RDS hides them":  {node: evidence.PostgresNode{Login: "scram-sha-256", Managed: true}, problems: []evidence.Problem{denied}, want: readiness.Pass},
		"md5 for us":      {node: evidence.PostgresNode{Login: "md5", Managed: true}, problems: []evidence.Problem{denied}, want: readiness.Fail},
		"trust for us":    {node: evidence.PostgresNode{Login: "trust"}, want: readiness.Fail},
		"md5 for others":  {node: evidence.PostgresNode{Login: "scram-sha-256"}, rules: []evidence.PostgresRule{{Method: "md5"}}, want: readiness.Fail},
		"a broken line":   {node: evidence.PostgresNode{Login: "scram-sha-256"}, rules: []evidence.PostgresRule{{Error: "invalid"}}, want: readiness.Fail},
		"nothing unheard": {node: evidence.PostgresNode{}, want: readiness.Fail},
	} {
		facts := evidence.Facts{}
		c.node.Address = "a"
		evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{c.node})
		evidence.Fix(facts, evidence.PostgresSettings, []evidence.PostgresSetting{{Address: "a", Name: "password_encryption", Value: "scram-sha-256"}})
		evidence.Fix(facts, evidence.PostgresRules, c.rules, c.problems...)
		j := judged(t, "postgres-passwords", facts, nil)
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}

func TestHiddenSettingsAreNoFailure(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "hidden"}
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.PostgresNodes, []evidence.PostgresNode{{Address: "a", TLS: "TLS 1.3"}})
	evidence.Fix(facts, evidence.PostgresSettings, []evidence.PostgresSetting{{Address: "a", Name: "ssl", Value: "on"}}, denied)
	evidence.Fix(facts, evidence.PostgresSessions, evidence.PostgresActivity{Limit: 10})
	require.Equal(t, readiness.Unknown, judged(t, "postgres-tls", facts, nil).Verdict)
	evidence.Fix(facts, evidence.PostgresSessions, evidence.PostgresActivity{Limit: 10, Plain: 1})
	require.Equal(t, readiness.Fail, judged(t, "postgres-tls", facts, nil).Verdict, "what is seen counts all the same")
}

func TestPoolSizes(t *testing.T) {
	database := evidence.PgBouncerDatabase{Name: "portal", Server: "s", PoolSize: 20, ReserveSize: 5}
	pools := []evidence.PgBouncerPool{{Database: "portal", User: "a"}, {Database: "portal", User: "b"}}
	for name, c := range map[string]struct {
		config   evidence.PgBouncerSettings
		database evidence.PgBouncerDatabase
		poolers  int
		want     readiness.Verdict
	}{
		"two users, two poolers": {evidence.PgBouncerSettings{PoolMode: "transaction", MaxClients: 500}, database, 2, readiness.Fail}, // 2 × 2 × 25 = 100 > 97
		"one pooler":             {evidence.PgBouncerSettings{PoolMode: "transaction", MaxClients: 500}, database, 1, readiness.Pass},
		"users are bounded":      {evidence.PgBouncerSettings{PoolMode: "transaction", MaxClients: 500, MaxPerUser: 20}, database, 2, readiness.Pass},
		"databases are bounded":  {evidence.PgBouncerSettings{PoolMode: "transaction", MaxClients: 500, MaxPerDatabase: 40}, database, 2, readiness.Pass},
		"nothing is shared":      {evidence.PgBouncerSettings{PoolMode: "transaction", MaxClients: 20, PoolSize: 20}, database, 1, readiness.Fail},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PgBouncerConfig, c.config)
		evidence.Fix(facts, evidence.PgBouncerDatabases, []evidence.PgBouncerDatabase{c.database})
		evidence.Fix(facts, evidence.PgBouncerPools, pools)
		evidence.Fix(facts, evidence.PostgresSettings, []evidence.PostgresSetting{
			{Address: "a", Name: "max_connections", Value: "100"}, {Address: "a", Name: "superuser_reserved_connections", Value: "3"},
		})
		j := judged(t, "pgbouncer-pool-sizes", facts, judge.Thresholds{"poolers": c.poolers})
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}

func TestQueueForgivesAMoment(t *testing.T) {
	facts := evidence.Facts{}
	evidence.Fix(facts, evidence.PgBouncerClients, evidence.PgBouncerUse{Clients: 80, Limit: 100})
	for waited, want := range map[float64]readiness.Verdict{0.5: readiness.Pass, 0.6: readiness.Fail} {
		evidence.Fix(facts, evidence.PgBouncerPools, []evidence.PgBouncerPool{{Database: "portal", Waiting: 3, WaitSeconds: waited}})
		require.Equal(t, want, judged(t, "pgbouncer-queue", facts, nil).Verdict, waited)
	}
	evidence.Fix(facts, evidence.PgBouncerPools, nil)
	evidence.Fix(facts, evidence.PgBouncerClients, evidence.PgBouncerUse{Clients: 81, Limit: 100})
	require.Equal(t, readiness.Fail, judged(t, "pgbouncer-queue", facts, nil).Verdict)
}

func TestMigrations(t *testing.T) {
	one := evidence.PostgresMigration{Database: "portal", Table: "knex_migrations", Applied: 2}
	two := evidence.PostgresMigration{Database: "catalog", Table: "knex_migrations", Applied: 1}
	denied := evidence.Problem{Kind: evidence.Denied, Message: "no"}
	for name, c := range map[string]struct {
		found    []evidence.PostgresMigration
		problems []evidence.Problem
		want     readiness.Verdict
	}{
		"both":             {[]evidence.PostgresMigration{one, two}, nil, readiness.Pass},
		"none":             {nil, nil, readiness.Fail},
		"one is missing":   {[]evidence.PostgresMigration{one}, nil, readiness.Fail},
		"one is hidden":    {[]evidence.PostgresMigration{one}, []evidence.Problem{denied}, readiness.Unknown},
		"one has not run":  {[]evidence.PostgresMigration{one, {Database: "catalog"}}, nil, readiness.Fail},
		"a lock is enough": {[]evidence.PostgresMigration{{Database: "portal", Applied: 2, Locked: true}}, []evidence.Problem{denied}, readiness.Fail},
	} {
		facts := evidence.Facts{}
		evidence.Fix(facts, evidence.PostgresMigrations, c.found, c.problems...)
		j := judged(t, "migrations-applied", facts, nil)
		require.Equal(t, c.want, j.Verdict, "%s: %s", name, j.Found)
	}
}
