package data

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"gatehouse/sandbox/process"
)

// standby is a replica. Nothing in it is its own, so that one that is broken, or
// further behind than the primary remembers, is made anew.
type standby struct {
	member
	primary member
}

// unproven is a file that is there from the preparation of a replica until it
// streams: one that did not come so far is not trusted.
func (s standby) unproven() string { return s.file("unproven") }

// prepare copies the primary, unless there is a copy that can go on.
func (s standby) prepare(ctx context.Context) error {
	if err := s.ground.prepare(postgresSecrets()...); err != nil {
		return err
	}
	if err := s.clear(ctx); err != nil {
		return err
	}
	conn, err := s.primary.connect(ctx, Superuser)
	if err != nil {
		return fmt.Errorf("prepare %s: ask the primary: %w", s.name, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	kept, err := slotKept(ctx, conn, slot(s.name))
	if err != nil {
		return fmt.Errorf("prepare %s: %w", s.name, err)
	}
	if !kept || exists(s.unproven()) || s.identifier() == 0 || s.identifier() != s.primary.identifier() {
		if err := s.copy(ctx, conn); err != nil {
			return fmt.Errorf("make %s: %w", s.name, err)
		}
	}
	if err := writeFile(s.unproven(), ""); err != nil {
		return err
	}
	return s.configure()
}

// slotKept says whether the primary keeps what the replica still needs.
func slotKept(ctx context.Context, conn *pgx.Conn, name string) (bool, error) {
	var kept bool
	err := conn.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_replication_slots WHERE slot_name = $1 AND wal_status IS DISTINCT FROM 'lost'`, name).Scan(&kept)
	return kept, err
}

// copy takes a base backup, with a slot that begins with it.
func (s standby) copy(ctx context.Context, conn *pgx.Conn) error {
	if err := os.RemoveAll(s.folder(s.name)); err != nil {
		return err
	}
	if err := os.MkdirAll(s.folder(s.name), 0o700); err != nil {
		return err
	}
	if err := s.owner.give(s.folder(s.name)); err != nil {
		return err
	}
	for _, statement := range []string{
		"SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = $1 AND active",
		"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1",
		"SELECT pg_create_physical_replication_slot($1, true)",
	} {
		if _, err := conn.Exec(ctx, statement, slot(s.name)); err != nil {
			return err
		}
	}
	if err := s.configure(); err != nil {
		return err
	}
	source := fmt.Sprintf("host=%s port=%d user=%s passfile='%s' sslmode=verify-full sslrootcert='%s'",
		process.Loopback, s.primary.port(), replicationUser, s.file("passfile"), s.file("ca.crt"))
	if err := s.execute(ctx, "pg_basebackup", "--dbname="+source, "--pgdata="+s.cluster(), "--slot="+slot(s.name),
		"--checkpoint=fast", "--wal-method=stream", "--no-sync", "--no-manifest"); err != nil {
		return err
	}
	signal := filepath.Join(s.cluster(), "standby.signal")
	if err := writeFile(signal, ""); err != nil {
		return err
	}
	return s.owner.give(signal)
}

// streams checks that the replica receives the primary's log.
func (s standby) streams(ctx context.Context) error {
	var receivers int
	if err := s.ask(ctx, "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'", &receivers); err != nil {
		return err
	}
	if receivers == 0 {
		return fmt.Errorf("%s does not stream from the primary", s.name)
	}
	return nil
}

// prove remembers that the replica works.
func (s standby) prove(context.Context) error {
	if err := os.Remove(s.unproven()); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("settle %s: %w", s.name, err)
	}
	return nil
}
