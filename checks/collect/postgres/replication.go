package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

// A backup or an archive reports no position that it has replayed, and a
// logical subscription holds a logical slot. Whoever may not see the columns
// gets rows of NULLs (PostgreSQL, "pg_stat_replication").
const replicationSQL = `
SELECT coalesce(r.application_name, '')::text AS name, coalesce(host(r.client_addr), '') AS address,
       coalesce(r.state, '') AS state, coalesce(r.sync_state, '') AS sync_state,
       r.replay_lsn IS NOT NULL AND coalesce(s.slot_type, 'physical') = 'physical' AS physical,
       coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, r.replay_lsn), 0)::bigint AS lag_bytes,
       coalesce(extract(epoch FROM r.replay_lag), 0)::float8 AS lag_seconds
FROM pg_stat_replication r LEFT JOIN pg_replication_slots s ON s.active_pid = r.pid
ORDER BY r.client_addr, r.pid`

func (c *Collector) replication() evidence.Reader {
	return evidence.Read(evidence.PostgresReplication, statement(replicationSQL), func(ctx context.Context) (evidence.PostgresSenders, error) {
		found, err := query[evidence.PostgresSender](ctx, c.primary, replicationSQL)
		senders := evidence.PostgresSenders{Expected: len(c.replicas), Senders: found}
		if err != nil {
			return senders, err
		}
		for _, sender := range found {
			if sender.State == "" {
				return evidence.PostgresSenders{Expected: len(c.replicas)}, c.primary.unseen("pg_stat_replication")
			}
		}
		return senders, nil
	})
}

// unseen is the problem of a view whose columns are hidden.
func (n *node) unseen(view string) evidence.Problem {
	return evidence.Problem{Kind: evidence.Denied, Message: n.address + " hides the columns of " + view + " from " + n.config.User}
}
