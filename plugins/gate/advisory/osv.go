package advisory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// ecosystem is npm's name in OSV; a suffix behind a colon is another registry's.
const ecosystem = "npm"

// MaxRecord is far above the largest OSV record of npm, in bytes.
const MaxRecord = 8 << 20

// OSV is a source of OSV records: a directory with one JSON file a record, in any
// folders, or the opened all.zip of OSV's npm export (a [zip.Reader] is an fs.FS).
// Its time is that of the record modified last, which a copy does not change.
// Records that were withdrawn are passed over.
type OSV struct{ Files fs.FS }

// ErrEmpty means that a source without a single record of npm knows nothing.
var ErrEmpty = errors.New("the OSV database has no record of npm: fetch OSV's npm export (all.zip) and unpack it there")

// Find reads every record once.
func (o OSV) Find(ctx context.Context, components []Component) (Report, error) {
	byName := ByName(components)
	var (
		mu     sync.Mutex
		report Report
		seen   bool
	)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(2, runtime.GOMAXPROCS(0)))
	err := fs.WalkDir(o.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read the OSV database: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read the OSV database: %w", err)
		}
		if entry.IsDir() || path.Ext(name) != ".json" {
			return nil
		}
		group.Go(func() error {
			r, npm, err := o.read(name)
			if err != nil {
				return err
			}
			if !npm {
				return nil
			}
			found := r.find(byName)
			mu.Lock()
			defer mu.Unlock()
			seen = true
			if r.Modified.After(report.AsOf) {
				report.AsOf = r.Modified
			}
			report.Vulnerabilities = append(report.Vulnerabilities, found...)
			return nil
		})
		return nil
	})
	// A file that cannot be read ends the walk by its context: it is the cause.
	if cause := group.Wait(); cause != nil {
		return Report{}, cause
	}
	if err != nil {
		return Report{}, err
	}
	if !seen {
		return Report{}, ErrEmpty
	}
	report.Sort()
	return report, nil
}

func (o OSV) read(name string) (r record, npm bool, err error) {
	info, err := fs.Stat(o.Files, name)
	if err != nil {
		return record{}, false, fmt.Errorf("read the OSV database: %w", err)
	}
	if info.Size() > MaxRecord {
		return record{}, false, fmt.Errorf("read the OSV database: %s has %d bytes, more than %d: it is no record", name, info.Size(), MaxRecord)
	}
	content, err := fs.ReadFile(o.Files, name)
	if err != nil {
		return record{}, false, fmt.Errorf("read the OSV database: %w", err)
	}
	r, err = parseRecord(content)
	if err != nil {
		return record{}, false, fmt.Errorf("%s: %w", name, err)
	}
	return r, len(r.names()) > 0, nil
}

// find is what a record says of components.
func (r record) find(byName map[string][]Component) []Vulnerability {
	if r.withdrawn() {
		return nil
	}
	found := map[Component]Vulnerability{}
	for _, a := range r.Affected {
		if a.Package.Ecosystem != ecosystem {
			continue
		}
		for _, component := range byName[a.Package.Name] {
			touched, fixed, err := a.touches(component.Version)
			if !touched && err == nil {
				continue
			}
			v := Vulnerability{
				ID: r.ID, Aliases: r.Aliases, Summary: r.Summary, Component: component,
				Severity: r.severity(a), Fixed: fixed,
			}
			if !touched {
				v.Doubt = err.Error()
			}
			// One record may have several entries of one package: what is sure
			// counts before what is in doubt, then what is worse.
			old, twice := found[component]
			if !twice || old.Doubt != "" && v.Doubt == "" || (old.Doubt == "") == (v.Doubt == "") && v.Severity > old.Severity {
				found[component] = v
			}
		}
	}
	all := make([]Vulnerability, 0, len(found))
	for _, v := range found {
		all = append(all, v)
	}
	return all
}
