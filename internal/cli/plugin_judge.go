package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/pflag"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/install/sources"
	"gatehouse/stacks/config"
)

// judgeFlags say where evidence comes from, over what the configuration says.
type judgeFlags struct {
	registry, advisories, trustedRoot, host string
	// sandbox is where s3:// leads to; nil is the user's AWS.
	sandbox *inSandboxOf
}

func (f *judgeFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.registry, "registry", "", "another npm registry; "+install.VariableRegistryToken+" has its token")
	flags.StringVar(&f.advisories, "advisories", "", "known vulnerabilities: a URL, s3://BUCKET/KEY, a file or folder")
	flags.StringVar(&f.trustedRoot, "trusted-root", "", "sigstore's trusted_root.json (default: the stack's, or the public one)")
	flags.StringVar(&f.host, "host", "", "the manifest of the Backstage that is to load it")
}

// judge has the gate judge one package of a configuration, as the installer in
// the cluster does. say hears what takes long. Close the judgement.
func (f judgeFlags) judge(ctx context.Context, root string, p config.Plugins, pkg config.Package, say io.Writer) (*install.Judgement, error) {
	request, err := f.request(root, p, pkg)
	if err != nil {
		return nil, err
	}
	if f.trustedRoot == "" && p.TrustedRoot != nil {
		f.trustedRoot = filepath.Join(root, *p.TrustedRoot)
	}
	opened, err := f.open(ctx, p, say)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }() // it was only read
	return install.Judge(ctx, opened.Sources, request)
}

// request is what the stage Job of the package would be asked for.
func (f judgeFlags) request(root string, p config.Plugins, pkg config.Package) (install.StageRequest, error) {
	policy, err := config.PluginPolicyYAML(p, pkg)
	if err != nil {
		return install.StageRequest{}, err
	}
	fragment, err := pkg.AppConfigYAML()
	if err != nil {
		return install.StageRequest{}, fmt.Errorf("write the fragment of app-config: %w", err)
	}
	r := install.StageRequest{
		Plugin: install.Plugin{Ref: pkg.Ref(), Strategy: p.StrategyOf(pkg), AppConfig: fragment},
		Policy: policy,
	}
	if pkg.Integrity != "" {
		if r.Plugin.Integrity, err = plugins.ParseIntegrity(string(pkg.Integrity)); err != nil {
			return install.StageRequest{}, fmt.Errorf("--integrity: %w", err)
		}
	}
	file := f.host
	if file == "" && p.Host != nil {
		file = filepath.Join(root, *p.Host)
	}
	if file == "" {
		return install.StageRequest{}, errors.New("which Backstage is to load it? name a stack with -s, or its manifest with --host")
	}
	r.Host, err = readHost(file)
	return r, err
}

// open opens what the gate is told by. Why nothing is known of vulnerabilities is for
// the gate's step to say.
func (f judgeFlags) open(ctx context.Context, p config.Plugins, say io.Writer) (*sources.Opened, error) {
	registry, err := url.Parse(cmp.Or(f.registry, string(p.Registry)))
	if err != nil {
		return nil, fmt.Errorf("--registry: %w", err)
	}
	o := sources.Options{
		Registry: registry, Token: func() string { return os.Getenv(install.VariableRegistryToken) },
		Advisories: cmp.Or(f.advisories, string(p.Advisories)), TrustedRoot: f.trustedRoot, AWS: f.aws, Now: time.Now,
	}
	if o.Folder, err = f.kept(o.Advisories); err != nil {
		return nil, err
	}
	if strings.Contains(o.Advisories, "://") {
		fmt.Fprintf(say, "known vulnerabilities: asking %s\n", o.Advisories)
	}
	opened, err := sources.Open(ctx, o)
	if err == nil && opened.Stale != nil {
		fmt.Fprintf(say, "warning: %v\n", opened.Stale)
	}
	return opened, err
}

// kept is the folder in which advisories are kept. A bucket of the sandbox may have
// the name of a real one: what is in it is kept apart.
func (f judgeFlags) kept(source string) (string, error) {
	if f.sandbox != nil && strings.HasPrefix(source, sources.Scheme) {
		return filepath.Join(f.sandbox.root, ".gatehouse", f.sandbox.stack, "advisories"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("keep the advisories: %w", err)
	}
	return filepath.Join(cache, "gatehouse", "advisories"), nil
}

// aws is the AWS that has the advisories.
func (f judgeFlags) aws(ctx context.Context) (aws.Config, error) {
	if f.sandbox != nil {
		return f.sandbox.aws(ctx)
	}
	return awsconfig.LoadDefaultConfig(ctx)
}
