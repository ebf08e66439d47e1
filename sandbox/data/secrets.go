package data

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Logins of PostgreSQL beside [Superuser], as their roles and what they may.
const (
	// BackstageUser owns Backstage's databases and may make more.
	BackstageUser = "backstage"
	// PortalUser owns the portal's database.
	PortalUser = "portal"
	// MonitorUser may see the statistics, of PostgreSQL (pg_monitor), of
	// PgBouncer (SHOW) and of Redis (INFO), and read the portal's tables.
	MonitorUser = "monitor"
	// BackupUser may read everything and take base backups.
	BackupUser = "backup"
	// AdminUser is the administrator of PgBouncer's console and of Redis.
	AdminUser = "admin"
	// replicationUser is the replicas' own, in PostgreSQL and Redis.
	replicationUser = "replicator"
	// sentinelUser is the sentinels' own.
	sentinelUser = "sentinel"
)

// secretFile holds the password of a login. Those of PostgreSQL and Redis
// differ, so that the name begins with the kind.
func secretFile(dir, name string) string { return filepath.Join(dir, "secrets", name) }

func postgresSecret(user string) string { return PostgresKind + "-" + user }
func poolerSecret(user string) string   { return PgBouncerKind + "-" + user }
func redisSecret(user string) string    { return RedisKind + "-" + user }

// ensureSecret writes a random password, unless there is one.
func ensureSecret(path string) error {
	if text, err := os.ReadFile(path); err == nil && len(text) > 0 {
		return nil
	}
	if err := writeFile(path, rand.Text()); err != nil {
		return fmt.Errorf("make a password: %w", err)
	}
	return nil
}

// readSecret reads the password of a login.
func readSecret(dir, name string) (string, error) {
	text, err := os.ReadFile(secretFile(dir, name))
	if err != nil {
		return "", fmt.Errorf("read a password: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// writeFile writes a file that only its owner can read, whole or not at all.
func writeFile(path, text string) error {
	beside := path + ".new"
	if err := os.WriteFile(beside, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(beside, path)
}
