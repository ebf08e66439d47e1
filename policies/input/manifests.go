package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Manifests reads Kubernetes manifests, YAML or JSON: files, folders with what
// is in them (*.yaml, *.yml and *.json; hidden ones are left out), and "-" for
// stdin, such as what `helm template` and `kubectl kustomize` print. Lists are
// taken apart. Objects keep the order in which they are written, files of a
// folder that of their names.
//
// A value has the type that Kubernetes gives it (yes and on are booleans).
// Everything must be an object with a name, and none may come twice: what is to
// be judged is what would be applied.
func Manifests(ctx context.Context, paths []string, stdin io.Reader) (Set, error) {
	return readManifests(ctx, paths, stdin, standard)
}

func readManifests(ctx context.Context, paths []string, stdin io.Reader, limit limits) (Set, error) {
	files, err := readFiles(ctx, paths, stdin, limit)
	if err != nil {
		return Set{}, err
	}
	var documents []*document
	for _, f := range files {
		documents = append(documents, split(f)...)
	}
	objects, err := parseAll(ctx, documents, limit)
	if err != nil {
		return Set{}, err
	}
	set := Set{Source: sourceOf(paths, files)}
	seen := make(map[string]*object, len(objects))
	for _, o := range objects {
		urn := o.resource.URN
		if first, twice := seen[urn]; twice && !o.generated {
			return Set{}, in(o.file, at(o.line, "%s is given twice, at first at %s:%d: keep one",
				urn, first.file, first.line))
		}
		seen[urn] = o
		set.Resources = append(set.Resources, o.resource)
	}
	if len(set.Resources) == 0 {
		return Set{}, fmt.Errorf("read %s: there is no Kubernetes object in it", set.Source)
	}
	return set, nil
}

// sourceOf says for people what was read.
func sourceOf(paths []string, files []*file) string {
	switch {
	case len(files) == 1:
		return files[0].name
	case len(paths) == 1:
		return fmt.Sprintf("%d files of %s", len(files), paths[0])
	}
	return fmt.Sprintf("%d files", len(files))
}

// parseAll parses the documents on all cores. Workers take them in order, so
// the error that it returns is always the first one.
func parseAll(ctx context.Context, documents []*document, limit limits) ([]*object, error) {
	budget := &budget{limit: limit}
	parsed := make([][]*object, len(documents))
	failures := make([]error, len(documents))
	var next atomic.Int64
	var stop atomic.Bool
	var workers errgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(documents)) {
		workers.Go(func() error {
			for !stop.Load() && ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(documents) {
					break
				}
				if parsed[i], failures[i] = documents[i].parse(budget); failures[i] != nil {
					failures[i] = in(documents[i].file.name, failures[i])
					stop.Store(true)
				}
			}
			return ctx.Err()
		})
	}
	if err := workers.Wait(); err != nil {
		return nil, fmt.Errorf("read manifests: %w", err)
	}
	var objects []*object
	for i := range documents {
		if failures[i] != nil {
			return nil, failures[i]
		}
		objects = append(objects, parsed[i]...)
	}
	return objects, nil
}

// budget is what all documents of a run may cost together.
type budget struct {
	limit            limits
	values, expanded atomic.Int64
}

var errValues = errors.New("the manifests hold too many values: judge them in parts")

// spend takes n values.
func (b *budget) spend(n int64) error {
	if b.values.Add(n) > b.limit.values {
		return errValues
	}
	return nil
}
