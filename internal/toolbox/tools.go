package toolbox

import (
	"fmt"
	"slices"
	"strings"
)

// Tool is one program that is built from its Go module.
type Tool struct {
	// Name of the program, and of the binary.
	Name string
	// Module is the folder of the tool's own module, below the project's root.
	Module string
	// Package is the main package. It may lie in another module.
	Package string
	// Pinned is the module in go.mod whose required version is the tool's own.
	Pinned string
	// Symbols are variables that the linker sets, as IMPORTPATH.NAME=VALUE.
	// {version} (v1.2.3), {major} and {minor} stand for the pinned version.
	Symbols []string
	// Takes says how long a build takes with nothing cached, for people.
	Takes string
	// Asked is the command line that prints the version of a copy on PATH. With
	// none, copies on PATH are not looked for.
	Asked []string
}

// Names of the tools.
const (
	Pulumi       = "pulumi"
	ControlPlane = "controlplane"
	Linter       = "golangci-lint"
	TestRunner   = "gotestsum"
	RuleTester   = "promtool"
	RouteTester  = "amtool"
	Scorer       = "kube-score"
	LoadTester   = "k6"
	ClusterLint  = "popeye"
	StateMetrics = "kube-state-metrics"
)

func tools() []Tool {
	return []Tool{
		{
			Name:    Pulumi,
			Module:  "tools/pulumi",
			Package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
			Pinned:  "github.com/pulumi/pulumi/pkg/v3",
			// Without it the Automation API takes the CLI for too old.
			Symbols: []string{"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"},
			Takes:   "2 to 5 minutes",
			Asked:   []string{"pulumi", "version"},
		},
		{
			Name:    ControlPlane,
			Module:  "tools/controlplane",
			Package: ".",
			Pinned:  "k8s.io/kubernetes",
			// Without them clients cannot parse what the API server says it is.
			Symbols: []string{
				"k8s.io/component-base/version.gitVersion={version}",
				"k8s.io/component-base/version.gitMajor={major}",
				"k8s.io/component-base/version.gitMinor={minor}",
			},
			Takes: "6 to 10 minutes",
		},
		{
			Name:    Linter,
			Module:  "tools/lint",
			Package: "github.com/golangci/golangci-lint/v2/cmd/golangci-lint",
			Pinned:  "github.com/golangci/golangci-lint/v2",
			Takes:   "2 minutes",
			Asked:   []string{"golangci-lint", "version", "--short"},
		},
		{
			Name:    TestRunner,
			Module:  "tools/gotestsum",
			Package: "gotest.tools/gotestsum",
			Pinned:  "gotest.tools/gotestsum",
			Takes:   "10 seconds",
		},
		{
			Name:    RuleTester,
			Module:  "tools/prometheus",
			Package: "github.com/prometheus/prometheus/cmd/promtool",
			Pinned:  "github.com/prometheus/prometheus",
			// Prometheus 3.N is module version 0.30N: the program says its module's.
			Symbols: []string{"github.com/prometheus/common/version.Version={version}"},
			Takes:   "4 minutes",
		},
		{
			Name:    RouteTester,
			Module:  "tools/alertmanager",
			Package: "github.com/prometheus/alertmanager/cmd/amtool",
			Pinned:  "github.com/prometheus/alertmanager",
			Symbols: []string{"github.com/prometheus/common/version.Version={version}"},
			Takes:   "2 minutes",
		},
		{
			Name:    Scorer,
			Module:  "tools/kube-score",
			Package: "github.com/zegl/kube-score/cmd/kube-score",
			Pinned:  "github.com/zegl/kube-score",
			Takes:   "1 minute",
		},
		{
			Name:    LoadTester,
			Module:  "tools/k6",
			Package: "go.k6.io/k6",
			Pinned:  "go.k6.io/k6",
			Takes:   "2 minutes",
		},
		{
			Name:    ClusterLint,
			Module:  "tools/popeye",
			Package: "github.com/derailed/popeye",
			Pinned:  "github.com/derailed/popeye",
			Takes:   "3 minutes",
		},
		{
			Name:    StateMetrics,
			Module:  "tools/kube-state-metrics",
			Package: "k8s.io/kube-state-metrics/v2",
			Pinned:  "k8s.io/kube-state-metrics/v2",
			Takes:   "2 minutes",
		},
	}
}

// Find returns the tool of that name. The error lists the names there are.
func Find(name string) (Tool, error) {
	all := tools()
	if i := slices.IndexFunc(all, func(t Tool) bool { return t.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Tool{}, fmt.Errorf("find tool %q: the tools are %s", name, strings.Join(Names(), ", "))
}

// Names lists the tools.
func Names() []string {
	var names []string
	for _, tool := range tools() {
		names = append(names, tool.Name)
	}
	return names
}
