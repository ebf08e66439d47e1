// Package drill tries out whether the newest backup can be restored: it
// restores it into scratch databases, compares what came out with what went in,
// and measures how long that takes.
//
// A drill never touches a live database: the scratch ones get names of their
// own, and making one that exists is an error.
package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/postgres"
)

// Drill is what a restore drill needs.
type Drill struct {
	Archive *archive.Archive
	// Scratch is the server to restore on, with a login that may make databases
	// and needs no other right.
	Scratch  postgres.Server
	Programs postgres.Programs
	// MaxAge is how old the newest backup may be, MaxDuration how long restoring
	// all of it may take (the recovery time that is promised).
	MaxAge, MaxDuration time.Duration
	// Now and Random make names and measure.
	Now    func() time.Time
	Random io.Reader
	Log    *slog.Logger
}

// Result is what came of a drill. It is written to the archive under drills/.
type Result struct {
	Passed bool `json:"passed"`
	// Problems say what is wrong, all that was found.
	Problems []string `json:"problems,omitempty"`
	// Started and Finished bound the drill.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Backup is the manifest's key, BackupTime the moment that it shows.
	Backup     string    `json:"backup,omitempty"`
	BackupTime time.Time `json:"backupTime,omitzero"`
	// DurationSeconds is how long restoring took, BackupAgeSeconds how much work
	// would have been lost: the recovery time and recovery point.
	DurationSeconds  float64 `json:"durationSeconds"`
	BackupAgeSeconds float64 `json:"backupAgeSeconds"`
	// Databases, Tables, Rows and Bytes are what was restored and compared.
	Databases int   `json:"databases"`
	Tables    int   `json:"tables"`
	Rows      int64 `json:"rows"`
	Bytes     int64 `json:"bytes"`
}

// ErrFailed says that the drill ran and the backup is no good; the result says
// why. Other errors mean that it could not run.
var ErrFailed = errors.New("the restore drill failed")

// Run drills. The result is whole, and in the archive, also when it failed.
func (d Drill) Run(ctx context.Context) (Result, error) {
	r := Result{Started: d.Now().UTC()}
	abandoned, err := d.Scratch.DropAbandoned(ctx, r.Started)
	if err != nil {
		return r, fmt.Errorf("clear away abandoned scratch databases: %w", err)
	}
	if len(abandoned) > 0 {
		d.Log.Warn("dropped what a killed drill had left", "databases", abandoned)
	}
	if err := d.Programs.MatchVersion(ctx, d.Scratch); err != nil {
		return r, err
	}
	m, err := backup.Latest(ctx, d.Archive, backup.Database)
	if err != nil {
		r.fail(err)
	} else {
		d.try(ctx, m, &r)
	}
	if err := ctx.Err(); err != nil { // told to stop: says nothing about the backup
		return r, fmt.Errorf("run the restore drill: it was stopped: %w", err)
	}
	r.Finished = d.Now().UTC()
	r.Passed = len(r.Problems) == 0
	if err := d.keep(ctx, r); err != nil {
		return r, err
	}
	if !r.Passed {
		return r, fmt.Errorf("%w: %s", ErrFailed, r.Problems[0])
	}
	return r, nil
}

func (r *Result) fail(err error) { r.Problems = append(r.Problems, err.Error()) }

func (d Drill) try(ctx context.Context, m backup.Manifest, r *Result) {
	r.Backup, r.BackupTime = m.Key(), m.Started
	age := r.Started.Sub(m.Started)
	r.BackupAgeSeconds = age.Seconds()
	if age > d.MaxAge {
		r.fail(fmt.Errorf("the newest backup is %s old, %s is allowed; look at the backup jobs", age.Round(time.Minute), d.MaxAge))
	}
	begun := d.Now()
	for _, part := range m.Parts {
		if err := d.restore(ctx, part, r); err != nil {
			r.fail(err)
		}
		if ctx.Err() != nil {
			return
		}
	}
	took := d.Now().Sub(begun)
	r.DurationSeconds = took.Seconds()
	if took > d.MaxDuration {
		r.fail(fmt.Errorf("restoring took %s, %s is allowed; use a larger instance or smaller databases", took.Round(time.Second), d.MaxDuration))
	}
}

func (d Drill) restore(ctx context.Context, part backup.Part, r *Result) error {
	return d.Scratch.InScratch(ctx, *part.Database, d.Now(), d.Random, func(scratch string) error {
		d.Log.Info("restoring", "database", part.Database.Name, "into", scratch, "bytes", part.Object.Bytes)
		problems, err := Restore(ctx, d.Archive, d.Programs, d.Scratch, part, scratch, false)
		if err != nil {
			return fmt.Errorf("database %s: %w", part.Database.Name, err)
		}
		for _, problem := range problems {
			r.fail(fmt.Errorf("database %s: %s", part.Database.Name, problem))
		}
		r.Databases++
		r.Tables += len(part.Inventory.Tables)
		r.Rows += part.Inventory.Rows()
		r.Bytes += part.Object.Bytes
		return nil
	})
}

// Restore reads one dump of a backup into an empty database and says in what
// that differs from what was dumped. The dump is compared with its checksum on
// the way; the database is to be thrown away after an error.
func Restore(ctx context.Context, a *archive.Archive, p postgres.Programs, s postgres.Server, part backup.Part, into string, owners bool) (problems []string, err error) {
	dump, err := a.Open(ctx, part.Object)
	if err != nil {
		return nil, err
	}
	defer dump.Close()
	if err := p.Restore(ctx, s, into, dump, owners); err != nil {
		return nil, err
	}
	got, err := s.InventoryOf(ctx, into)
	if err != nil {
		return nil, err
	}
	return part.Inventory.Differences(got), nil
}

// keep writes the result into the archive.
func (d Drill) keep(ctx context.Context, r Result) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the drill's result: %w", err)
	}
	// Nanoseconds, because two drills may run at once.
	key := "drills/" + r.Started.Format("2006/01/02/drill_150405.000000000") + ".json"
	if _, err := d.Archive.Put(ctx, key, text); err != nil {
		return fmt.Errorf("keep the drill's result: %w", err)
	}
	return nil
}
