package data

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"gatehouse/sandbox/process"
)

// member is one PostgreSQL server of a primary with replicas.
type member struct {
	ground
	bin   string
	owner owner
	name  string
}

// PostgresServers are a primary, which archives its log, and two replicas that
// stream from it. Errors wrap [ErrNotInstalled].
func PostgresServers(o StoreOptions) ([]Server, error) {
	bin, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	owner, err := findOwner()
	if err != nil {
		return nil, err
	}
	primary := member{ground: newGround(o), bin: bin, owner: owner, name: PrimaryName}
	servers := []Server{primary.asServer(primary.prepare, primary.leads, primary.furnish)}
	for i := range replicas {
		replica := standby{primary: primary, member: primary}
		replica.name = ReplicaName(i + 1)
		server := replica.asServer(replica.prepare, replica.streams, replica.prove)
		server.After = []string{PrimaryName}
		servers = append(servers, server)
	}
	return servers, nil
}

func (m member) asServer(prepare, healthy, settle func(context.Context) error) Server {
	text := m.settings()
	return Server{
		Name: m.name, Port: m.name, Prepare: prepare, Healthy: healthy, Settle: settle,
		Command: m.owner.runInside(process.Command{
			Path: filepath.Join(m.bin, "postgres"), Args: []string{"-D", m.cluster(), "-c", "config_file=" + m.file("postgresql.conf")},
			Log: m.log(m.name),
			// Other settings make another command, so that the server is started again.
			Env: []string{"GATEHOUSE_SETTINGS=" + hash(text)},
		}),
	}
}

func (m member) port() int                  { return m.Ports[m.name] }
func (m member) file(name string) string    { return filepath.Join(m.folder(m.name), name) }
func (m member) cluster() string            { return m.file("cluster") }
func (m member) archive() string            { return filepath.Join(m.folder(PrimaryName), "archive") }
func (m member) program(name string) string { return filepath.Join(m.bin, name) }

// connect opens a connection of the superuser.
func (m member) connect(ctx context.Context, database string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", m.name, err)
	}
	config.Host, config.Port, config.Database, config.User = process.Loopback, uint16(m.port()), database, Superuser
	config.Fallbacks = nil
	if config.TLSConfig, err = m.certificates.client(); err != nil {
		return nil, err
	}
	if config.Password, err = readSecret(m.Dir, postgresSecret(Superuser)); err != nil {
		return nil, err
	}
	config.RuntimeParams = map[string]string{"application_name": "gatehouse-sandbox"}
	return pgx.ConnectConfig(ctx, config)
}

// ask runs a query of one row and scans it.
func (m member) ask(ctx context.Context, query string, into ...any) error {
	conn, err := m.connect(ctx, Superuser)
	if err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := conn.QueryRow(ctx, query).Scan(into...); err != nil {
		return fmt.Errorf("%s: %w", m.name, err)
	}
	return nil
}

// leads checks that the server takes writes.
func (m member) leads(ctx context.Context) error {
	var recovers bool
	if err := m.ask(ctx, "SELECT pg_is_in_recovery()", &recovers); err != nil {
		return err
	}
	if recovers {
		return fmt.Errorf("%s still recovers", m.name)
	}
	return nil
}

// prepare makes the primary, unless it is there and whole.
func (m member) prepare(ctx context.Context) error {
	if err := m.ground.prepare(postgresSecrets()...); err != nil {
		return err
	}
	if err := m.clear(ctx); err != nil {
		return err
	}
	secret, err := readSecret(m.Dir, postgresSecret(Superuser))
	if err != nil {
		return err
	}
	// A cluster that was made with another password is no use to anybody.
	mark := m.file("made-with")
	if made, _ := os.ReadFile(mark); m.identifier() == 0 || string(made) != hash(secret) {
		if err := os.RemoveAll(m.folder(m.name)); err != nil {
			return fmt.Errorf("make %s anew: %w", m.name, err)
		}
		if err := m.create(ctx); err != nil {
			return fmt.Errorf("make %s: %w", m.name, err)
		}
		if err := writeFile(mark, hash(secret)); err != nil {
			return err
		}
	}
	return m.configure()
}

// create runs initdb.
func (m member) create(ctx context.Context) error {
	if err := os.MkdirAll(m.archive(), 0o700); err != nil {
		return err
	}
	if err := m.owner.give(m.folder(m.name), m.archive()); err != nil {
		return err
	}
	return m.execute(ctx, "initdb", "--pgdata="+m.cluster(), "--username="+Superuser, "--pwfile="+secretFile(m.Dir, postgresSecret(Superuser)),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums", "--wal-segsize=1", "--no-sync", "--no-instructions")
}

// execute runs a program of PostgreSQL as the owner.
func (m member) execute(ctx context.Context, name string, args ...string) error {
	c := m.owner.runInside(process.Command{Path: m.program(name), Args: args})
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Dir = m.folder(m.name)
	cmd.Env = withoutPG(os.Environ())
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// withoutPG keeps the caller's own PostgreSQL settings out.
func withoutPG(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "PG") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// identifier is what a primary and its replicas have in common; 0 when there is
// no whole cluster of this version. It begins pg_control (PostgreSQL,
// src/include/catalog/pg_control.h).
func (m member) identifier() uint64 {
	version, err := os.ReadFile(filepath.Join(m.cluster(), "PG_VERSION"))
	if err != nil || !m.reads(strings.TrimSpace(string(version))) {
		return 0
	}
	control, err := os.ReadFile(filepath.Join(m.cluster(), "global", "pg_control"))
	if err != nil || len(control) < 8 {
		return 0
	}
	return binary.NativeEndian.Uint64(control)
}

// reads says whether these programs read clusters of a major version.
func (m member) reads(version string) bool {
	ours := major(m.bin)
	return ours == 0 || version == strconv.Itoa(ours)
}

// clear makes sure that nothing of an earlier run uses the cluster.
func (m member) clear(ctx context.Context) error {
	if err := awaitDetached(ctx, m.cluster()); err != nil {
		return fmt.Errorf("start %s: %w", m.name, err)
	}
	// Its process ID may belong to another server of the same owner by now.
	if err := os.Remove(filepath.Join(m.cluster(), "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("start %s: %w", m.name, err)
	}
	return nil
}
