// Package data runs real data servers on loopback, for the sandbox and for
// tests, from the programs that this machine has installed: PostgreSQL alone
// ([InitPostgres]), and the portal's whole set as the guides describe it
// ([Stores]): a primary with replicas and an archive, PgBouncer, and a cluster
// of Redis or one that sentinels watch.
//
// Servers are values here; the sandbox starts and ends them. Tests start theirs
// through datatest, which ends them with the test binary.
package data

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"gatehouse/sandbox/process"
)

// Superuser owns a cluster of ours.
const Superuser = "postgres"

// Postgres is a PostgreSQL server on loopback that belongs to nobody else. The
// zero value is none: see [InitPostgres].
type Postgres struct {
	// Bin is the folder of the programs.
	Bin string
	// Dir holds the cluster's files and the log.
	Dir string
	// Port is where it listens on 127.0.0.1.
	Port int
	// Password is the superuser's; logins from loopback need one too.
	Password string

	owner owner
}

// Options change how a cluster is made; the zero value suits most.
type Options struct {
	// Settings are lines of postgresql.conf by name, over those that make a
	// server quick to start and safe to lose.
	Settings map[string]string
	// WALSegmentMiB is the size of a log segment, a power of two; 0 means 16.
	WALSegmentMiB int
}

// InitPostgres makes a cluster in dir, which must be empty or absent, and says
// how to start it. With root's rights the files go to the account postgres.
// Errors that wrap [ErrNotInstalled] mean that this machine cannot.
func InitPostgres(ctx context.Context, dir string, port int, o Options) (*Postgres, error) {
	bin, err := FindPostgres()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a PostgreSQL cluster: %w", err)
	}
	owner, err := findOwner()
	if err != nil {
		return nil, err
	}
	if err := owner.give(dir); err != nil {
		return nil, err
	}
	p := &Postgres{Bin: bin, Dir: dir, Port: port, Password: rand.Text(), owner: owner}
	if err := p.initdb(ctx, o); err != nil {
		return nil, fmt.Errorf("make a PostgreSQL cluster in %s: %w", dir, err)
	}
	return p, nil
}

func (p *Postgres) initdb(ctx context.Context, o Options) error {
	secret, err := os.CreateTemp("", "gatehouse-postgres-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(secret.Name()) }()
	defer secret.Close()
	if _, err := secret.WriteString(p.Password); err != nil {
		return err
	}
	if err := p.owner.give(secret.Name()); err != nil { // initdb reads it as the account
		return err
	}
	args := []string{
		"--pgdata=" + p.data(), "--username=" + Superuser, "--pwfile=" + secret.Name(),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
	}
	if o.WALSegmentMiB != 0 {
		args = append(args, "--wal-segsize="+strconv.Itoa(o.WALSegmentMiB))
	}
	c := p.owner.run(process.Command{Path: filepath.Join(p.Bin, "initdb"), Args: args})
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Dir = p.Dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	settings, err := os.OpenFile(filepath.Join(p.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer settings.Close()
	for name, value := range merge(quick(p.Port), o.Settings) {
		if _, err := fmt.Fprintf(settings, "%s = '%s'\n", name, strings.ReplaceAll(value, "'", "''")); err != nil {
			return err
		}
	}
	return nil
}

// quick are settings for a server whose data may be lost at a power cut.
func quick(port int) map[string]string {
	return map[string]string{
		"listen_addresses": process.Loopback, "port": strconv.Itoa(port), "unix_socket_directories": "",
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
		"shared_buffers": "16MB", "max_connections": "50", "wal_level": "replica", "max_wal_size": "128MB",
	}
}

func merge(base, over map[string]string) map[string]string {
	for name, value := range over {
		base[name] = value
	}
	return base
}

func (p *Postgres) data() string { return filepath.Join(p.Dir, "cluster") }

// Log is the file that the server's output goes to.
func (p *Postgres) Log() string { return filepath.Join(p.Dir, "postgres.log") }

// Command starts the server.
func (p *Postgres) Command() process.Command {
	return p.owner.run(process.Command{
		Path: filepath.Join(p.Bin, "postgres"), Args: []string{"-D", p.data()}, Log: p.Log(),
	})
}

// Healthy asks the server whether it takes connections.
func (p *Postgres) Healthy(ctx context.Context) error {
	ready := exec.CommandContext(ctx, filepath.Join(p.Bin, "pg_isready"), "--host="+process.Loopback, "--port="+strconv.Itoa(p.Port))
	if out, err := ready.CombinedOutput(); err != nil {
		return fmt.Errorf("PostgreSQL: %s: %w", strings.TrimSpace(string(out)), err)
	}
	return nil
}
