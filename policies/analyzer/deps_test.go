package analyzer_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The engine starts the analyzer for every operation: it links no SDK whose
// start alone takes longer than judging.
func TestTheAnalyzerIsSmall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "gatehouse/cmd/pulumi-analyzer-policy-gatehouse").Output()
	require.NoError(t, err)
	for _, heavy := range []string{"github.com/aws/", "github.com/pulumi/pulumi-aws", "github.com/pulumi/pulumi-kubernetes", "k8s.io/client-go", "k8s.io/api/"} {
		require.NotContains(t, "\n"+string(out), "\n"+heavy)
	}
	for _, dep := range strings.Fields(string(out)) {
		if ours, is := strings.CutPrefix(dep, "gatehouse/"); is {
			require.Regexp(t, `^(policies|report|cmd)(/|$)`, ours, "the policies know only the report")
		}
	}
}
