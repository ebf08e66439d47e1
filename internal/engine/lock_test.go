package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/require"

	"gatehouse/internal/toolbox"
)

// What a killed run has changed or deleted may be in no state. So every operation
// after it looks first at what is there, not only the one that takes its lock away,
// which may be a preview: until an up is complete.
func TestAfterAKilledRun(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the Pulumi CLI")
	}
	pulumi, err := toolbox.Ensure(t.Context(), filepath.Join("..", ".."), "pulumi", func(string) {})
	require.NoError(t, err)
	o := Options{Root: t.TempDir(), Stack: "staging", Notice: func(string) {}}
	s := &Sandbox{Generation: "first"}
	for _, dir := range []string{"state", "work", "home"} {
		require.NoError(t, os.MkdirAll(s.path(o, dir), 0o700))
	}
	cli := newCommand(pulumi, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.path(o, "home"), "PULUMI_HOME=" + s.path(o, "home"),
		"PULUMI_BACKEND_URL=file://" + s.path(o, "state"), "PULUMI_CONFIG_PASSPHRASE=of a test", "PULUMI_SKIP_UPDATE_CHECK=true",
	})
	local, err := auto.NewLocalWorkspace(t.Context(), auto.WorkDir(s.path(o, "work")), auto.Pulumi(cli), auto.Project(workspace.Project{
		Name: tokens.PackageName("gatehouse"), Runtime: workspace.NewProjectRuntimeInfo("go", nil),
	}))
	require.NoError(t, err)
	stack, err := auto.UpsertStack(t.Context(), o.Stack, local)
	require.NoError(t, err)
	require.NoError(t, stack.Import(t.Context(), apitype.UntypedDeployment{Version: 3, Deployment: []byte(
		`{"manifest": {}, "resources": [{"urn": "urn:pulumi:staging::gatehouse::ours:Part::part", "type": "ours:Part"}]}`,
	)}))
	mend := func() *environment {
		t.Helper()
		w := &environment{stack: stack}
		require.NoError(t, s.mend(t.Context(), o, w))
		return w
	}
	require.NoError(t, mend().settled())
	require.False(t, mend().refreshFirst)

	dead := exec.Command("true")
	require.NoError(t, dead.Run())
	lock := s.path(o, "state", ".pulumi", "locks", "organization", "gatehouse", o.Stack, "0.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(lock), 0o700))
	require.NoError(t, os.WriteFile(lock, fmt.Appendf(nil, `{"pid": %d}`, dead.Process.Pid), 0o600))
	require.True(t, mend().refreshFirst, "by who takes the lock away")
	require.NoFileExists(t, lock)
	next := mend()
	require.True(t, next.refreshFirst, "by who comes next")
	require.NoError(t, next.settled())
	require.False(t, mend().refreshFirst)
}
