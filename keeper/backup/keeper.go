package backup

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/postgres"
)

// Keeper makes backups.
type Keeper struct {
	Archive  *archive.Archive
	Server   postgres.Server
	Programs postgres.Programs
	// Now is the clock, Version that of this program.
	Now     func() time.Time
	Version string
	Log     *slog.Logger
}

// begin makes the manifest of a backup that starts now.
func (k Keeper) begin(kind Kind, source string) Manifest {
	return Manifest{Format: Format, Kind: kind, Started: k.Now().UTC().Truncate(time.Second), Keeper: k.Version, Source: source}
}

// finish checks every part once more and writes the manifest, which makes the
// backup one.
func (k Keeper) finish(ctx context.Context, m Manifest) (Manifest, error) {
	for _, part := range m.Parts {
		if err := k.Archive.Check(ctx, part.Object); err != nil {
			return m, err
		}
	}
	m.Finished = k.Now().UTC()
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, fmt.Errorf("write the manifest: %w", err)
	}
	written, err := k.Archive.Put(ctx, m.Key(), text)
	if err != nil {
		return m, err
	}
	if err := k.Archive.Check(ctx, written); err != nil {
		return m, err
	}
	k.Log.Info("backup is complete", "kind", m.Kind, "manifest", m.Key(), "bytes", m.Bytes())
	return m, nil
}

// Database dumps the named databases, or without names all that hold the
// portal's data: Backstage makes one a plugin, and a list would soon be too
// short.
func (k Keeper) Database(ctx context.Context, names ...string) (Manifest, error) {
	m := k.begin(Database, k.Server.String())
	if err := k.Programs.MatchVersion(ctx, k.Server); err != nil {
		return m, err
	}
	var err error
	if m.ServerVersion, err = k.Server.Version(ctx); err != nil {
		return m, err
	}
	if m.Program, err = k.Programs.Version(ctx, "pg_dump"); err != nil {
		return m, err
	}
	databases, err := k.choose(ctx, names)
	if err != nil {
		return m, err
	}
	for _, database := range databases {
		part, err := k.dump(ctx, m.Started, database)
		if err != nil {
			return m, fmt.Errorf("back up database %s: %w", database.Name, err)
		}
		m.Parts = append(m.Parts, part)
	}
	return k.finish(ctx, m)
}

func (k Keeper) choose(ctx context.Context, names []string) ([]postgres.Database, error) {
	all, err := k.Server.Databases(ctx)
	if err != nil || len(names) == 0 {
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("find databases: %s has none of the portal's; is it the right server?", k.Server)
		}
		return all, err
	}
	var chosen []postgres.Database
	for _, name := range names {
		found := false
		for _, database := range all {
			if database.Name == name {
				chosen, found = append(chosen, database), true
			}
		}
		if !found {
			return nil, fmt.Errorf("find database %s: %s has none of this name", name, k.Server)
		}
	}
	return chosen, nil
}

func (k Keeper) dump(ctx context.Context, started time.Time, database postgres.Database) (Part, error) {
	dump, err := k.Programs.Dump(ctx, k.Server, database.Name)
	if err != nil {
		return Part{}, err
	}
	defer func() { _ = dump.Close() }() // what matters came with the last Read
	object, err := k.Archive.Upload(ctx, partKey(Database, started, database.Name, ".dump"), dump)
	if err != nil {
		return Part{}, err
	}
	k.Log.Info("dumped", "database", database.Name, "bytes", object.Bytes, "tables", len(dump.Inventory.Tables), "rows", dump.Inventory.Rows())
	return Part{Object: object, Database: &database, Inventory: &dump.Inventory}, nil
}

// BaseBackup streams a base backup of the whole server, for PostgreSQL that is
// not RDS's.
func (k Keeper) BaseBackup(ctx context.Context) (Manifest, error) {
	m := k.begin(Base, k.Server.String())
	var err error
	if m.Program, err = k.Programs.Version(ctx, "pg_basebackup"); err != nil {
		return m, err
	}
	if m.ServerVersion, err = k.Server.Version(ctx); err != nil {
		return m, err
	}
	stream, err := k.Programs.Base(ctx, k.Server)
	if err != nil {
		return m, err
	}
	defer stream.Close()
	object, err := k.Archive.Upload(ctx, partKey(Base, m.Started, "", ".tar.gz"), stream)
	if err != nil {
		return m, fmt.Errorf("back up the server: %w", err)
	}
	m.Parts = []Part{{Object: object}}
	return k.finish(ctx, m)
}

// Configuration keeps a document of the cluster's configuration.
func (k Keeper) Configuration(ctx context.Context, source string, gzipped []byte, secrets []Secret) (Manifest, error) {
	m := k.begin(Configuration, source)
	object, err := k.Archive.Put(ctx, partKey(Configuration, m.Started, "", ".yaml.gz"), gzipped)
	if err != nil {
		return m, err
	}
	m.Parts, m.Secrets = []Part{{Object: object}}, secrets
	return k.finish(ctx, m)
}
