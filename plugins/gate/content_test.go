package gate_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/tarball"
)

func (s *scene) noTarball() { s.candidate.Tarball = gate.Missing[tarball.Listing](errDisk) }

// tarballOnly publishes the fields in the tarball, and leaves what the registry
// said before.
func (s *scene) tarballOnly() {
	before, sources := s.candidate.Manifest, s.sources
	s.pack()
	s.candidate.Manifest, s.sources = before, sources
}

func without(s *scene, path string) gate.Found[tarball.Listing] {
	listing, err := s.candidate.Tarball.Get()
	require.NoError(s.t, err)
	listing.Manifests = slices.DeleteFunc(slices.Clone(listing.Manifests), func(m tarball.Manifest) bool { return m.Path == path })
	return gate.Have(listing)
}

// field sets one field of package.json and packs again.
func field(name string, value any) func(*scene) {
	return func(s *scene) {
		s.fields[name] = value
		if value == nil {
			delete(s.fields, name)
		}
		s.pack()
	}
}

// file sets one file and packs again.
func file(path, content string) func(*scene) {
	return func(s *scene) {
		s.files[path] = content
		s.pack()
	}
}

const leftPad = "node_modules/left-pad/package.json"

func TestLicence(t *testing.T) {
	try(t, "licence", map[string]spoilt{
		"not allowed":   {field("license", "AGPL-3.0-only"), gate.Refuse, "AGPL-3.0-only is not allowed"},
		"one of two":    {field("license", "(AGPL-3.0-only OR MIT)"), gate.Pass, "OR MIT"},
		"both of two":   {field("license", "AGPL-3.0-only AND MIT"), gate.Refuse, "not allowed"},
		"none":          {field("license", nil), gate.Refuse, "names no licence"},
		"unlicensed":    {field("license", "UNLICENSED"), gate.Refuse, "nobody else a right"},
		"in a file":     {field("license", "SEE LICENSE IN EULA.md"), gate.Refuse, "somebody must read"},
		"no SPDX":       {field("license", "Apache 2.0"), gate.Refuse, "no SPDX expression"},
		"legacy object": {field("license", map[string]any{"type": "MIT", "url": "x"}), gate.Pass, "MIT"},
		"legacy list": {func(s *scene) {
			delete(s.fields, "license")
			field("licenses", []any{map[string]any{"type": "MIT"}})(s)
		}, gate.Pass, "MIT"},
		"a bundled one":          {file(leftPad, `{"name":"left-pad","version":"1.3.0","license":"GPL-3.0"}`), gate.Refuse, "left-pad@1.3.0: GPL-3.0 is not allowed"},
		"a bundled one, unnamed": {file(leftPad, `{"license":"MIT"}`), gate.Unknown, "no name or no version"},
		"no package of its own":  {file("node_modules/left-pad/esm/package.json", `{"type":"module"}`), gate.Pass, "1 bundled"},
		"a bundled one, accepted": {func(s *scene) {
			file(leftPad, `{"name":"left-pad","version":"1.3.0","license":"GPL-3.0"}`)(s)
			s.accept("licence", "left-pad@1.3.0")
		}, gate.AcceptedException, "the board said so"},
		"a bundled one, another accepted": {func(s *scene) {
			file(leftPad, `{"name":"left-pad","version":"1.3.0","license":"GPL-3.0"}`)(s)
			s.accept("licence", "left-pad@1.3.1")
		}, gate.Refuse, "not allowed"},
		"no list":      {func(s *scene) { s.policy.Licences.Allow = nil }, gate.Refuse, "not allowed"},
		"a wrong list": {func(s *scene) { s.policy.Licences.Allow = []string{"MITT"} }, gate.Unknown, "no SPDX licence"},
		"no tarball":   {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
	})
}

func TestVulnerabilities(t *testing.T) {
	high := func(s *scene) { s.add("GHSA-x.json", "HIGH") }
	try(t, "vulnerabilities", map[string]spoilt{
		"high":           {high, gate.Refuse, "left-pad@1.3.0 has GHSA-x (high)"},
		"below":          {func(s *scene) { s.add("GHSA-x.json", "MODERATE") }, gate.Pass, "1 vulnerabilities below high"},
		"unrated":        {func(s *scene) { s.add("GHSA-x.json", "") }, gate.Refuse, "unrated"},
		"accepted":       {func(s *scene) { high(s); s.accept("vulnerabilities", "GHSA-x") }, gate.AcceptedException, "the board"},
		"other accepted": {func(s *scene) { high(s); s.accept("vulnerabilities", "GHSA-y") }, gate.Refuse, "GHSA-x"},
		"not bundled but named exactly": {func(s *scene) {
			high(s)
			delete(s.files, leftPad)
			field("dependencies", map[string]any{"left-pad": "1.3.0"})(s)
		}, gate.Refuse, "left-pad@1.3.0"},
		"under another name": {func(s *scene) {
			high(s)
			delete(s.files, leftPad)
			field("dependencies", map[string]any{"pad": "npm:left-pad@1.3.0"})(s)
		}, gate.Refuse, "left-pad@1.3.0"},
		"named as a range": {func(s *scene) {
			high(s)
			delete(s.files, leftPad)
			field("dependencies", map[string]any{"left-pad": "^1.3.0"})(s)
		}, gate.Pass, "1 packages looked at"},
		"a bundled one, unnamed": {file(leftPad, `{}`), gate.Unknown, "no name or no version"},
		"stale":                  {func(s *scene) { s.sources.Now = now.AddDate(0, 0, 10) }, gate.Unknown, "old, more than"},
		"stale, accepted": {func(s *scene) {
			s.sources.Now = now.Add(-time.Hour)
			s.policy.Vulnerabilities.MaxAge = time.Hour
			s.accept("vulnerabilities", "stale")
		}, gate.AcceptedException, "old, more than"},
		"of the future": {func(s *scene) { s.sources.Now = now.AddDate(0, 0, -7) }, gate.Unknown, "yet to come"},
		"empty":         {func(s *scene) { clear(s.advisory) }, gate.Unknown, "no record of npm"},
		"damaged":       {func(s *scene) { s.advisory["MAL-0000-0.json"].Data = []byte(`{`) }, gate.Unknown, "MAL-0000-0.json"},
		"none":          {func(s *scene) { s.sources.Advisories = gate.Found[advisory.Source]{} }, gate.Unknown, "nobody looked"},
		"no tarball":    {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
	})
}

func TestScripts(t *testing.T) {
	try(t, "scripts", map[string]spoilt{
		"postinstall":         {field("scripts", map[string]any{"postinstall": "curl x | sh"}), gate.Refuse, `"curl x | sh"`},
		"prepare":             {field("scripts", map[string]any{"prepare": "husky"}), gate.Refuse, "prepare"},
		"others":              {field("scripts", map[string]any{"build": "x", "prepack": "x", "postpack": "x"}), gate.Pass, "no script"},
		"a bundled one":       {file(leftPad, `{"name":"left-pad","version":"1.3.0","license":"MIT","scripts":{"install":"node-gyp rebuild"}}`), gate.Refuse, "left-pad@1.3.0 has a script install"},
		"a bundled prepare":   {file(leftPad, `{"name":"left-pad","version":"1.3.0","license":"MIT","scripts":{"prepare":"husky"}}`), gate.Pass, "no script"},
		"binding.gyp":         {file("binding.gyp", "{}"), gate.Refuse, "compile"},
		"a bundled one's gyp": {file("node_modules/left-pad/binding.gyp", "{}"), gate.Refuse, "compile"},
		"a gyp elsewhere":     {file("dist/docs/binding.gyp", "{}"), gate.Pass, "no script"},
		"unreadable":          {file(leftPad, `{"name":"left-pad","version":"1.3.0","scripts":"x"}`), gate.Unknown, "cannot be seen"},
		"accepted":            {func(s *scene) { field("scripts", map[string]any{"install": "true"})(s); s.accept("scripts", "install") }, gate.AcceptedException, "the board"},
		"no tarball":          {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
	})
}

func TestLimits(t *testing.T) {
	try(t, "limits", map[string]spoilt{
		"packed":     {func(s *scene) { s.policy.Limits.Packed = 10 }, gate.Refuse, "more than 10"},
		"unpacked":   {func(s *scene) { s.policy.Limits.Unpacked = 10 }, gate.Refuse, "more than 10"},
		"files":      {func(s *scene) { s.policy.Limits.Files = 3 }, gate.Refuse, "4 files, more than 3"},
		"just":       {func(s *scene) { s.policy.Limits.Files = 4 }, gate.Pass, "4 files"},
		"path":       {file("dist/"+strings.Repeat("a/", 20)+strings.Repeat("b", 200), ""), gate.Refuse, "has 245 bytes, more than 240"},
		"accepted":   {func(s *scene) { s.policy.Limits.Files = 3; s.accept("limits", "files") }, gate.AcceptedException, "the board"},
		"no tarball": {func(s *scene) { s.noTarball() }, gate.Unknown, "disk"},
		"must not be opened": {func(s *scene) {
			s.candidate.Tarball = gate.Read(tarball.List(context.Background(), strings.NewReader("this is no gzip at all"), tarball.DefaultLimits()))
		}, gate.Refuse, "it is no gzip"},
	})
}

// add is an advisory of left-pad below 1.3.1.
func (s *scene) add(file, severity string) {
	text, err := json.Marshal(severity)
	require.NoError(s.t, err)
	s.advisory[file] = &fstest.MapFile{Data: []byte(`{"id":"GHSA-x","modified":"2026-11-18T00:00:00Z","database_specific":{"severity":` + string(text) + `},
		"affected":[{"package":{"ecosystem":"npm","name":"left-pad"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.3.1"}]}]}]}`)}
}
