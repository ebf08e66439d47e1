// Package recovery puts a backup in the place of the live databases (readiness
// guide, "Recovery Procedures"), in steps that can be taken again:
//
//  1. restore every dump into a new database, and compare it with the backup;
//  2. stop the portal, and wait until its pods are gone;
//  3. swap the names of the databases, all in one transaction;
//  4. start the portal again, and wait until it is available.
//
// The guide stops the portal first and restores over the live database. Here a
// restore that fails has changed nothing, the portal is down for the swap alone,
// and what was replaced stays beside the new databases under another name.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/drill"
	"gatehouse/keeper/postgres"
)

// Recovery is what a recovery needs.
type Recovery struct {
	Archive *archive.Archive
	// Server is the live server, with a login that is a member of the
	// databases' owners: the master.
	Server   postgres.Server
	Programs postgres.Programs
	Cluster  *cluster.Cluster
	// Workloads are what uses the databases, in the order in which they start.
	Workloads []cluster.Workload
	// Patience is how long pods may take to end, and to become available.
	Patience time.Duration
	Now      func() time.Time
	Log      *slog.Logger
}

// Result says what a recovery did.
type Result struct {
	Backup     string    `json:"backup"`
	BackupTime time.Time `json:"backupTime"`
	Started    time.Time `json:"started"`
	Finished   time.Time `json:"finished"`
	// Databases are the databases by name, and what the replaced ones are
	// called now ("" when there was none).
	Databases map[string]string `json:"databases"`
	// Workloads are the replicas by workload.
	Workloads map[string]int32 `json:"workloads"`
	Tables    int              `json:"tables"`
	Rows      int64            `json:"rows"`
}

// Run recovers the databases named, or all of the backup's.
func (r Recovery) Run(ctx context.Context, m backup.Manifest, names ...string) (Result, error) {
	result := Result{
		Backup: m.Key(), BackupTime: m.Started, Started: r.Now().UTC(),
		Databases: map[string]string{}, Workloads: map[string]int32{},
	}
	parts, err := choose(m, names)
	if err != nil {
		return result, err
	}
	release, err := r.Server.LockRecovery(ctx)
	if err != nil {
		return result, err
	}
	defer release()
	swaps, err := r.restoreAll(ctx, parts, &result)
	if err != nil {
		return result, fmt.Errorf("%w\nnothing has changed: the portal runs on its databases as before; run this again, or with another --backup", err)
	}
	if err := r.replace(ctx, swaps, &result); err != nil {
		r.discard(ctx, swaps)
		return result, err
	}
	if err := r.Resume(ctx, &result); err != nil {
		return result, fmt.Errorf("%w\nthe databases are recovered; when the cause is mended, start the portal with: keeper recover --resume", err)
	}
	result.Finished = r.Now().UTC()
	return result, nil
}

func choose(m backup.Manifest, names []string) ([]backup.Part, error) {
	if m.Kind != backup.Database {
		return nil, fmt.Errorf("recover %s: it is a %s backup, not one of databases", m.Key(), m.Kind)
	}
	if len(names) == 0 {
		return m.Parts, nil
	}
	var chosen []backup.Part
	for _, name := range names {
		i := slices.IndexFunc(m.Parts, func(part backup.Part) bool { return part.Database.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("recover database %s: %s does not hold it", name, m.Key())
		}
		chosen = append(chosen, m.Parts[i])
	}
	return chosen, nil
}

// restoreAll restores beside the live databases. After an error nothing of it
// is left.
func (r Recovery) restoreAll(ctx context.Context, parts []backup.Part, result *Result) (swaps []postgres.Swap, err error) {
	defer func() {
		if err != nil {
			r.discard(ctx, swaps)
		}
	}()
	if err := r.Programs.MatchVersion(ctx, r.Server); err != nil {
		return nil, err
	}
	for _, part := range parts {
		swap := postgres.Swap{
			Live:     part.Database.Name,
			Restored: postgres.RestoredName(part.Database.Name, result.Started),
			Before:   postgres.BeforeName(part.Database.Name, result.Started),
		}
		into := *part.Database
		into.Name = swap.Restored
		r.Log.Info("restoring", "database", swap.Live, "into", swap.Restored, "bytes", part.Object.Bytes)
		if err := r.Server.Create(ctx, into); err != nil {
			return swaps, err
		}
		swaps = append(swaps, swap)
		problems, err := drill.Restore(ctx, r.Archive, r.Programs, r.Server, part, swap.Restored, true)
		if err != nil {
			return swaps, err
		}
		if len(problems) > 0 {
			return swaps, fmt.Errorf("compare %s with its backup: %s", swap.Live, strings.Join(problems, "; "))
		}
		result.Tables += len(part.Inventory.Tables)
		result.Rows += part.Inventory.Rows()
	}
	return swaps, nil
}

// discard drops restored databases that have not taken a place.
func (r Recovery) discard(ctx context.Context, swaps []postgres.Swap) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	for _, swap := range swaps {
		if err := r.Server.Drop(ctx, swap.Restored); err != nil {
			r.Log.Warn("a restored database is left behind", "database", swap.Restored, "error", err)
		}
	}
}

// replace stops the portal and swaps.
func (r Recovery) replace(ctx context.Context, swaps []postgres.Swap, result *Result) error {
	stopped := "\nthe databases are as before and the portal is stopped; run this again, or start it as it was with: keeper recover --resume"
	for _, w := range r.Workloads {
		replicas, err := r.Cluster.Stop(ctx, w)
		if err != nil {
			return fmt.Errorf("%w%s", err, stopped)
		}
		result.Workloads[w.String()] = replicas
		r.Log.Info("stopped", "workload", w.String(), "replicas", replicas)
	}
	waiting, cancel := context.WithTimeout(ctx, r.Patience)
	defer cancel()
	for _, w := range r.Workloads {
		if err := r.Cluster.AwaitStopped(waiting, w); err != nil {
			return fmt.Errorf("%w%s", err, stopped)
		}
	}
	before, err := r.Server.Databases(ctx)
	if err != nil {
		return fmt.Errorf("%w%s", err, stopped)
	}
	if err := r.Server.SwapAll(ctx, swaps); err != nil {
		return fmt.Errorf("%w%s", err, stopped)
	}
	for _, swap := range swaps {
		replaced := slices.ContainsFunc(before, func(d postgres.Database) bool { return d.Name == swap.Live })
		result.Databases[swap.Live] = ""
		if replaced {
			result.Databases[swap.Live] = swap.Before
		}
		r.Log.Info("swapped", "database", swap.Live, "before", result.Databases[swap.Live])
	}
	return nil
}

// Resume starts the workloads that a recovery has stopped.
func (r Recovery) Resume(ctx context.Context, result *Result) error {
	waiting, cancel := context.WithTimeout(ctx, r.Patience)
	defer cancel()
	var failed error
	for _, w := range r.Workloads {
		replicas, err := r.Cluster.Start(waiting, w)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		result.Workloads[w.String()] = replicas
		r.Log.Info("started", "workload", w.String(), "replicas", replicas)
	}
	return failed
}
