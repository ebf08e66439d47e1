package install_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/lease"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/trail"
)

// scene is an installer over a real registry, volume, lease and trail, and a portal
// that reads the volume as Backstage does. The real Backstage is test/sandbox's.
type scene struct {
	*install.Installer
	t        testing.TB
	registry *npmtest.Registry
	key      npmtest.Key
	dir      string
	portal   *portal
	shown    *shown
	host     gate.Host
}

var knownAdvisories = fstest.MapFS{"GHSA-1.json": {Data: []byte(`{"id": "GHSA-1", "modified": "` + time.Now().UTC().Format(time.RFC3339) + `",
	"affected": [{"package": {"ecosystem": "npm", "name": "vulnerable"}, "versions": ["1.0.0"]}], "database_specific": {"severity": "HIGH"}}`)}}

func newScene(t testing.TB) *scene {
	t.Helper()
	s := &scene{t: t, registry: npmtest.New(t), dir: t.TempDir(), shown: &shown{}}
	s.key = npmtest.NewKey(t)
	s.registry.Serve(s.key)
	client, err := npm.New(npm.Options{Registry: s.registry.URL, Cache: npm.Folder(t.TempDir()), Folder: t.TempDir(), Retries: -1})
	require.NoError(t, err)
	opened, err := store.Open(s.dir, volume.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, opened.Close()) })
	kept, err := trail.OpenFolder(filepath.Join(t.TempDir(), "trail"))
	require.NoError(t, err)
	s.portal = &portal{dir: s.dir}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	s.host = gate.Host{Backstage: "1.42.0", Node: "22.11.0", Packages: map[string]string{"@backstage/backend-plugin-api": "1.4.1"}}
	s.Installer = &install.Installer{
		Sources: install.Sources{
			Registry: client, Advisories: gate.Have[advisory.Source](advisory.OSV{Files: knownAdvisories}), Now: time.Now,
			Answers: &install.Answers{Folder: filepath.Join(s.dir, "answers"), Age: time.Hour, Now: time.Now, Log: log},
		},
		Store: opened, Trail: kept, Lease: &lease.Memory{}, Portal: s.portal, Status: s.shown,
		Extras: []generation.Extra{{Ref: plugins.Ref{Name: "@gatehouse/probe", Version: "1.0.0"}, Files: fstest.MapFS{"package.json": {Data: []byte("{}")}}}},
		Owner:  "test", Actor: "alice", Patience: time.Minute, Now: time.Now, Log: log,
	}
	return s
}

// publish puts a plugin that loads into the registry.
func (s *scene) publish(name, version string, lies ...npmtest.Lie) install.Plugin {
	s.t.Helper()
	p := s.registry.Publish(npmtest.Package{
		Name: name, Version: version, Lies: lies,
		Fields: map[string]any{"license": "Apache-2.0", "backstage": map[string]any{"role": "backend-plugin", "pluginId": name}},
	})
	return install.Plugin{Ref: p.Ref, Integrity: p.Integrity, Strategy: plugins.Dynamic}
}

func (s *scene) stage(p install.Plugin, policy string) error {
	s.t.Helper()
	_, err := s.Stage(s.t.Context(), install.StageRequest{Plugin: p, Policy: policy, Host: s.host})
	return err
}

func set(list ...install.Plugin) install.SetRequest {
	return install.SetRequest{Plugins: list, Keep: 3, Workload: "backstage:1"}
}

// up is what one up does.
func (s *scene) up(r install.SetRequest) error {
	s.t.Helper()
	for _, p := range r.Plugins {
		if err := s.stage(p, ""); err != nil {
			return err
		}
	}
	if _, err := s.Assemble(s.t.Context(), r); err != nil {
		return err
	}
	return s.Activate(s.t.Context(), r)
}

// history is the audit trail, a line a record, which must be whole.
func (s *scene) history() []string {
	s.t.Helper()
	records, problems, err := trail.Load(s.t.Context(), s.Trail)
	require.NoError(s.t, err)
	require.Empty(s.t, problems)
	require.Empty(s.t, trail.Verify(records, s.shown.head))
	var lines []string
	for _, r := range records {
		what := r.Generation
		if r.Plugin != nil {
			what = r.Plugin.String()
		}
		require.Equal(s.t, "alice", r.Actor)
		lines = append(lines, fmt.Sprintf("%s %s %s", r.Action, strings.SplitN(what, "-", 2)[0], r.Outcome))
	}
	return lines
}

// portal loads what the volume has; names in broken do not load.
type portal struct {
	dir    string
	loaded generation.ID
	broken []string
	// err is what it answers instead.
	err      error
	switched []generation.ID
	// image is that of the container backstage; those in bad do not work.
	image string
	bad   string
}

func (p *portal) Switch(_ context.Context, id generation.ID, images map[string]install.Image) error {
	if p.loaded != id {
		p.switched = append(p.switched, id)
	}
	p.loaded = id
	if image, asked := images["backstage"]; asked && p.image != image.Tagged {
		p.image = image.Pinned
	}
	return nil
}

// built are images by tag.
type built map[string]string

func (b built) Image(_ context.Context, tag string) (install.Image, error) {
	if image, found := b[tag]; found {
		return install.Image{Pinned: image, Tagged: "repository:" + tag}, nil
	}
	return install.Image{}, fmt.Errorf("no image has the tag %s", tag)
}

func (p *portal) Prove(_ context.Context, want install.Want) error {
	if p.err != nil {
		return p.err
	}
	image, asked := want.Images["backstage"]
	if p.image != "" && (p.image == p.bad || image.Pinned == p.bad) {
		return fmt.Errorf("%w: the image does not start", install.ErrNotProved)
	}
	if asked && p.image != image.Pinned && p.image != image.Tagged {
		return fmt.Errorf("%w: it runs %s", install.ErrNotProved, p.image)
	}
	if want.Generation != p.loaded {
		return fmt.Errorf("%w: it has loaded %s", install.ErrNotProved, p.loaded)
	}
	entries, err := os.ReadDir(filepath.Join(p.dir, p.loaded.Root(generation.Portal)))
	if err != nil || len(entries) != len(want.Portal) {
		return errors.Join(install.ErrNotProved, err)
	}
	for _, each := range append(want.Portal, want.Sidecar...) {
		for _, broken := range p.broken {
			if each.Name == broken {
				return fmt.Errorf("%w: %s did not load: Error: no", install.ErrNotProved, each)
			}
		}
	}
	return nil
}

func (p *portal) Running(context.Context) ([]generation.ID, error) {
	return []generation.ID{p.loaded}, nil
}

// shown is what is shown last.
type shown struct {
	reports []install.Report
	head    trail.Head
	set     *install.SetRequest
	checks  []string
	// broken is why nothing can be shown, nil when it can.
	broken error
}

func (s *shown) Show(_ context.Context, r install.Report) error {
	s.reports = append(s.reports, r)
	if r.Head != (trail.Head{}) {
		s.head = r.Head
	}
	if r.Proved != nil {
		s.set = r.Proved
	}
	return nil
}

func (s *shown) Checked(_ context.Context, problem string) error {
	s.checks = append(s.checks, problem)
	return s.broken
}

func (s *shown) Head(context.Context) (trail.Head, error)         { return s.head, nil }
func (s *shown) Set(context.Context) (*install.SetRequest, error) { return s.set, nil }
func (s *shown) last() install.Report                             { return s.reports[len(s.reports)-1] }
