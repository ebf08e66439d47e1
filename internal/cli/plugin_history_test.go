package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
	"gatehouse/sandbox/sandboxtest"
	"gatehouse/stacks/config"
)

// writeTrail writes what an installer writes: a installed, then upgraded, then b
// installed and a uninstalled; between them a generation that failed.
func writeTrail(t *testing.T, folder string) (records []trail.Record) {
	t.Helper()
	log, err := trail.OpenFolder(folder)
	require.NoError(t, err)
	add := func(action trail.Action, text, generation string, outcome trail.Outcome) {
		r := trail.Record{Time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Actor: "installer", Action: action, Generation: generation, Outcome: outcome, Exceptions: []trail.Exception{}}
		if text != "" {
			ref := mustRef(t, text)
			r.Plugin, r.Integrity = &ref, sumOf(t, text)
		}
		written, err := trail.Append(t.Context(), log, r)
		require.NoError(t, err)
		records = append(records, written)
	}
	add(trail.Prove, "", "1-aa", trail.Succeeded)
	add(trail.Install, "plugin-a@1.0.0", "1-aa", trail.Succeeded)
	add(trail.Prove, "", "2-bb", trail.Failed)
	add(trail.Rollback, "", "1-aa", trail.Succeeded)
	add(trail.Prove, "", "3-cc", trail.Succeeded)
	add(trail.Upgrade, "plugin-a@2.0.0", "3-cc", trail.Succeeded)
	add(trail.Prove, "", "4-dd", trail.Succeeded)
	add(trail.Install, "plugin-b@1.0.0", "4-dd", trail.Succeeded)
	add(trail.Uninstall, "plugin-a@2.0.0", "4-dd", trail.Succeeded)
	return records
}

// sumOf is an integrity that differs for each text.
func sumOf(t *testing.T, text string) plugins.Integrity {
	t.Helper()
	letter := string('A' + rune(len(text)+int(text[len(text)-5]))%20)
	sum, err := plugins.ParseIntegrity("sha512-" + strings.Repeat(letter, 85) + "A==")
	require.NoError(t, err)
	return sum
}

func TestPluginHistory(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "trail")
	records := writeTrail(t, folder)
	head := records[len(records)-1].Head().String()

	code, stdout, stderr := inHere(t, "", "plugin", "history", "--trail", folder, "--verify", "--head", head)
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, "plugin-a@1.0.0")
	for line := range strings.Lines(stdout) {
		require.LessOrEqual(t, len([]rune(line)), helpWidth+1, line)
	}
	_, stdout, _ = inHere(t, "", "plugin", "history", "plugin-b", "--trail", folder, "-o", "json")
	validJSON(t, trail.Schema(), stdout)
	var history trail.History
	require.NoError(t, json.Unmarshal([]byte(stdout), &history))
	require.Len(t, history.Records, 1)

	// The end is cut off: only a head that was kept shows it.
	last := filepath.Join(folder, trail.Place{Sequence: 9}.Name())
	require.NoError(t, os.Remove(last))
	code, _, stderr = inHere(t, "", "plugin", "history", "--trail", folder, "--verify")
	require.Equal(t, exitOK, code)
	require.Contains(t, stderr, "no head is known")
	code, stdout, _ = inHere(t, "", "plugin", "history", "--trail", folder, "--verify", "--head", head)
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "truncated")

	// One in the middle is gone.
	require.NoError(t, os.Remove(filepath.Join(folder, trail.Place{Sequence: 4}.Name())))
	code, stdout, _ = inHere(t, "", "plugin", "history", "--trail", folder, "--verify")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "removed")

	for want, args := range map[string][]string{
		"which trail? name a stack with -s": {},
		"--head: ":                          {"--trail", folder, "--verify", "--head", "x"},
		"add --verify":                      {"--trail", folder, "--head", head},
		`unknown output "xml"`:              {"--trail", folder, "-o", "xml"},
	} {
		code, _, stderr := inHere(t, "", append([]string{"plugin", "history"}, args...)...)
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, want)
	}
}

func refs(s provedSet) (list []string) {
	for _, p := range s.packages {
		list = append(list, p.Ref().String())
	}
	return list
}

func TestProvedSets(t *testing.T) {
	sets := provedSets(writeTrail(t, t.TempDir()))
	require.Len(t, sets, 3)
	for i, want := range []string{"1-aa plugin-a@1.0.0", "3-cc plugin-a@2.0.0", "4-dd plugin-b@1.0.0"} {
		require.Equal(t, want, sets[i].generation+" "+strings.Join(refs(sets[i]), " "))
	}
	require.Empty(t, provedSets(nil))
}

func request(t *testing.T, list ...install.Plugin) json.RawMessage {
	t.Helper()
	text, err := install.Encode(install.SetRequest{Plugins: list, Keep: 5})
	require.NoError(t, err)
	return json.RawMessage(text)
}

func TestChooseSet(t *testing.T) {
	sets := provedSets(writeTrail(t, t.TempDir()))
	now := config.Plugins{InstallMode: config.InstallDynamic, Packages: []config.Package{{Name: "plugin-b", Version: "1.0.0", Integrity: config.Integrity(sumOf(t, "plugin-b@1.0.0").String())}}}

	set, err := chooseSet(status.Status{}, sets, "", now)
	require.NoError(t, err)
	require.Equal(t, "3-cc", set.generation, "the one before what is configured")
	set, err = chooseSet(status.Status{}, sets, "1-aa", now)
	require.NoError(t, err)
	require.Equal(t, []string{"plugin-a@1.0.0"}, refs(set))
	set, err = chooseSet(status.Status{}, sets, "", config.Plugins{})
	require.NoError(t, err)
	require.Equal(t, "4-dd", set.generation, "the newest, when the file asks for something else")
	_, err = chooseSet(status.Status{}, sets, "2-bb", now)
	require.ErrorContains(t, err, "generation 2-bb was never proved")
	_, err = chooseSet(status.Status{}, sets[2:], "", now)
	require.ErrorContains(t, err, "no other generation that was proved")

	good := status.Status{LastGood: status.Good{Generation: "4-dd", Request: request(t, install.Plugin{
		Ref: mustRef(t, "plugin-b@1.0.0"), Integrity: sumOf(t, "plugin-b@1.0.0"), Strategy: plugins.Sidecar, AppConfig: "b: 1\n",
	})}}
	set, err = chooseSet(good, sets, "4-dd", now)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"b": 1}, set.packages["plugin-b"].AppConfig)
	good.LastGood.Request = json.RawMessage(`{"plugins": 1}`)
	_, err = chooseSet(good, sets, "", now)
	require.ErrorContains(t, err, "read the last good generation")
}

func TestPluginRollback(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "trail")
	records := writeTrail(t, folder)
	log, err := trail.OpenFolder(folder)
	require.NoError(t, err)
	s := newPluginScene(t, "      packages:\n        # b is ours\n        - name: plugin-b\n          version: 1.0.0\n          integrity: "+sumOf(t, "plugin-b@1.0.0").String()+"\n      keep: 3\n")
	found := status.Status{Phase: status.Proved, Generation: "5-aa", TrailHead: records[len(records)-1].Head()}
	change, cmd, out := s.changing("roll back", func() error { return nil }, found)
	require.NoError(t, rollback(cmd, change, found, log, ""), out)
	list := packagesOf(t, s.stack())
	require.Len(t, list, 1)
	require.Equal(t, mustRef(t, "plugin-a@2.0.0"), list[0].Ref())
	require.Equal(t, sumOf(t, "plugin-a@2.0.0"), list[0].Integrity.Sum())
	require.Contains(t, out.String(), "plugin-a return: what was accepted for them is not kept anywhere")
	require.Contains(t, out.String(), "the plugins are those of generation 3-cc\nBackstage has loaded generation 5-aa")
	require.Contains(t, s.stack(), "# b is ours")
	require.Contains(t, s.stack(), "      keep: 3\n")

	// Nor does a status that names what the trail never saw.
	good := found
	good.LastGood = status.Good{Generation: "4-dd", Request: request(t, install.Plugin{
		Ref: mustRef(t, "evil@1.0.0"), Integrity: sumOf(t, "evil@1.0.0"), Strategy: plugins.Dynamic,
	})}
	before := s.stack()
	for _, to := range []string{"", "4-dd"} {
		change, cmd, _ = s.changing("roll back", func() error { return nil }, good)
		require.ErrorContains(t, rollback(cmd, change, good, log, to), "generation 4-dd has evil@1.0.0, which the audit trail has never seen verified")
	}
	// The name and version of one that it saw, with other bytes.
	good.LastGood.Request = request(t, install.Plugin{Ref: mustRef(t, "plugin-b@1.0.0"), Integrity: sumOf(t, "evil@1.0.0"), Strategy: plugins.Dynamic})
	change, cmd, _ = s.changing("roll back", func() error { return nil }, good)
	require.ErrorContains(t, rollback(cmd, change, good, log, ""), "plugin-b@1.0.0, which the audit trail has never seen")
	require.Equal(t, before, s.stack())

	// A trail that was tampered with says nothing.
	require.NoError(t, os.Remove(filepath.Join(folder, trail.Place{Sequence: 9}.Name())))
	change, cmd, _ = s.changing("roll back", func() error { return nil }, found)
	require.ErrorContains(t, rollback(cmd, change, found, log, ""), "the audit trail is not to be trusted: ")
	require.Equal(t, before, s.stack())
}

// The set keeps what the file says of a plugin beside its version.
func TestSetOverConfiguration(t *testing.T) {
	sidecar := config.PluginStrategy("sidecar")
	now := config.Plugins{InstallMode: config.InstallDynamic, Packages: []config.Package{
		{Name: "a", Version: "2.0.0", Strategy: &sidecar, AppConfig: map[string]any{"x": 1}, Accept: []config.Exception{{ID: "i"}}},
		{Name: "gone", Version: "1.0.0"},
	}}
	set := provedSet{"1-a", map[string]config.Package{"a": {Name: "a", Version: "1.0.0"}, "b": {Name: "b", Version: "1.0.0"}}}
	list, returned := set.over(now)
	require.Equal(t, []string{"b"}, returned)
	require.Equal(t, []config.Package{
		{Name: "a", Version: "1.0.0", Strategy: &sidecar, AppConfig: map[string]any{"x": 1}, Accept: []config.Exception{{ID: "i"}}},
		{Name: "b", Version: "1.0.0"},
	}, list)
}

func TestPluginStatusIsTheClusters(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a Kubernetes control plane")
	}
	connection, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(connection)
	require.NoError(t, err)
	_, err = client.CoreV1().Namespaces().Create(t.Context(), &core.Namespace{ObjectMeta: metav1.ObjectMeta{Name: portalNamespace}}, metav1.CreateOptions{})
	require.NoError(t, err)
	s := newPluginScene(t, "")
	_, cmd, out := s.changing("", nil, status.Status{})
	show := func(output string) error {
		found, err := readStatus(cmd, connection)
		require.NoError(t, err)
		annotated, err := readGenerations(cmd, connection)
		require.NoError(t, err)
		out.Reset()
		wanted := config.DefaultPlugins()
		wanted.Packages = []config.Package{}
		return showStatus(cmd, status.View{Status: found, Differs: differences(found, wanted, annotated)}, output)
	}
	require.ErrorIs(t, show("text"), errFindings)
	require.Contains(t, out.String(), "The portal never had a plugin.\n! nothing was ever installed: run up")

	store := status.Store{Client: client.CoreV1(), Namespace: portalNamespace, Name: install.StatusName, FieldManager: "test"}
	_, err = store.Update(t.Context(), func(s *status.Status) error {
		s.Generation, s.Phase, s.Failure = "1-aa", status.RolledBack, status.Failure{Generation: "2-bb", Reason: "it threw"}
		s.LastGood = status.Good{Generation: "1-aa", Request: json.RawMessage(`{"plugins":[]}`)}
		return nil
	})
	require.NoError(t, err)
	require.ErrorIs(t, show("text"), errFindings, "nothing has them")
	require.Contains(t, out.String(), "the portal has no Deployment")

	labels := map[string]string{"app": install.App}
	deployment, err := client.AppsV1().Deployments(portalNamespace).Create(t.Context(), &apps.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: "backstage-backend", Labels: labels},
		Spec: apps.DeploymentSpec{Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: core.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: map[string]string{install.Annotation: "1-aa"}},
			Spec:       core.PodSpec{Containers: []core.Container{{Name: "backstage", Image: "backstage:1"}}},
		}},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, show("text"), "it went back to what the configuration wants")
	require.Contains(t, out.String(), "it threw")
	require.NoError(t, show("json"))
	validJSON(t, status.Schema(), out.String())

	deployment.Spec.Template.Annotations[install.Annotation] = "9-cd"
	deployment.ResourceVersion = "" // whatever its controller has made of it
	_, err = client.AppsV1().Deployments(portalNamespace).Update(t.Context(), deployment, metav1.UpdateOptions{})
	require.NoError(t, err)
	require.ErrorIs(t, show("json"), errFindings, "somebody changed it by hand")
	require.Contains(t, out.String(), `names generation \"9-cd\"`)
	validJSON(t, status.Schema(), out.String())
}
