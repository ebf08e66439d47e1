// Package suite runs the built gatehouse binary as a person would, for the suites
// that bring whole environments up in the sandbox: it builds the binary once a
// package, and gives each test a project of its own.
package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/gruntwork-io/terratest/modules/k8s"
	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/sandbox"
)

// binary is the gatehouse binary that the tests run; Main builds it.
var binary string

// Main is what a suite's TestMain calls; it returns the exit code.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gatehouse-suite")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "gatehouse")
	for _, arg := range os.Args {
		if arg == "-test.short=true" {
			return m.Run() // every test skips itself
		}
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", dir+"/", "gatehouse/cmd/gatehouse", "gatehouse/cmd/pulumi-analyzer-policy-gatehouse")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build gatehouse: %v\n%s", err, out)
		return 2
	}
	return m.Run()
}

// Project is a folder with the committed configuration and nothing else.
type Project struct {
	Root string
	// Env is added to the environment of every command.
	Env []string
}

// New makes a project. Its sandboxes end with the test.
func New(t testing.TB) *Project {
	t.Helper()
	if testing.Short() {
		t.Skip("long: brings environments up in the sandbox; run make test")
	}
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	p := &Project{Root: t.TempDir()}
	for _, name := range []string{"Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml", "policy-config.yaml", "waivers.yaml"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(p.Root, name), text, 0o600))
	}
	require.NoError(t, os.Symlink(filepath.Join(repository, "tools"), filepath.Join(p.Root, "tools")))
	t.Cleanup(func() {
		if code, _, stderr := p.Run(t, "sandbox", "down"); code != 0 {
			t.Errorf("sandbox down: exit %d: %s", code, stderr)
		}
	})
	return p
}

// Command is gatehouse in the project, not started yet.
func (p *Project) Command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Dir = p.Root
	cmd.Env = append(os.Environ(), p.Env...)
	return cmd
}

// Run runs gatehouse and returns its exit code and what it wrote.
func (p *Project) Run(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := p.Command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode(), out.String(), errs.String()
	}
	require.NoError(t, err)
	return 0, out.String(), errs.String()
}

// Operate runs an operation on an environment in the sandbox and wants the exit
// code. The result is what `-o json` prints.
func (p *Project) Operate(t testing.TB, want int, op engine.Operation, stack string, args ...string) engine.Result {
	t.Helper()
	args = append([]string{string(op), "-s", stack, "--sandbox", "-o", "json"}, args...)
	if op != engine.Preview {
		args = append(args, "--yes")
	}
	code, stdout, stderr := p.Run(t, args...)
	require.Equal(t, want, code, "%v\n%s", args, stderr)
	var result engine.Result
	require.NoError(t, json.Unmarshal([]byte(stdout), &result), "standard output holds JSON alone: %s", stdout)
	return result
}

// Status is what `sandbox status` says.
func (p *Project) Status(t testing.TB, stack string) sandbox.Status {
	t.Helper()
	code, stdout, stderr := p.Run(t, "sandbox", "status", "-s", stack, "-o", "json")
	require.Equal(t, 0, code, stderr)
	var status sandbox.Status
	require.NoError(t, json.Unmarshal([]byte(stdout), &status))
	return status
}

// AWS is the configuration of an SDK client of the environment's emulator.
func (p *Project) AWS(t testing.TB, stack string) aws.Config {
	t.Helper()
	return AWSAt(p.Status(t, stack).AWS.Endpoint)
}

// AWSAt is that of an emulator at an address.
func AWSAt(endpoint string) aws.Config {
	return aws.Config{
		Region: "us-west-2", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
	}
}

// Kubectl is how Terratest reaches the environment's cluster.
func (p *Project) Kubectl(t *testing.T, stack, namespace string) *k8s.KubectlOptions {
	t.Helper()
	return k8s.NewKubectlOptions("", p.Status(t, stack).Kubernetes.Kubeconfig, namespace)
}

// Eventually waits for a condition of another process.
func Eventually(t *testing.T, what string, condition func(ctx context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	for !condition(ctx) {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
