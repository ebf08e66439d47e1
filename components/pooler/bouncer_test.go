package pooler

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/process"
)

// newer are settings that Debian's PgBouncer (1.18) does not know yet, by the
// minor version that brought them. They are left out for an older one and so
// not proved there. The same goes for a list of hosts with their names
// verified: until 1.25 PgBouncer looked for the whole list in the certificate.
var newer = map[string]int{"max_prepared_statements": 21}

const verifiesLists = 25

// bouncer is a PgBouncer that runs.
type bouncer struct {
	bin, dir string
	port     int
	login    *user.User
	database *data.Postgres
}

// start runs PgBouncer with the rendered file before a PostgreSQL whose
// certificate is for the name host.
func start(t *testing.T, host string) bouncer {
	t.Helper()
	bin, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("needs PgBouncer; install the package pgbouncer")
	}
	dir, err := os.MkdirTemp("", "gatehouse-pgbouncer-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	b := bouncer{bin: bin, dir: dir, login: account(t)}
	certificate, key := b.certificate(t, host)
	b.database, _ = datatest.OwnPostgres(t, data.Options{Settings: map[string]string{
		"ssl": "on", "ssl_cert_file": certificate, "ssl_key_file": key,
	}})
	b.sql(t, "CREATE ROLE portal LOGIN PASSWORD 'hush'", "CREATE DATABASE portal OWNER portal", "CREATE DATABASE backstage_plugin_catalog OWNER portal")
	b.port, err = process.FreePort()
	require.NoError(t, err)
	b.run(t, certificate)
	return b
}

// account is who PgBouncer runs as: it refuses root.
func account(t *testing.T) *user.User {
	t.Helper()
	name := "postgres"
	if os.Getuid() != 0 {
		me, err := user.Current()
		require.NoError(t, err)
		name = me.Username
	}
	found, err := user.Lookup(name)
	if err != nil {
		t.Skipf("PgBouncer refuses root, and there is no user %s to run it as", name)
	}
	return found
}

// write makes a file that the account owns alone.
func (b bouncer) write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(b.dir, name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	b.give(t, path)
	return path
}

func (b bouncer) give(t *testing.T, path string) {
	t.Helper()
	uid, _ := strconv.Atoi(b.login.Uid)
	gid, _ := strconv.Atoi(b.login.Gid)
	require.NoError(t, os.Chown(path, uid, gid))
}

// certificate makes one for the name host that is its own authority.
func (b bouncer) certificate(t *testing.T, host string) (certificate, key string) {
	t.Helper()
	b.give(t, b.dir)
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, DNSNames: []string{host},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return b.write(t, "server.crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		b.write(t, "server.key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

// sql runs statements as the superuser, past PgBouncer.
func (b bouncer) sql(t *testing.T, statements ...string) {
	t.Helper()
	url := fmt.Sprintf("postgres://%s:%s@%s/postgres", data.Superuser, b.database.Password, process.Address(b.database.Port))
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
}

func (b bouncer) run(t *testing.T, ca string) {
	t.Helper()
	address := net.JoinHostPort("localhost", strconv.Itoa(b.database.Port))
	readers := []string{address}
	if b.minor(t) >= verifiesLists {
		readers = append(readers, address)
	}
	text, err := render(settings{
		primary: address, readers: readers, database: "portal",
		pool: Pool{Mode: Transaction, Size: 2, Reserve: 1, MaxClients: 20},
		port: b.port, ca: ca, users: b.write(t, "userlist.txt", []byte("\"portal\" \"hush\"\n\"monitor\" \"whisper\"\n")), sockets: b.dir,
	})
	require.NoError(t, err)
	for name, minor := range newer {
		if b.minor(t) < minor {
			t.Logf("left out for PgBouncer 1.%d: %s", b.minor(t), name)
			text = without(text, name)
		}
	}
	log, err := os.Create(filepath.Join(b.dir, "log"))
	require.NoError(t, err)
	defer log.Close()
	cmd := b.as(b.bin, b.write(t, "pgbouncer.ini", []byte(text)))
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", process.Address(b.port))
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, 10*time.Second, 20*time.Millisecond, "PgBouncer takes no connection: %s", process.Tail(log.Name()))
	said, err := os.ReadFile(log.Name())
	require.NoError(t, err)
	for _, complaint := range []string{"WARNING", "ERROR", "unknown parameter"} {
		require.NotContains(t, string(said), complaint, "PgBouncer accepts every line")
	}
}

// as makes a command that runs as the account.
func (b bouncer) as(path string, args ...string) *exec.Cmd {
	if os.Getuid() == 0 {
		args = append([]string{"--reuid=" + b.login.Uid, "--regid=" + b.login.Gid, "--clear-groups", "--", path}, args...)
		path = "setpriv"
	}
	return exec.Command(path, args...)
}

// minor is PgBouncer's: 18 of 1.18.0.
func (b bouncer) minor(t *testing.T) int {
	t.Helper()
	out, err := exec.Command(b.bin, "--version").Output()
	require.NoError(t, err)
	_, version, _ := strings.Cut(string(out), "PgBouncer 1.")
	minor, err := strconv.Atoi(strings.SplitN(version, ".", 2)[0])
	require.NoError(t, err)
	return minor
}

func without(text, name string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, name+" ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// ask runs a query through PgBouncer, as the portal.
func (b bouncer) ask(t *testing.T, password, database, query string) (string, error) {
	t.Helper()
	return b.askAs(t, "portal:"+password, database, query)
}

// askAs is ask for a login, LOGIN:PASSWORD.
func (b bouncer) askAs(t *testing.T, login, database, query string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	return b.askIn(ctx, login, database, query)
}

func (b bouncer) askIn(ctx context.Context, login, database, query string) (string, error) {
	config, err := pgx.ParseConfig(fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", login, process.Address(b.port), database))
	if err != nil {
		return "", err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var answer string
	err = conn.QueryRow(ctx, query).Scan(&answer)
	return answer, err
}
