package installer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"gatehouse/plugins/install"
	"gatehouse/plugins/install/sources"
	"gatehouse/plugins/trail"
	trails3 "gatehouse/plugins/trail/s3"
)

const (
	// answersAge is how long what a registry said counts.
	answersAge = 24 * time.Hour
	// advisoriesFresh is how long the source of advisories is not asked again. The
	// gate has its own limit of what is too old.
	advisoriesFresh = 6 * time.Hour
)

// setting reads a variable that must be there.
func (p *program) setting(name string) (string, error) {
	if value := p.world.Getenv(name); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("%w: the variable %s is not set", install.ErrInvalid, name)
}

// invalid is an error of the settings.
func invalid(name string, err error) error {
	return fmt.Errorf("%w: %s: %w", install.ErrInvalid, name, err)
}

// aws is the configuration of the AWS SDK, read when a setting is in a bucket.
func (p *program) aws(ctx context.Context) (aws.Config, error) {
	c, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return c, fmt.Errorf("find the credentials of AWS: %w", err)
	}
	return c, nil
}

func inBucket(text string) bool { return strings.HasPrefix(text, trails3.Scheme) }

// openTrail is the audit trail. A bucket's own default decides how long Object Lock
// keeps a record.
func (p *program) openTrail(ctx context.Context) (trail.Log, error) {
	at, err := p.setting(install.VariableTrail)
	if err != nil {
		return nil, err
	}
	if !inBucket(at) {
		folder, err := trail.OpenFolder(at)
		if err != nil {
			return nil, invalid(install.VariableTrail, err)
		}
		return folder, nil
	}
	c, err := p.aws(ctx)
	if err != nil {
		return nil, err
	}
	log, err := trails3.Open(c, at, trails3.Retention{}, time.Now)
	if err != nil {
		return nil, invalid(install.VariableTrail, err)
	}
	return log, nil
}

// variables have what may be wrong of the sources.
var variables = map[sources.Option]string{
	sources.Registry: install.VariableRegistry, sources.Cache: install.VariableCache, sources.TrustedRoot: install.VariableTrustedRoot,
}

// sources are what the gate is told by, for all installations on the volume. Close
// them.
func (p *program) sources(ctx context.Context, volume string) (*sources.Opened, error) {
	text, err := p.setting(install.VariableRegistry)
	if err != nil {
		return nil, err
	}
	registry, err := url.Parse(text)
	if err != nil {
		return nil, invalid(install.VariableRegistry, err)
	}
	s, err := sources.Open(ctx, sources.Options{
		Registry: registry, Token: p.token(install.VariableRegistryToken), Cache: p.world.Getenv(install.VariableCache),
		Advisories: p.world.Getenv(install.VariableAdvisories), Folder: filepath.Join(volume, "advisories"), Fresh: advisoriesFresh,
		TrustedRoot: p.world.Getenv(install.VariableTrustedRoot), AWS: p.aws, Now: time.Now, Log: p.log,
	})
	var wrong *sources.InvalidError
	if errors.As(err, &wrong) {
		return nil, invalid(variables[wrong.Option], wrong.Err)
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.Advisories.Get(); err != nil {
		p.log.Warn("known vulnerabilities cannot be had", "error", err.Error())
	}
	if s.Stale != nil {
		p.log.Warn("what is known of vulnerabilities is not new", "error", s.Stale.Error())
	}
	host := strings.ReplaceAll(registry.Host, ":", "_") + strings.ReplaceAll(registry.Path, "/", "_")
	s.Answers = &install.Answers{Folder: filepath.Join(volume, "answers", host), Age: answersAge, Now: time.Now, Log: p.log}
	return s, nil
}

// direct asks pods by their addresses. HTTP_PROXY counts, for nodes that are reached
// through one.
func direct() *http.Client {
	transport, is := http.DefaultTransport.(*http.Transport)
	if !is {
		return http.DefaultClient
	}
	transport = transport.Clone()
	transport.DisableKeepAlives = true // a pod that ends must not be held
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// errNoVolume says where the volume should be.
var errNoVolume = errors.New("no volume is mounted there")
