package stacks

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/trail"
)

func TestWhoAsks(t *testing.T) {
	carol := func() (string, error) { return "carol", nil }
	for name, c := range map[string]struct {
		variables map[string]string
		login     func() (string, error)
		want      Asked
	}{
		"the user":   {nil, carol, Asked{Actor: "user:carol"}},
		"nobody":     {nil, func() (string, error) { return "root", errors.New("no such user") }, Asked{}},
		"a pipeline": {map[string]string{"GITHUB_ACTOR": "alice"}, carol, Asked{Actor: "github:alice"}},
		"another":    {map[string]string{"GITLAB_USER_LOGIN": "bob"}, carol, Asked{Actor: "gitlab:bob"}},
		"who says so": {
			map[string]string{"GATEHOUSE_ACTOR": "dave", "GITHUB_ACTOR": "alice", "GATEHOUSE_REASON": "CHG-7: the team wants it"},
			carol,
			Asked{"dave", "CHG-7: the team wants it"},
		},
		"blanks": {map[string]string{"GATEHOUSE_ACTOR": " \t", "GITHUB_ACTOR": "\n"}, carol, Asked{Actor: "user:carol"}},
		"a secret": {
			map[string]string{"GATEHOUSE_REASON": strings.Repeat("x ", 480) + "ghp_" + strings.Repeat("a1B2", 9)},
			carol,
			Asked{"user:carol", strings.Repeat("x ", 480) + trail.Redact("ghp_"+strings.Repeat("a1B2", 9))},
		},
		"a stranger's text": {
			map[string]string{"GATEHOUSE_ACTOR": "a\x1b[31m\nb\u202e \xff", "GATEHOUSE_REASON": " \t\r\n"}, carol, Asked{Actor: "a [31m b ?"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, newAsked(func(name string) string { return c.variables[name] }, c.login))
		})
	}
	long := newAsked(func(string) string { return strings.Repeat("ä", 5000) }, carol)
	require.Equal(t, longestActor, utf8.RuneCountInString(long.Actor))
	require.Equal(t, longestReason, utf8.RuneCountInString(long.Reason))
}

// Who asks is told to the Jobs of this up, and is no part of what they do: another
// person's up makes none of them anew.
func TestWhoAsksNamesNoJob(t *testing.T) {
	t.Setenv(ActorVariable, "alice")
	t.Setenv(ReasonVariable, "CHG-7")
	c := withPlugins(plugins.Dynamic, plugins.Rebuild)
	seen := runPortal(t, c)
	for _, step := range []string{"stage-@shop/dynamic", "stage-@shop/rebuild", "assemble", "build", "activate"} {
		job := seen.Named(t, jobType, "gatehouse-test-plugins-"+step)
		require.Equal(t, map[string]any{install.AnnotationActor: "alice", install.AnnotationReason: "CHG-7"}, job.Input("spec.template.metadata.annotations"), step)
		require.Equal(t, []string{
			`spec.template.metadata.annotations["gatehouse/reason"]`, `spec.template.metadata.annotations["gatehouse/requested-by"]`,
		}, job.IgnoreChanges, step)
		variables := environmentOf(t, job, inJob)
		require.Equal(t, "metadata.annotations['gatehouse/requested-by']", variables[install.VariableActor], step)
		require.Equal(t, "metadata.annotations['gatehouse/reason']", variables[install.VariableReason], step)
		require.Equal(t, "metadata.labels['batch.kubernetes.io/job-name']", variables[install.VariableJob], step)
	}
	cron := seen.Named(t, cronJobType, "gatehouse-test-plugins-maintain")
	require.Nil(t, cron.Input("spec.jobTemplate.spec.template.metadata.annotations"), "nobody asks for the nightly run")
	require.NotContains(t, environmentOf(t, cron, "spec.jobTemplate."+inJob), install.VariableActor)

	t.Setenv(ActorVariable, "bob")
	t.Setenv(ReasonVariable, "")
	require.Equal(t, jobs(seen), jobs(runPortal(t, c)))
}
