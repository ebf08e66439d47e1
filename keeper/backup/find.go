package backup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gatehouse/keeper/archive"
)

// ErrNone says that there is no backup.
var ErrNone = fmt.Errorf("there is no complete backup; look at the jobs that make them")

// Read returns the backup of a manifest's key.
func Read(ctx context.Context, a *archive.Archive, key string) (Manifest, error) {
	text, err := a.Get(ctx, key)
	if err != nil {
		return Manifest{}, err
	}
	m, err := ParseManifest(text)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", key, err)
	}
	return m, nil
}

// Latest returns the newest complete backup of a kind.
func Latest(ctx context.Context, a *archive.Archive, kind Kind) (Manifest, error) {
	entries, err := entries(ctx, a, kind)
	if err != nil {
		return Manifest{}, err
	}
	for _, entry := range slices.Backward(entries) {
		if isManifest(entry.Key) {
			return Read(ctx, a, entry.Key)
		}
	}
	return Manifest{}, fmt.Errorf("find the newest %s backup in %s: %w", kind, a.Bucket, ErrNone)
}

func entries(ctx context.Context, a *archive.Archive, kind Kind) ([]archive.Entry, error) {
	folder, _ := kind.layout()
	return a.List(ctx, folder)
}

// Listed is a backup as `keeper list` shows it.
type Listed struct {
	Manifest string        `json:"manifest"`
	Kind     Kind          `json:"kind"`
	Started  time.Time     `json:"started"`
	Age      time.Duration `json:"-"`
	AgeHours float64       `json:"ageHours"`
	Bytes    int64         `json:"bytes"`
	// Intact says whether S3 still holds every object as it was sent; Problem
	// says why not.
	Intact  bool   `json:"intact"`
	Problem string `json:"problem,omitempty"`
}

// List returns the backups of a kind, the newest first, each checked with S3.
// A manifest that cannot be read is listed with its problem.
func List(ctx context.Context, a *archive.Archive, kind Kind, now time.Time) ([]Listed, error) {
	entries, err := entries(ctx, a, kind)
	if err != nil {
		return nil, err
	}
	var found []Listed
	for _, entry := range slices.Backward(entries) {
		if !isManifest(entry.Key) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found = append(found, look(ctx, a, kind, entry.Key, now))
	}
	return found, nil
}

func look(ctx context.Context, a *archive.Archive, kind Kind, key string, now time.Time) Listed {
	listed := Listed{Manifest: key, Kind: kind}
	m, err := Read(ctx, a, key)
	if err == nil {
		listed.Started, listed.Bytes, listed.Age = m.Started, m.Bytes(), now.Sub(m.Started)
		listed.AgeHours = listed.Age.Hours()
		for _, part := range m.Parts {
			if err = a.Check(ctx, part.Object); err != nil {
				break
			}
		}
	}
	listed.Intact = err == nil
	if err != nil {
		listed.Problem = err.Error()
	}
	return listed
}
