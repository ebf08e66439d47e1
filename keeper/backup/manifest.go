// Package backup makes backups and finds them again: dumps of the databases,
// the configuration of the cluster, and base backups of the server.
//
// A backup is its objects and a manifest that says what they hold. The manifest
// is written last, so that a backup without one does not exist. Whether a backup
// can be restored is tried out by the package drill.
package backup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/postgres"
)

// Format is the version of manifests that this program writes and reads.
const Format = 1

// Kind is what is backed up.
type Kind string

// The kinds, by their names in metrics, schedules and the status.
const (
	Database      Kind = "database"
	Configuration Kind = "configuration"
	Base          Kind = "base"
)

// layout is the readiness guide's ("Backup Strategy"): a folder, and how the
// names in it begin.
func (k Kind) layout() (folder, stem string) {
	switch k {
	case Configuration:
		return "configs/", "configs_"
	case Base:
		return "basebackup/", "basebackup_"
	default:
		return "database/", "backup_"
	}
}

// Manifest says what a backup holds.
type Manifest struct {
	Format int  `json:"format"`
	Kind   Kind `json:"kind"`
	// Started is the moment that the backup shows, Finished when it was whole.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Keeper is the version of this program, Source the server or cluster.
	Keeper string `json:"keeper"`
	Source string `json:"source"`
	// ServerVersion is PostgreSQL's, Program what pg_dump or pg_basebackup says
	// of itself.
	ServerVersion string `json:"serverVersion,omitempty"`
	Program       string `json:"program,omitempty"`
	Parts         []Part `json:"parts"`
	// Secrets are the secrets that the configuration needs, without values: they
	// live in Secrets Manager (or Vault), and External Secrets brings them back.
	Secrets []Secret `json:"secrets,omitempty"`
}

// Part is one object of a backup.
type Part struct {
	Object archive.Object `json:"object"`
	// Database and Inventory are those of a dump.
	Database  *postgres.Database  `json:"database,omitempty"`
	Inventory *postgres.Inventory `json:"inventory,omitempty"`
}

// Secret names a Kubernetes Secret and its keys.
type Secret struct {
	Namespace string   `json:"namespace"`
	Name      string   `json:"name"`
	Keys      []string `json:"keys"`
}

// Bytes is the size of all parts.
func (m Manifest) Bytes() int64 {
	var total int64
	for _, part := range m.Parts {
		total += part.Object.Bytes
	}
	return total
}

// Key is where the manifest lies.
func (m Manifest) Key() string { return stem(m.Kind, m.Started) + manifestSuffix }

const manifestSuffix = ".manifest.json"

// stem is how the keys of one backup begin, e.g.
// database/2026/11/22/backup_013000.
func stem(kind Kind, started time.Time) string {
	folder, name := kind.layout()
	return folder + started.UTC().Format("2006/01/02/") + name + started.UTC().Format("150405")
}

// partKey is where a part lies; a name may hold what a key should not.
func partKey(kind Kind, started time.Time, name, extension string) string {
	if name != "" {
		name = "-" + url.PathEscape(name)
	}
	return stem(kind, started) + name + extension
}

// ParseManifest reads a manifest, and refuses what it does not know: a backup
// that is understood by half is not restored.
func ParseManifest(text []byte) (Manifest, error) {
	var version struct{ Format int }
	if err := json.Unmarshal(text, &version); err != nil {
		return Manifest{}, fmt.Errorf("read the manifest: %w; use another backup", err)
	}
	if version.Format != Format {
		return Manifest{}, fmt.Errorf("read the manifest: it has format %d and this program knows %d; use the keeper that wrote it", version.Format, Format)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var m Manifest
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("read the manifest: %w; use another backup", err)
	}
	if len(m.Parts) == 0 {
		return Manifest{}, fmt.Errorf("read the manifest: it names no objects; use another backup")
	}
	for _, part := range m.Parts {
		dump := part.Database != nil && part.Inventory != nil && part.Database.Name != ""
		if part.Object.Key == "" || part.Object.SHA256 == "" || m.Kind == Database && !dump {
			return Manifest{}, fmt.Errorf("read the manifest: the entry of %q is not complete; use another backup", part.Object.Key)
		}
	}
	return m, nil
}

func isManifest(key string) bool { return strings.HasSuffix(key, manifestSuffix) }
