package install

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/store"
)

// LoaderPort is where the container plugin-loader serves its plugins, beside the
// portal in the same pod.
const LoaderPort = 7008

// Assemble makes the generation of a set, and what pods without a generation find.
func (i *Installer) Assemble(ctx context.Context, r SetRequest) (g generation.Generation, err error) {
	err = i.alone(ctx, func(ctx context.Context) error {
		g, err = i.assemble(ctx, r)
		return err
	})
	return g, err
}

func (i *Installer) assemble(ctx context.Context, r SetRequest) (generation.Generation, error) {
	all := generation.Open(i.Store)
	if err := all.Bootstrap(ctx, i.Extras); err != nil {
		return generation.Generation{}, err
	}
	var list []generation.Plugin
	for _, p := range r.Plugins {
		if p.Strategy == plugins.Rebuild {
			continue
		}
		entry, err := i.Store.Find(ctx, store.Spec{Ref: p.Ref, Integrity: p.Integrity})
		if errors.Is(err, store.ErrAbsent) {
			return generation.Generation{}, fmt.Errorf("%w: %s is not staged: delete its Job plugin-stage-* and run up again", ErrInvalid, p.Ref)
		}
		var damaged *store.DamagedError
		if errors.As(err, &damaged) {
			return generation.Generation{}, fmt.Errorf("%w: %w: delete its Job plugin-stage-* and run up again", ErrInvalid, err)
		}
		if err != nil {
			return generation.Generation{}, err
		}
		list = append(list, plugin(p, entry))
	}
	extras, err := i.extras(list)
	if err != nil {
		return generation.Generation{}, err
	}
	g, err := all.Assemble(ctx, list, extras)
	var invalid *generation.InvalidError
	switch {
	case errors.As(err, &invalid):
		return g, fmt.Errorf("%w: %w", ErrInvalid, err)
	case err != nil:
		return g, err
	}
	i.Log.Info("assembled", "generation", string(g.ID), "plugins", len(g.Plugins), "files", len(g.Files), "bytes", g.Files.Bytes(), "reused", g.Reused)
	return g, nil
}

// plugin is a staged plugin in its place.
func plugin(p Plugin, entry store.Entry) generation.Plugin {
	made := generation.Plugin{Entry: entry}
	if p.AppConfig != "" {
		made.Config = []byte(p.AppConfig)
	}
	if p.Strategy == plugins.Sidecar {
		made.Room = generation.Sidecar
	}
	return made
}

// extras are ours; they tell the portal where it finds the plugins that the
// container beside it loads (Backstage, "discovery.endpoints").
func (i *Installer) extras(list []generation.Plugin) ([]generation.Extra, error) {
	var ids []string
	for _, p := range list {
		if p.Room != generation.Sidecar {
			continue
		}
		id, err := i.pluginID(p.Entry)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	extras := slices.Clone(i.Extras)
	if len(ids) == 0 || len(extras) == 0 {
		return extras, nil
	}
	slices.Sort(ids)
	config, err := yaml.Marshal(map[string]any{"discovery": map[string]any{"endpoints": []any{map[string]any{
		"target": fmt.Sprintf("http://localhost:%d/api/{{pluginId}}", LoaderPort), "plugins": ids,
	}}}})
	extras[0].Config = config
	return extras, err
}

// pluginID is what the package says of itself.
func (i *Installer) pluginID(entry store.Entry) (string, error) {
	f, err := i.Store.Volume().Root().Open(path.Join(entry.Package(), "package.json"))
	if err != nil {
		return "", fmt.Errorf("read the package.json of %s: %w", entry.Ref, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return "", fmt.Errorf("read the package.json of %s: %w", entry.Ref, err)
	}
	p, err := npm.ParsePackage(content)
	if err != nil {
		return "", fmt.Errorf("%w: read the package.json of %s: %w", ErrInvalid, entry.Ref, err)
	}
	if p.Backstage.PluginID == "" {
		return "", fmt.Errorf("%w: %s names no backstage.pluginId, by which the portal finds it in the container beside: take another strategy", ErrInvalid, entry.Ref)
	}
	return p.Backstage.PluginID, nil
}
