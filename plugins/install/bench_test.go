package install_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
)

// large is a plugin whose tarball has about 7 MB in 500 files: text that packs to a
// third, as JavaScript does.
func large(name string) npmtest.Package {
	words := strings.Fields("const function return await module exports require async throw new Error this plugin config router")
	random := rand.New(rand.NewPCG(1, 2))
	files := map[string]string{"dist/index.cjs.js": "exports.default = {}"}
	for i := range 500 {
		var b strings.Builder
		for b.Len() < 40_000 {
			fmt.Fprintf(&b, "%s v%x;\n", words[random.IntN(len(words))], random.Uint32())
		}
		files[fmt.Sprintf("dist/chunk-%d.cjs.js", i)] = b.String()
	}
	return npmtest.Package{
		Name: name, Version: "1.0.0", Files: files,
		Fields: map[string]any{"license": "MIT", "backstage": map[string]any{"role": "backend-plugin", "pluginId": name}},
	}
}

// BenchmarkStage5MB is the gate and the store for one plugin whose tarball and
// answers are cached: what a stage Job does the second time.
func BenchmarkStage5MB(b *testing.B) {
	s := newScene(b)
	known := knownDatabase(b)
	s.Sources.Advisories = gate.Have[advisory.Source](known)
	p := s.registry.Publish(large("large"))
	b.Logf("the tarball has %d bytes", len(p.Tarball))
	plugin := install.Plugin{Ref: p.Ref, Integrity: p.Integrity, Strategy: plugins.Dynamic}
	require.NoError(b, s.stage(plugin, ""))
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		require.NoError(b, os.RemoveAll(filepath.Join(s.dir, "store")))
		b.StartTimer()
		require.NoError(b, s.stage(plugin, ""))
	}
}

// BenchmarkNPMPack5MB is what people do today: `npm pack` and tar, which look at
// nothing but the integrity.
func BenchmarkNPMPack5MB(b *testing.B) {
	if _, err := exec.LookPath("npm"); err != nil {
		b.Skip("npm is not installed")
	}
	s := newScene(b)
	s.registry.Publish(large("large"))
	cache := b.TempDir()
	for b.Loop() {
		dir := b.TempDir()
		pack := exec.CommandContext(b.Context(), "npm", "pack", "large@1.0.0", "--prefer-offline", "--cache", cache, "--registry", s.registry.URL.String())
		pack.Dir = dir
		out, err := pack.CombinedOutput()
		require.NoError(b, err, "%s", out)
		out, err = exec.CommandContext(b.Context(), "tar", "-xzf", filepath.Join(dir, "large-1.0.0.tgz"), "-C", dir).CombinedOutput()
		require.NoError(b, err, "%s", out)
	}
}

// BenchmarkStage50 stages 50 plugins of 5 MB at once, in one process: each Job is a
// pod of its own in a cluster.
func BenchmarkStage50(b *testing.B) {
	s := newScene(b)
	var list []install.Plugin
	for i := range 50 {
		p := s.registry.Publish(large(fmt.Sprintf("large-%d", i)))
		list = append(list, install.Plugin{Ref: p.Ref, Integrity: p.Integrity, Strategy: plugins.Dynamic})
	}
	peak := uint64(0)
	for b.Loop() {
		var group sync.WaitGroup
		for _, p := range list {
			group.Go(func() { require.NoError(b, s.stage(p, "")) })
		}
		group.Wait()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.Sys)
	}
	b.ReportMetric(float64(peak)/(1<<20), "MiB")
}

// knownDatabase has 2,500 advisories; how large a database is hardly matters (plugins/gate/advisory/database).
func knownDatabase(b *testing.B) *database.Fetched {
	b.Helper()
	dir := b.TempDir()
	for i := range 2500 {
		var all strings.Builder
		fmt.Fprintf(&all, `{"id": "GHSA-%d", "modified": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "package-%d"}, "versions": ["1.0.0"]}]}`, i, i)
		require.NoError(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.json", i)), []byte(all.String()), 0o600))
	}
	require.NoError(b, os.WriteFile(filepath.Join(dir, "now.json"), knownAdvisories["GHSA-1.json"].Data, 0o600))
	fetched, err := database.Fetch(context.Background(), database.Options{Source: dir, Folder: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, fetched.Close()) })
	return fetched
}
