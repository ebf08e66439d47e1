package database

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// DefaultSource is OSV's npm export (OSV, "Data dumps").
const DefaultSource = "https://storage.googleapis.com/osv-vulnerabilities/npm/all.zip"

// Options are what to fetch and how. Only Folder must be given.
type Options struct {
	// Source is an address of all.zip, s3://BUCKET/KEY, a file (all.zip) or a folder
	// of records; [DefaultSource] by default.
	Source string
	// Folder keeps the database between calls, for many at once. It is made.
	Folder string
	// Scratch is a folder for unnamed temporary files: the export as it is sent, and
	// some 100 MB; [os.TempDir] by default.
	Scratch string
	// Fresh is how long a source is not asked again: 1 hour by default, negative to
	// ask each time. What is on this machine is always looked at.
	Fresh time.Duration
	// S3 opens s3://BUCKET/KEY (s3source.Open); without it that is an error.
	S3 func(ref string) (Remote, error)
	// HTTP makes the requests; [http.DefaultTransport] by default.
	HTTP *http.Client
	// Limits bound what is read.
	Limits Limits
	// Idle is how long a download may stand still: 30 seconds by default.
	Idle time.Duration
	// Log is told of what went wrong and did not matter; nothing by default.
	Log *slog.Logger
	// Now, Wait and Random (0 ≤ x < 1) are the clock and the chance of the waits
	// between tries; the real ones by default.
	Now    func() time.Time
	Wait   func(context.Context, time.Duration) error
	Random func() float64
}

func (o Options) withDefaults() Options {
	if o.Source == "" {
		o.Source = DefaultSource
	}
	if o.Fresh == 0 {
		o.Fresh = time.Hour
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{}
	}
	o.Limits = o.Limits.withDefaults()
	if o.Idle <= 0 {
		o.Idle = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

// Fetched is a database that a folder keeps. Close it.
type Fetched struct {
	*Database
	// Path is its file.
	Path string
	// Stale says why it is an older one, and how old: the source could not be asked,
	// or what it has is no export. nil when the source has nothing newer.
	Stale error
	file  *os.File
}

// Close gives the file back.
func (f *Fetched) Close() error { return f.file.Close() }

// Fetch opens the database of a source, and brings it up to date first. When that
// fails the one of before is used and says so; with none of before it is an error.
// Any number may do it at once, and end at any moment: a database is in its place
// whole or not at all.
func Fetch(ctx context.Context, o Options) (*Fetched, error) {
	o = o.withDefaults()
	f, err := fetch(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("fetch the advisories of %s: %w", shown(o.Source), err)
	}
	return f, nil
}

func fetch(ctx context.Context, o Options) (*Fetched, error) {
	k := keeper{o.Folder, o.Now, o.Log}
	if err := os.MkdirAll(o.Folder, 0o755); err != nil {
		return nil, err
	}
	last := k.last(o.Source)
	old, err := k.open(last)
	if err != nil {
		last.Tag = Tag{} // what was seen is not here
		if !errors.Is(err, fs.ErrNotExist) {
			o.Log.WarnContext(ctx, "the kept database of advisories is built again", "error", err)
		}
	}
	now, err := o.update(ctx, k, last, old != nil)
	switch {
	case err == nil && old != nil && now.Name == last.Name:
		return old, nil
	case err == nil:
		if old != nil {
			_ = old.Close()
		}
		return k.open(now)
	case ctx.Err() != nil || old == nil:
		if old != nil {
			_ = old.Close()
		}
		return nil, err
	}
	old.Stale = fmt.Errorf("the advisories are those that the source had %s ago: %w", o.Now().Sub(last.Asked).Round(time.Second), err)
	return old, nil
}

// update asks the source, and builds what it has.
func (o Options) update(ctx context.Context, k keeper, last state, have bool) (state, error) {
	if !strings.Contains(o.Source, "://") {
		return o.fromLocal(ctx, k, last, local(o.Source))
	}
	if age := o.Now().Sub(last.Asked); have && age >= 0 && age < o.Fresh {
		return last, nil
	}
	remote, err := o.remote()
	if err != nil {
		return state{}, err
	}
	asked := o.Now() // before: what changes meanwhile is not known
	export, tag, err := o.download(ctx, remote, last.Tag)
	if errors.Is(err, ErrUnchanged) && have {
		last.Asked = asked
		return last, k.write(last)
	}
	if err != nil {
		return state{}, err
	}
	defer export.close()
	files, err := zip.NewReader(export.file, export.size)
	if err != nil {
		return state{}, fmt.Errorf("it is no export: %w", err)
	}
	return k.keep(ctx, o, files, last, state{Source: o.Source, Tag: tag, Asked: asked})
}

func (o Options) fromLocal(ctx context.Context, k keeper, last state, at local) (state, error) {
	tag, err := at.tag()
	if err != nil {
		return state{}, err
	}
	now := state{Source: o.Source, Tag: tag, Asked: o.Now()}
	if tag == last.Tag {
		now.Name, now.Before = last.Name, last.Before
		return now, k.write(now)
	}
	info, err := os.Stat(string(at))
	if err != nil {
		return state{}, err
	}
	if info.IsDir() {
		return k.keep(ctx, o, os.DirFS(string(at)), last, now)
	}
	packed, err := zip.OpenReader(string(at))
	if err != nil {
		return state{}, fmt.Errorf("it is no export: %w", err)
	}
	defer func() { _ = packed.Close() }()
	return k.keep(ctx, o, &packed.Reader, last, now)
}

func (o Options) remote() (Remote, error) {
	at, err := url.Parse(o.Source)
	if err != nil {
		return nil, fmt.Errorf("it is no address")
	}
	switch at.Scheme {
	case "https", "http":
		return newWeb(at, o.HTTP, o.Now)
	case "s3":
		if o.S3 == nil {
			return nil, fmt.Errorf("buckets cannot be read here: give a way to open them")
		}
		return o.S3(o.Source)
	}
	return nil, fmt.Errorf("want https://…, s3://BUCKET/KEY, a file or a folder, not %s://", at.Scheme)
}

// shown is a source without what may be secret in it.
func shown(source string) string {
	if at, err := url.Parse(source); err == nil && at.Host != "" {
		at.RawQuery, at.Fragment = "", ""
		return at.Redacted()
	}
	return source
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
