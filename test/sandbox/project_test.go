package sandbox

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

// binary is the gatehouse binary that the tests run; TestMain builds it.
var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
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

// project is a folder with the committed configuration and nothing else.
type project struct {
	root string
	// env is added to the environment of every command.
	env []string
}

func newProject(t testing.TB) *project {
	t.Helper()
	if testing.Short() {
		t.Skip("long: brings environments up in the sandbox; run make test")
	}
	repository, err := filepath.Abs("../..")
	require.NoError(t, err)
	p := &project{root: t.TempDir()}
	for _, name := range []string{"Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml", "policy-config.yaml", "waivers.yaml"} {
		text, err := os.ReadFile(filepath.Join(repository, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(p.root, name), text, 0o600))
	}
	require.NoError(t, os.Symlink(filepath.Join(repository, "tools"), filepath.Join(p.root, "tools")))
	t.Cleanup(func() {
		if code, _, stderr := p.run(t, "sandbox", "down"); code != 0 {
			t.Errorf("sandbox down: exit %d: %s", code, stderr)
		}
	})
	return p
}

func (p *project) command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Dir = p.root
	cmd.Env = append(os.Environ(), p.env...)
	return cmd
}

// run runs gatehouse and returns its exit code and what it wrote.
func (p *project) run(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := p.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode(), out.String(), errs.String()
	}
	require.NoError(t, err)
	return 0, out.String(), errs.String()
}

// operate runs an operation on an environment in the sandbox and wants the exit
// code. The result is what `-o json` prints.
func (p *project) operate(t testing.TB, want int, op engine.Operation, stack string, args ...string) engine.Result {
	t.Helper()
	args = append([]string{string(op), "-s", stack, "--sandbox", "-o", "json"}, args...)
	if op != engine.Preview {
		args = append(args, "--yes")
	}
	code, stdout, stderr := p.run(t, args...)
	require.Equal(t, want, code, "%v\n%s", args, stderr)
	var result engine.Result
	require.NoError(t, json.Unmarshal([]byte(stdout), &result), "standard output holds JSON alone: %s", stdout)
	return result
}

func (p *project) status(t testing.TB, stack string) sandbox.Status {
	t.Helper()
	code, stdout, stderr := p.run(t, "sandbox", "status", "-s", stack, "-o", "json")
	require.Equal(t, 0, code, stderr)
	var status sandbox.Status
	require.NoError(t, json.Unmarshal([]byte(stdout), &status))
	return status
}

// aws is the configuration of an SDK client of the environment's emulator.
func (p *project) aws(t testing.TB, stack string) aws.Config {
	t.Helper()
	return awsAt(p.status(t, stack).AWS.Endpoint)
}

func awsAt(endpoint string) aws.Config {
	return aws.Config{
		Region: "us-west-2", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
	}
}

// kubectl is how Terratest reaches the environment's cluster.
func (p *project) kubectl(t *testing.T, stack, namespace string) *k8s.KubectlOptions {
	t.Helper()
	return k8s.NewKubectlOptions("", p.status(t, stack).Kubernetes.Kubeconfig, namespace)
}

// eventually waits for a condition of another process.
func eventually(t *testing.T, what string, condition func(ctx context.Context) bool) {
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
