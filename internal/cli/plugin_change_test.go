package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/status"
	"gatehouse/stacks"
	"gatehouse/stacks/config"
)

func asked(text string) installFlags {
	return installFlags{judging: judgeFlags{advisories: "advisories"}, integrity: text}
}

func mustRef(t *testing.T, text string) plugins.Ref {
	t.Helper()
	ref, err := plugins.ParseRef(text)
	require.NoError(t, err)
	return ref
}

func TestPluginInstall(t *testing.T) {
	s := newPluginScene(t, "")
	published := s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	before := s.stack()
	ups := 0
	change, cmd, out := s.changing("install plugin-a@1.0.0", func() error {
		ups++
		require.Len(t, packagesOf(t, s.stack()), 1, "the file has it before the up")
		return nil
	}, status.Status{Phase: status.Proved, Generation: "3-abc"})
	f := asked("")
	pkg, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.0.0"))
	require.NoError(t, err)
	require.NoError(t, f.install(cmd, change, pkg), out)
	require.Equal(t, 1, ups)
	require.Equal(t, []config.Package{{
		Name: "plugin-a", Version: "1.0.0", Integrity: config.Integrity(published.Integrity.String()), Accept: []config.Exception{},
	}}, packagesOf(t, s.stack()))
	require.Contains(t, out.String(), "+        - name: plugin-a\n")
	require.Contains(t, out.String(), "plugin-a@1.0.0 is installed\nBackstage has loaded generation 3-abc")
	require.Equal(t, before, strings.Replace(s.stack(), "      packages:\n        - name: plugin-a\n          version: 1.0.0\n          integrity: "+published.Integrity.String()+"\n", "", 1))
}

// What the gate refuses changes nothing, and nothing is brought up.
func TestPluginInstallRefused(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "evil-plugin", Version: "1.0.0"})
	before := s.stack()
	change, cmd, out := s.changing("install evil-plugin@1.0.0", func() error { return errors.New("never") }, status.Status{})
	f := asked("")
	pkg, err := f.candidate(change.plugins(), mustRef(t, "evil-plugin@1.0.0"))
	require.NoError(t, err)
	require.ErrorIs(t, f.install(cmd, change, pkg), errFindings)
	require.Equal(t, before, s.stack())
	require.Contains(t, out.String(), "evil-plugin@1.0.0 was not installed; nothing was changed")
}

// After an up that failed the file is as it was, byte for byte, and the reason is
// told.
func TestPluginInstallFails(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	before := s.stack()
	install := func(up func() error) error {
		change, cmd, out := s.changing("install plugin-a@1.0.0", up, status.Status{
			Phase: status.RolledBack, Failure: status.Failure{Reason: "it threw at require"},
		})
		f := asked("")
		pkg, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.0.0"))
		require.NoError(t, err)
		err = f.install(cmd, change, pkg)
		return errors.Join(err, errors.New(out.String()))
	}
	err := install(func() error { return errors.New("the Job failed") })
	require.ErrorContains(t, err, "install plugin-a@1.0.0: the Job failed")
	require.ErrorContains(t, err, "Pulumi.staging.yaml is as it was before")
	require.Equal(t, before, s.stack())

	err = install(func() error { return errFindings })
	require.ErrorIs(t, err, errFindings, "refused by the policies")
	require.Equal(t, before, s.stack())

	// Somebody else's change meanwhile is not lost.
	err = install(func() error {
		s.file("Pulumi.staging.yaml", s.stack()+"# mine\n")
		return errors.New("the Job failed")
	})
	require.ErrorContains(t, err, "has the change still")
	require.ErrorContains(t, err, "was changed by somebody else meanwhile")
	require.Contains(t, s.stack(), "# mine")
}

func TestPluginInstallCandidate(t *testing.T) {
	s := newPluginScene(t, "      packages:\n        - name: plugin-a\n          version: 1.0.0\n          integrity: sha512-"+strings.Repeat("A", 86)+"==\n          strategy: sidecar\n          appConfig: {a: 1}\n          accept: [{step: signature, id: unsigned, reason: old, expires: \"2099-01-01\"}]\n")
	change, _, _ := s.changing("install", nil, status.Status{})
	f := installFlags{accept: []string{"signature:unsigned", "licence:GPL-2.0"}, change: changeFlags{reason: "new"}, expires: "2099-02-01"}
	pkg, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.1.0"))
	require.NoError(t, err)
	require.Empty(t, pkg.Integrity, "that of another version is not taken")
	require.Equal(t, plugins.Sidecar, change.plugins().StrategyOf(pkg))
	require.Equal(t, map[string]any{"a": 1}, pkg.AppConfig)
	require.Equal(t, []config.Exception{
		{Step: "signature", ID: "unsigned", Reason: "new", Expires: "2099-02-01"},
		{Step: "licence", ID: "GPL-2.0", Reason: "new", Expires: "2099-02-01"},
	}, pkg.Accept)

	s.file("fragment.yaml", "b: {c: true}\n")
	f = installFlags{appConfig: "fragment.yaml", strategy: "dynamic"}
	pkg, err = f.candidate(change.plugins(), mustRef(t, "plugin-a@1.0.0"))
	require.NoError(t, err)
	require.NotEmpty(t, pkg.Integrity)
	require.Equal(t, plugins.Dynamic, change.plugins().StrategyOf(pkg))
	require.Equal(t, map[string]any{"b": map[string]any{"c": true}}, pkg.AppConfig)

	s.file("empty.yaml", "")
	s.file("broken.yaml", "a: [")
	for want, f := range map[string]installFlags{
		"--accept needs --reason and --expires":      {accept: []string{"signature:unsigned"}},
		"name it with --accept STEP:ID":              {expires: "2099-01-01"},
		`did you mean "signature"?`:                  {accept: []string{"signatur:unsigned"}, change: changeFlags{reason: "r"}, expires: "2099-01-01"},
		"which problem? STEP:ID":                     {accept: []string{"signature"}, change: changeFlags{reason: "r"}, expires: "2099-01-01"},
		"that day has gone by":                       {accept: []string{"signature:a"}, change: changeFlags{reason: "r"}, expires: "2020-01-01"},
		"--app-config: open nowhere":                 {appConfig: "nowhere"},
		"--app-config: empty.yaml has nothing in it": {appConfig: "empty.yaml"},
		"--app-config: read broken.yaml: yaml":       {appConfig: "broken.yaml"},
	} {
		_, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.1.0"))
		require.ErrorContains(t, err, want)
	}
}

func TestPluginUninstall(t *testing.T) {
	integrity := "sha512-" + strings.Repeat("A", 86) + "=="
	s := newPluginScene(t, "      packages: # all\n        - name: plugin-a\n          version: 1.0.0\n          integrity: "+integrity+"\n")
	change, cmd, out := s.changing("uninstall plugin-a", func() error {
		require.Empty(t, packagesOf(t, s.stack()))
		require.NotNil(t, packagesOf(t, s.stack()), "they are managed still")
		return nil
	}, status.Status{Phase: status.Proved, Generation: "4-def"})
	require.NoError(t, uninstall(cmd, change, "plugin-a"))
	require.Contains(t, s.stack(), "      packages: [] # all\n")
	require.Contains(t, out.String(), "plugin-a is uninstalled\nBackstage has loaded generation 4-def")

	change, cmd, _ = s.changing("uninstall plugin-a", func() error { return nil }, status.Status{})
	require.ErrorContains(t, uninstall(cmd, change, "plugin-a"), "does not name it; gatehouse plugin list -s staging")
}

// A change that the configuration's rules refuse is not written.
func TestPluginChangeMustBeValid(t *testing.T) {
	s := newPluginScene(t, "")
	s.registry.Publish(npmtest.Package{Name: "plugin-a", Version: "1.0.0"})
	s.file("fragment.yaml", "a: {password: hunter22}\n")
	before := s.stack()
	change, cmd, out := s.changing("install plugin-a@1.0.0", func() error { return errors.New("never") }, status.Status{})
	f := asked("")
	f.appConfig = "fragment.yaml"
	pkg, err := f.candidate(change.plugins(), mustRef(t, "plugin-a@1.0.0"))
	require.NoError(t, err)
	err = f.install(cmd, change, pkg)
	require.ErrorContains(t, err, "the configuration would be wrong")
	require.ErrorContains(t, err, "looks like a secret")
	require.NotContains(t, err.Error()+out.String(), "hunter22")
	require.Equal(t, before, s.stack())
}

// Who is not on a terminal must say --yes, and sees what would change.
func TestPluginChangeAsks(t *testing.T) {
	s := newPluginScene(t, "      packages:\n        - name: plugin-a\n          version: 1.0.0\n          integrity: sha512-"+strings.Repeat("A", 86)+"==\n")
	before := s.stack()
	code, _, stderr := inHere(t, "", "plugin", "uninstall", "plugin-a", "-s", "staging")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "-        - name: plugin-a\n")
	require.Contains(t, stderr, "needs a person's word: add --yes")
	require.Equal(t, before, s.stack())
}

func TestPluginChangeKeepsTheFilesMode(t *testing.T) {
	s := newPluginScene(t, "")
	require.NoError(t, os.Chmod("Pulumi.staging.yaml", 0o640))
	change, _, _ := s.changing("x", nil, status.Status{})
	require.NoError(t, change.write(change.content, append([]byte("# new\n"), change.content...)))
	info, err := os.Stat("Pulumi.staging.yaml")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o640), info.Mode())
}

// Of several that change one file at once one wins, and the others are told so.
func TestTwoPluginChangesAtOnce(t *testing.T) {
	s := newPluginScene(t, "")
	before := s.stack()
	changes := make([]*pluginChange, 8)
	for i := range changes {
		changes[i], _, _ = s.changing("x", nil, status.Status{})
	}
	errs := make([]error, len(changes))
	var all sync.WaitGroup
	for i, change := range changes {
		all.Go(func() { errs[i] = change.write(change.content, fmt.Appendf(nil, "# %d\n%s", i, before)) })
	}
	all.Wait()
	var won []int
	for i, err := range errs {
		if err == nil {
			won = append(won, i)
			continue
		}
		require.ErrorContains(t, err, "was changed by somebody else meanwhile")
	}
	require.Len(t, won, 1)
	first, _, _ := strings.Cut(s.stack(), "\n")
	require.Equal(t, fmt.Sprintf("# %d", won[0]), first)
}

// Why somebody changes plugins reaches the program as it does from `pulumi up`.
func TestTheReasonReachesTheProgram(t *testing.T) {
	t.Setenv(stacks.ReasonVariable, "that of before")
	s := newPluginScene(t, "")
	change, cmd, _ := s.changing("install", nil, status.Status{})
	change.operation.output = "none" // it ends before anything is started
	require.ErrorContains(t, change.operate(cmd), `unknown output "none"`)
	require.Equal(t, "that of before", os.Getenv(stacks.ReasonVariable))
	change.reason = "CHG-7"
	require.ErrorContains(t, change.operate(cmd), `unknown output "none"`)
	require.Equal(t, "CHG-7", os.Getenv(stacks.ReasonVariable))
}
