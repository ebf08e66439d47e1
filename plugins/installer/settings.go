package installer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
	"gatehouse/plugins/gate/advisory/database/s3source"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/s3cache"
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

// registry is the npm registry with its cache.
func (p *program) registry(ctx context.Context) (*npm.Client, error) {
	options := npm.Options{Log: p.log, Token: func() string { return p.world.Getenv(install.VariableRegistryToken) }}
	text, err := p.setting(install.VariableRegistry)
	if err != nil {
		return nil, err
	}
	if options.Registry, err = url.Parse(text); err != nil {
		return nil, invalid(install.VariableRegistry, err)
	}
	switch at := p.world.Getenv(install.VariableCache); {
	case inBucket(at):
		c, err := p.aws(ctx)
		if err != nil {
			return nil, err
		}
		if options.Cache, err = s3cache.Open(c, at); err != nil {
			return nil, invalid(install.VariableCache, err)
		}
	case at != "":
		options.Cache = npm.Folder(at)
	}
	client, err := npm.New(options)
	if err != nil {
		return nil, invalid(install.VariableRegistry, err)
	}
	return client, nil
}

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

// sources are what the gate is told by. close gives back what they hold.
func (p *program) sources(ctx context.Context, volume string) (s install.Sources, done func() error, err error) {
	s.Now = time.Now
	if s.Registry, err = p.registry(ctx); err != nil {
		return s, nil, err
	}
	host := "registry"
	if at, err := url.Parse(p.world.Getenv(install.VariableRegistry)); err == nil {
		host = strings.ReplaceAll(at.Host, ":", "_") + strings.ReplaceAll(at.Path, "/", "_")
	}
	s.Answers = &install.Answers{Folder: filepath.Join(volume, "answers", host), Age: answersAge, Now: time.Now, Log: p.log}
	if s.Provenance, err = p.provenance(); err != nil {
		return s, nil, err
	}
	known, err := p.advisories(ctx, volume)
	if err != nil {
		p.log.Warn("known vulnerabilities cannot be had", "error", err.Error())
		s.Advisories = gate.Missing[advisory.Source](err)
		return s, func() error { return nil }, nil
	}
	if known.Stale != nil {
		p.log.Warn("what is known of vulnerabilities is not new", "error", known.Stale.Error())
	}
	s.Advisories = gate.Have[advisory.Source](known)
	return s, known.Close, nil
}

// advisories are kept on the volume, for all installations.
func (p *program) advisories(ctx context.Context, volume string) (*database.Fetched, error) {
	return database.Fetch(ctx, database.Options{
		Source: p.world.Getenv(install.VariableAdvisories), Folder: filepath.Join(volume, "advisories"), Fresh: advisoriesFresh, Log: p.log,
		S3: func(ref string) (database.Remote, error) {
			c, err := p.aws(ctx)
			if err != nil {
				return nil, err
			}
			return s3source.Open(c, ref)
		},
	})
}

func (p *program) provenance() (func([]byte) (gate.Provenance, error), error) {
	root := attestation.DefaultRoot()
	if file := p.world.Getenv(install.VariableTrustedRoot); file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, invalid(install.VariableTrustedRoot, err)
		}
		root = content
	}
	v, err := attestation.New(root)
	if err != nil {
		return nil, invalid(install.VariableTrustedRoot, err)
	}
	return v.Provenance, nil
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
