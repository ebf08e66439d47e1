package postgres

import (
	"context"
	"time"

	"gatehouse/checks/evidence"
)

// A replica that has replayed no transaction yet counts from its start.
const receiversSQL = `
SELECT pg_is_in_recovery() AS in_recovery, coalesce(r.status, '') AS status,
       r.pid IS NOT NULL AND r.status IS NULL AS hidden,
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE false END AS paused,
       coalesce(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), 0)::bigint AS lag_bytes,
       extract(epoch FROM clock_timestamp() - coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))::float8 AS age,
       coalesce(pg_last_wal_receive_lsn()::text, '') AS received
FROM (VALUES (1)) once LEFT JOIN pg_stat_wal_receiver r ON true`

// Has all that had been received then been replayed by now?
const caughtUpSQL = `SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AS done`

// moment is how long a replica has to replay what it had when it was first
// asked: the age of the last transaction would otherwise count the time in
// which there simply was none.
const moment = time.Second

func (c *Collector) receivers() evidence.Reader {
	return evidence.Read(evidence.PostgresReceivers, statement(receiversSQL), func(ctx context.Context) ([]evidence.PostgresReceiver, error) {
		return each(c.replicas, func(n *node) ([]evidence.PostgresReceiver, error) {
			type row struct {
				evidence.PostgresReceiver
				Hidden   bool
				Age      float64
				Received string
			}
			found, err := one[row](ctx, n, receiversSQL)
			if err != nil {
				return nil, err
			}
			receiver := found.PostgresReceiver
			receiver.Address, receiver.LagBytes = n.address, max(receiver.LagBytes, 0)
			if receiver.LagBytes > 0 && !n.catchesUp(ctx, found.Received) {
				receiver.LagSeconds = max(found.Age, 0)
			}
			if found.Hidden {
				return nil, n.unseen("pg_stat_wal_receiver")
			}
			return []evidence.PostgresReceiver{receiver}, nil
		})
	})
}

// catchesUp waits a moment for a replica to replay the log up to a position.
func (n *node) catchesUp(ctx context.Context, position string) bool {
	ctx, cancel := context.WithTimeout(ctx, moment)
	defer cancel()
	for again := time.NewTicker(moment / 20); ; {
		found, err := one[struct{ Done bool }](ctx, n, caughtUpSQL, position)
		if err != nil || found.Done {
			again.Stop()
			return err == nil
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return false
		}
	}
}
