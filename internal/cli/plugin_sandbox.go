package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"gatehouse/sandbox"
)

// errSandboxOfNone means that --sandbox stands without a stack, each of which has a
// sandbox of its own.
var errSandboxOfNone = errors.New("--sandbox is that of a stack: name it with -s")

// inSandboxOf is the sandbox that a command about a stack's plugins means. Nothing of
// the user's is asked or given beside it: no credentials, profile or kubeconfig.
type inSandboxOf struct {
	root, stack, region string
}

// sandboxed is the stack's sandbox.
func (s stackDocument) sandboxed() *inSandboxOf {
	return &inSandboxOf{s.root, s.stack(), string(s.config.Environment.Region)}
}

// open finds the servers of a sandbox that was up.
func (s *inSandboxOf) open(ctx context.Context) (sandbox.Status, error) {
	found, err := sandbox.Open(s.root, s.stack).Status(ctx)
	if err != nil {
		return sandbox.Status{}, err
	}
	if found.AWS.Endpoint == "" || found.Kubernetes.Server == "" {
		return sandbox.Status{}, fmt.Errorf("the sandbox of %s was never up; run gatehouse up -s %s --sandbox", s.stack, s.stack)
	}
	return found, nil
}

// aws is the emulator, which takes any credentials.
func (s *inSandboxOf) aws(ctx context.Context) (aws.Config, error) {
	found, err := s.open(ctx)
	if err != nil {
		return aws.Config{}, err
	}
	return emulated(found, s.region), nil
}

// emulated is the AWS of a sandbox.
func emulated(found sandbox.Status, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(found.AWS.Endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
	}
}

// tellPretended says after an up of a sandbox without Backstage that the plugins were
// installed and not proved: its pods pretend, and with them the Job that asks them.
func (f *operationFlags) tellPretended(cmd *cobra.Command) {
	if f.layer != "" || !slices.Contains(f.pretended, "backstage") {
		return
	}
	document, err := readStack(f.stack)
	if err != nil || !document.plugins().Managed() {
		return
	}
	out := cmd.OutOrStdout()
	if f.output == "json" {
		out = cmd.ErrOrStderr()
	}
	writeField(out, "plugins", "not proved: Backstage is not installed, so its pods and the Job plugin-activate only pretend;"+
		" make sandbox-backstage installs it, and the next change of the plugins is proved")
}
