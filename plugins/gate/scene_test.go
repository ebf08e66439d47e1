package gate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

var (
	now  = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	name = "@acme/plugin-notes-backend"
)

// scene is a plugin that every step passes, to be spoilt in one way.
type scene struct {
	t         testing.TB
	candidate gate.Candidate
	policy    gate.Policy
	sources   gate.Sources
	key       npmtest.Key
	fields    map[string]any
	files     map[string]string
	advisory  fstest.MapFS
}

func newScene(t testing.TB) *scene {
	s := &scene{
		t: t, policy: gate.DefaultPolicy(), key: npmtest.NewKey(t),
		fields: map[string]any{
			"name": name, "version": "1.2.3", "main": "dist/index.cjs.js", "license": "Apache-2.0",
			"backstage": map[string]any{"role": "backend-plugin", "supported-versions": "^1.40.0"},
			"engines":   map[string]any{"node": "20 || 22"},
			"dependencies": map[string]any{
				"@backstage/backend-plugin-api": "^1.4.0", "left-pad": "^1.3.0",
			},
			"peerDependencies":     map[string]any{"express": "^4.18.0", "optional-peer": "*"},
			"peerDependenciesMeta": map[string]any{"optional-peer": map[string]any{"optional": true}},
		},
		files: map[string]string{
			"dist/index.cjs.js":                  "exports.default = {};",
			"node_modules/left-pad/package.json": `{"name":"left-pad","version":"1.3.0","license":"WTFPL"}`,
			"node_modules/left-pad/index.js":     "",
		},
		advisory: fstest.MapFS{"MAL-0000-0.json": {Data: []byte(`{"id":"MAL-0000-0","modified":"2026-11-19T00:00:00Z",
			"affected":[{"package":{"ecosystem":"npm","name":"not-this"},"versions":["1.0.0"]}]}`)}},
	}
	s.sources = gate.Sources{
		Now: now,
		Host: gate.Have(gate.Host{Backstage: "1.42.3", Node: "22.11.0", Packages: map[string]string{
			"@backstage/backend-plugin-api": "1.4.1", "express": "4.21.0", "react": "18.3.1",
		}}),
		Advisories: gate.Have[advisory.Source](advisory.OSV{Files: s.advisory}),
	}
	return s.pack()
}

// pack publishes the fields and files, as an honest registry would.
func (s *scene) pack() *scene {
	s.t.Helper()
	own, err := json.Marshal(s.fields)
	require.NoError(s.t, err)
	files := maps.Clone(s.files)
	files["package.json"] = string(own)
	listing, err := tarball.List(context.Background(), bytes.NewReader(tarballtest.Pack(s.t, files)), tarball.DefaultLimits())
	require.NoError(s.t, err)
	p, err := npm.ParsePackage(own)
	require.NoError(s.t, err)
	s.candidate = gate.Candidate{
		Ref: plugins.Ref{Name: name, Version: "1.2.3"}, Integrity: listing.Integrity, Tarball: gate.Have(listing),
	}
	s.sources.Keys = gate.Have(s.keys(s.key))
	return s.manifest(npm.Manifest{
		Package: p, Published: now.AddDate(0, -1, 0),
		Dist: npm.Dist{Integrity: listing.Integrity, Signatures: s.signed(s.key, listing.Integrity)},
	})
}

func (s *scene) manifest(m npm.Manifest) *scene {
	s.candidate.Manifest = gate.Have(m)
	return s
}

// registry changes what the registry says.
func (s *scene) registry(change func(*npm.Manifest)) {
	m, err := s.candidate.Manifest.Get()
	require.NoError(s.t, err)
	change(&m)
	s.manifest(m)
}

func (s *scene) host(change func(*gate.Host)) {
	h, err := s.sources.Host.Get()
	require.NoError(s.t, err)
	h.Packages = maps.Clone(h.Packages)
	change(&h)
	s.sources.Host = gate.Have(h)
}

func (s *scene) signed(key npmtest.Key, integrity plugins.Integrity) []npm.Signature {
	id, _ := key.JSON()["keyid"].(string)
	return []npm.Signature{{KeyID: id, Sig: key.Sign(plugins.Ref{Name: name, Version: "1.2.3"}, integrity.String())}}
}

func (s *scene) keys(keys ...npmtest.Key) (all []npm.Key) {
	for _, key := range keys {
		content, err := json.Marshal(key.JSON())
		require.NoError(s.t, err)
		var one npm.Key
		require.NoError(s.t, json.Unmarshal(content, &one))
		all = append(all, one)
	}
	return all
}

// accept adds an exception for the plugin.
func (s *scene) accept(step, id string) {
	s.t.Helper()
	day, err := gate.NewDay("2026-11-20")
	require.NoError(s.t, err)
	override := s.policy.Plugins[name]
	override.Accept = append(override.Accept, gate.Exception{Step: step, ID: id, Reason: "the board said so", Expires: day})
	s.policy.Plugins = map[string]gate.Override{name: override}
}

func (s *scene) check() gate.Result {
	return gate.Check(context.Background(), s.candidate, s.policy, s.sources)
}

// step is what one step says.
func (s *scene) step(step string) gate.Step {
	s.t.Helper()
	for _, each := range s.check().Steps {
		if each.Name == step {
			return each
		}
	}
	require.Fail(s.t, "no step "+step)
	return gate.Step{}
}

// spoilt is one way to spoil a plugin, and what the step must say then.
type spoilt struct {
	spoil   func(*scene)
	verdict gate.Verdict
	part    string
}

// try spoils a fresh scene in each way.
func try(t *testing.T, step string, ways map[string]spoilt) {
	t.Helper()
	t.Run(step, func(t *testing.T) {
		require.Equal(t, step == "provenance", newScene(t).step(step).Verdict == gate.NotApplicable)
		for what, way := range ways {
			t.Run(what, func(t *testing.T) {
				s := newScene(t)
				way.spoil(s)
				got := s.step(step)
				require.Equal(t, way.verdict, got.Verdict, got.Reason)
				require.Contains(t, got.Reason, way.part)
				require.Equal(t, way.verdict.Lets(), got.Remedy == "", got.Remedy)
				if !way.verdict.Lets() {
					require.False(t, s.check().Accepted)
				}
			})
		}
	})
}
