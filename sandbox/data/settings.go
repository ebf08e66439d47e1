package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gatehouse/sandbox/process"
)

// hash tells two texts apart.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// settings are postgresql.conf: what production has, on a small scale.
func (m member) settings() string {
	archive := m.archive()
	settings := map[string]string{
		"data_directory": m.cluster(), "hba_file": m.file("pg_hba.conf"), "ident_file": m.file("pg_ident.conf"),
		"listen_addresses": process.Loopback, "port": strconv.Itoa(m.port()), "unix_socket_directories": "", "cluster_name": m.name,

		"ssl": "on", "ssl_cert_file": m.file("server.crt"), "ssl_key_file": m.file("server.key"), "ssl_min_protocol_version": "TLSv1.2",
		"password_encryption": "scram-sha-256",

		"max_connections": "100", "shared_buffers": "16MB", "max_wal_size": "64MB", "min_wal_size": "8MB", "wal_compression": "on",
		"idle_in_transaction_session_timeout": "10min", "timezone": "UTC",

		"wal_level": "replica", "max_wal_senders": "10", "max_replication_slots": "10", "hot_standby": "on",
		// A replica that is behind this far is made anew, or reads the archive.
		"max_slot_wal_keep_size":      "256MB",
		"wal_retrieve_retry_interval": "500ms", "wal_receiver_status_interval": "1s",

		// Whole or not at all, and small: a log that was closed early is mostly
		// empty.
		"archive_mode": "on", "archive_timeout": "60s",
		"archive_command": fmt.Sprintf(`gzip -n < "%%p" > '%[1]s/%%f.new' && mv '%[1]s/%%f.new' '%[1]s/%%f.gz'`, archive),
		"restore_command": fmt.Sprintf(`gzip -d < '%s/%%f.gz' > "%%p"`, archive),

		"log_timezone": "UTC", "log_line_prefix": "%m [%p] %u@%d ", "log_min_duration_statement": "1s", "log_connections": "on",
		"log_disconnections": "on", "log_lock_waits": "on", "log_checkpoints": "on", "log_autovacuum_min_duration": "10s", "track_io_timing": "on",
	}
	if m.hasStatements() {
		settings["shared_preload_libraries"] = "pg_stat_statements"
	}
	if m.name != PrimaryName {
		settings["primary_slot_name"] = slot(m.name)
		settings["primary_conninfo"] = fmt.Sprintf("host=%s port=%d user=%s passfile='%s' sslmode=verify-full sslrootcert='%s' application_name=%s connect_timeout=5",
			process.Loopback, m.Ports[PrimaryName], replicationUser, m.file("passfile"), m.file("ca.crt"), m.name)
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	return text.String()
}

// hasStatements says whether the extension pg_stat_statements is installed.
func (m member) hasStatements() bool {
	for _, folder := range []string{"../lib", "../lib/postgresql"} {
		if exists(filepath.Join(m.bin, folder, "pg_stat_statements.so")) {
			return true
		}
	}
	return false
}

// slot is the name of a replica's replication slot.
func slot(replica string) string { return strings.ReplaceAll(replica, "-", "_") }

// hba lets in who has a password and speaks TLS.
const hba = `# TYPE   DATABASE     USER                ADDRESS       METHOD
hostssl  all          all                 127.0.0.1/32  scram-sha-256
hostssl  replication  replicator,backup   127.0.0.1/32  scram-sha-256
`

// configure writes what the server reads at its start.
func (m member) configure() error {
	secret, err := readSecret(m.Dir, postgresSecret(replicationUser))
	if err != nil {
		return err
	}
	files := map[string]string{
		"postgresql.conf": m.settings(), "pg_hba.conf": hba, "pg_ident.conf": "",
		"passfile": fmt.Sprintf("*:*:*:%s:%s\n", replicationUser, secret),
	}
	for name, from := range map[string]string{
		"ca.crt": m.certificates.authority(), "server.crt": m.certificates.server(), "server.key": m.certificates.key(),
	} {
		text, err := os.ReadFile(from)
		if err != nil {
			return fmt.Errorf("configure %s: %w", m.name, err)
		}
		files[name] = string(text)
	}
	var failed []error
	for name, text := range files {
		failed = append(failed, writeFile(m.file(name), text), m.owner.give(m.file(name)))
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("configure %s: %w", m.name, err)
	}
	return nil
}
