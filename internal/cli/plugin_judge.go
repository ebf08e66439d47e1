package cli

import (
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
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
	"gatehouse/plugins/gate/advisory/database/s3source"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm"
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
	flags.StringVar(&f.trustedRoot, "trusted-root", "", "sigstore's trusted_root.json (default: the public one)")
	flags.StringVar(&f.host, "host", "", "the manifest of the Backstage that is to load it")
}

// judge has the gate judge one package of a configuration, as the installer in
// the cluster does. say hears what takes long. Close the judgement.
func (f judgeFlags) judge(ctx context.Context, root string, p config.Plugins, pkg config.Package, say io.Writer) (*install.Judgement, error) {
	request, err := f.request(root, p, pkg)
	if err != nil {
		return nil, err
	}
	client, err := f.client(p)
	if err != nil {
		return nil, err
	}
	provenance, err := f.provenance()
	if err != nil {
		return nil, err
	}
	known, done := f.known(ctx, p, say)
	defer done()
	return install.Judge(ctx, install.Sources{Registry: client, Advisories: known, Provenance: provenance, Now: time.Now}, request)
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

func (f judgeFlags) client(p config.Plugins) (*npm.Client, error) {
	text := f.registry
	if text == "" {
		text = string(p.Registry)
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("--registry: %w", err)
	}
	return npm.New(npm.Options{Registry: address, Token: func() string { return os.Getenv(install.VariableRegistryToken) }})
}

func (f judgeFlags) provenance() (func([]byte) (gate.Provenance, error), error) {
	root := attestation.DefaultRoot()
	if f.trustedRoot != "" {
		var err error
		if root, err = os.ReadFile(f.trustedRoot); err != nil {
			return nil, fmt.Errorf("read the trusted root: %w", err)
		}
	}
	verifier, err := attestation.New(root)
	if err != nil {
		return nil, fmt.Errorf("read the trusted root: %w", err)
	}
	return verifier.Provenance, nil
}

// known opens what is known of vulnerabilities, which is kept in the user's cache.
// Why nothing is known is for the gate's step to say.
func (f judgeFlags) known(ctx context.Context, p config.Plugins, say io.Writer) (gate.Found[advisory.Source], func()) {
	source := f.advisories
	if source == "" {
		source = string(p.Advisories)
	}
	folder, err := f.kept(source)
	if err != nil {
		return gate.Missing[advisory.Source](err), func() {}
	}
	if strings.Contains(source, "://") {
		fmt.Fprintf(say, "known vulnerabilities: asking %s\n", source)
	}
	fetched, err := database.Fetch(ctx, database.Options{
		Source: source, Folder: folder,
		S3: func(ref string) (database.Remote, error) {
			cfg, err := f.aws(ctx)
			if err != nil {
				return nil, fmt.Errorf("open %s: %w", ref, err)
			}
			return s3source.Open(cfg, ref)
		},
	})
	if err != nil {
		return gate.Missing[advisory.Source](err), func() {}
	}
	if fetched.Stale != nil {
		fmt.Fprintf(say, "warning: %v\n", fetched.Stale)
	}
	return gate.Have[advisory.Source](fetched.Database), func() { _ = fetched.Close() } // it was only read
}

// kept is the folder in which advisories are kept. A bucket of the sandbox may have
// the name of a real one: what is in it is kept apart.
func (f judgeFlags) kept(source string) (string, error) {
	if f.sandbox != nil && strings.HasPrefix(source, "s3://") {
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
