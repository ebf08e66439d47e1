package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/status"
	"gatehouse/stacks/config"
)

func TestPluginDifferences(t *testing.T) {
	integrity := config.Integrity("sha512-" + "B" + strings.Repeat("A", 85) + "==")
	wants := func(list ...config.Package) config.Plugins {
		p := config.DefaultPlugins()
		p.Packages = append([]config.Package{}, list...)
		return p
	}
	one := config.Package{Name: "one", Version: "1.0.0", Integrity: integrity, AppConfig: map[string]any{"a": 1}}
	changed := func(change func(*config.Package)) config.Plugins {
		pkg := one
		change(&pkg)
		return wants(pkg)
	}
	sidecar := config.PluginStrategy("sidecar")
	good := status.Good{Generation: "1-aa", Request: json.RawMessage(
		`{"plugins":[{"name":"one","version":"1.0.0","integrity":"` + string(integrity) + `","strategy":"dynamic","appConfig":"a: 1\n"}],"keep":3}`)}
	has := func(change func(*status.Status)) status.Status {
		s := status.Status{Generation: "1-aa", Phase: status.Proved, LastGood: good}
		change(&s)
		return s
	}
	as := func(*status.Status) {}
	same := map[string]string{"backstage-backend": "1-aa"}
	for name, c := range map[string]struct {
		found     status.Status
		wanted    config.Plugins
		annotated map[string]string
		want      []string
	}{
		"as it should be": {has(as), wants(one), same, nil},
		"an attempt failed": {has(func(s *status.Status) {
			s.Phase, s.Failure = status.RolledBack, status.Failure{Generation: "2-bb", Reason: "it threw"}
		}), wants(one), same, nil},
		"the file still wants it": {
			has(func(s *status.Status) { s.Phase = status.RolledBack }), changed(func(p *config.Package) { p.Version = "2.0.0" }), same,
			[]string{"one@2.0.0 is in the configuration, and the portal has 1.0.0: run up"},
		},
		"another one too": {has(as), wants(one, config.Package{Name: "two", Version: "1.0.0"}), same, []string{"two@1.0.0 is in the configuration, and the portal does not have it: run up"}},
		"one too many":    {has(as), wants(), same, []string{"the portal has one@1.0.0, which is not in the configuration: run up takes it out"}},
		"strategy":        {has(as), changed(func(p *config.Package) { p.Strategy = &sidecar }), same, []string{"one@1.0.0 is in the configuration in another way than the portal has it: run up"}},
		"app-config":      {has(as), changed(func(p *config.Package) { p.AppConfig = nil }), same, []string{"one@1.0.0 is in the configuration in another way than the portal has it: run up"}},
		"integrity":       {has(as), changed(func(p *config.Package) { p.Integrity = "sha512-x" }), same, []string{"one@1.0.0 is in the configuration in another way than the portal has it: run up"}},
		"not proved":      {has(func(s *status.Status) { s.Phase = status.Stopped }), wants(one), same, []string{"generation 1-aa is stopped, and not proved: look at the portal's pods, and run up"}},
		"found elsewhere": {has(func(s *status.Status) { s.Check.Problem = "x" }), wants(one), same, []string{"the nightly look has found that the portal is not as it was proved: see above"}},
		"an older one":    {has(func(s *status.Status) { s.Generation, s.Phase = "0-ff", status.RolledBack }), wants(one), map[string]string{"backstage-backend": "0-ff"}, []string{"the portal went back to generation 0-ff, and the plugins that were proved last are those of 1-aa: run up"}},
		"by hand":         {has(as), wants(one), map[string]string{"blue": "1-aa", "green": ""}, []string{`Deployment green was changed by hand: it names generation "", and "1-aa" was proved: undo that (kubectl rollout undo)`}},
		"no portal":       {has(as), wants(one), nil, []string{"the portal has no Deployment: run gatehouse refresh, and up"}},
		"never":           {status.Status{}, wants(), nil, []string{"nothing was ever installed: run up"}},
		"unmanaged":       {status.Status{}, config.DefaultPlugins(), nil, nil},
		"no more managed": {has(as), config.DefaultPlugins(), same, nil},
		"a secret": {has(func(s *status.Status) {
			s.LastGood.Request = json.RawMessage(`{"plugins":[{"name":"one","version":"1.0.0","integrity":"` + string(integrity) + `","strategy":"dynamic","appConfig":"a: '[redacted: secret]'\n"}],"keep":3}`)
		}), wants(one), same, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, differences(c.found, c.wanted, c.annotated))
		})
	}
}
