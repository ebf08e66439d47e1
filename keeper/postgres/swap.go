package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// RestoredName is what a restored database is called until it takes the live
// one's place, BeforeName what the replaced one is called afterwards.
func RestoredName(database string, now time.Time) string {
	return stamped(database, restoredInfix, now)
}

// BeforeName is what a replaced database is called.
func BeforeName(database string, now time.Time) string { return stamped(database, beforeInfix, now) }

// stamped cuts the database's name so that PostgreSQL does not cut the stamp.
func stamped(database, infix string, now time.Time) string {
	stamp := infix + now.UTC().Format(stampLayout)
	const limit = 63 // bytes, NAMEDATALEN - 1
	return database[:min(len(database), limit-len(stamp))] + stamp
}

// Swap is one database that takes another's place.
type Swap struct {
	// Live is the name that applications know, Restored the database that gets
	// it, and Before what the one that had it is called then. There need not be
	// one.
	Live, Restored, Before string
}

// SwapAll gives all restored databases their live names, or none of them. It
// ends every session in the live ones and lets nobody in meanwhile. When it
// fails, the live ones are open again and as they were.
func (s Server) SwapAll(ctx context.Context, swaps []Swap) (err error) {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	var closed []string
	defer func() {
		if err == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		for _, name := range closed {
			err = errors.Join(err, s.allowConnections(ctx, name, true))
		}
	}()
	for _, swap := range swaps {
		there, err := exists(ctx, conn, swap.Live)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		closed = append(closed, swap.Live)
		if err := s.allowConnections(ctx, swap.Live, false); err != nil {
			return err
		}
		if err := endSessions(ctx, conn, swap.Live); err != nil {
			return err
		}
	}
	return renameAll(ctx, conn, swaps)
}

func renameAll(ctx context.Context, conn *pgx.Conn, swaps []Swap) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("swap databases: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	for _, swap := range swaps {
		there, err := exists(ctx, tx, swap.Live)
		if err != nil {
			return err
		}
		if there {
			if err := rename(ctx, tx, swap.Live, swap.Before); err != nil {
				return err
			}
		}
		if err := rename(ctx, tx, swap.Restored, swap.Live); err != nil {
			return err
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("swap databases: %w", err)
	}
	return nil
}

func rename(ctx context.Context, tx pgx.Tx, from, to string) error {
	if _, err := tx.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", quoteName(from), quoteName(to))); err != nil {
		return fmt.Errorf("rename database %s to %s: %w", from, to, err)
	}
	return nil
}

func (s Server) allowConnections(ctx context.Context, name string, allow bool) error {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if _, err := conn.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s ALLOW_CONNECTIONS %t", quoteName(name), allow)); err != nil {
		return fmt.Errorf("set whether database %s may be connected to: %w", name, err)
	}
	return nil
}

// endSessions ends the sessions in a database and waits until they are gone.
func endSessions(ctx context.Context, conn *pgx.Conn, name string) error {
	for range 50 {
		var sessions int
		err := conn.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1`, name).Scan(&sessions)
		if err != nil {
			return fmt.Errorf("end the sessions in %s: %w", name, err)
		}
		if sessions == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("end the sessions in %s: %w", name, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
	return fmt.Errorf("end the sessions in %s: some are still there after 10 s", name)
}

func exists(ctx context.Context, q interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}, database string,
) (there bool, err error) {
	if err := q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, database).Scan(&there); err != nil {
		return false, fmt.Errorf("look for database %s: %w", database, err)
	}
	return there, nil
}

// recoveryLock is the advisory lock of recoveries on one server.
const recoveryLock = 0x6b65657065720001

// LockRecovery makes sure that one recovery runs at a time; the lock goes with
// the session, so that a killed run leaves none.
func (s Server) LockRecovery(ctx context.Context) (release func(), err error) {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return nil, err
	}
	var got bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(recoveryLock)).Scan(&got); err != nil {
		closeConn(ctx, conn)
		return nil, fmt.Errorf("lock the recovery: %w", err)
	}
	if !got {
		closeConn(ctx, conn)
		return nil, fmt.Errorf("lock the recovery: another recovery of %s is running; wait for it", s)
	}
	return func() { closeConn(ctx, conn) }, nil
}
