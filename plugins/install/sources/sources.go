// Package sources opens what the gate judges by: the npm registry, what is known of
// vulnerabilities, and the root that attestations are trusted by. The installer in the
// cluster and the commands of a workstation open them alike. It is a package of its own
// so that whoever only names plugins/install's settings links no AWS SDK and no sigstore.
//
// What is made of them is plugins/install's.
package sources

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
	"gatehouse/plugins/gate/advisory/database/s3source"
	"gatehouse/plugins/gate/attestation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/s3cache"
)

// Scheme begins what is in a bucket.
const Scheme = "s3://"

// Options are where the sources are.
type Options struct {
	// Registry is the npm registry, and Token a token for it, "" for none.
	Registry *url.URL
	Token    func() string
	// Cache is where tarballs are kept: s3://BUCKET/PREFIX or a folder; nowhere by
	// default.
	Cache string
	// Advisories are as in [database.Options], Source; Folder keeps them, and Fresh is
	// how long their source is not asked again.
	Advisories string
	Folder     string
	Fresh      time.Duration
	// TrustedRoot is a file, sigstore's trusted_root.json; the public one by default.
	TrustedRoot string
	// AWS is where s3:// leads to. It is called when something is there.
	AWS func(context.Context) (aws.Config, error)
	// Now is the clock of the judgement.
	Now func() time.Time
	// Log is told of what went wrong and did not matter; nothing by default.
	Log *slog.Logger
}

// InvalidError means that an option is wrong: to try again changes nothing.
type InvalidError struct {
	Option Option
	Err    error
}

// Option names one of [Options] that may be wrong.
type Option string

// The options that may be wrong. Advisories that cannot be had are for the gate to say.
const (
	Registry    Option = "registry"
	Cache       Option = "cache of tarballs"
	TrustedRoot Option = "trusted root"
)

func (e *InvalidError) Error() string { return fmt.Sprintf("read the %s: %v", e.Option, e.Err) }

func (e *InvalidError) Unwrap() error { return e.Err }

// Opened are open sources. Close them.
type Opened struct {
	install.Sources
	// Stale says why the advisories are older ones; nil when they are not, and when
	// there are none.
	Stale error

	fetched *database.Fetched
}

// Close gives back what they hold.
func (o *Opened) Close() error {
	if o.fetched == nil {
		return nil
	}
	return o.fetched.Close()
}

// Open opens the sources. The registry is not asked yet. Advisories that cannot be had
// are no error: the sources say why.
func Open(ctx context.Context, o Options) (*Opened, error) {
	s := &Opened{Sources: install.Sources{Now: o.Now}}
	var err error
	if s.Registry, err = o.registry(ctx); err != nil {
		return nil, err
	}
	if s.Provenance, err = o.provenance(); err != nil {
		return nil, &InvalidError{TrustedRoot, err}
	}
	s.fetched, err = database.Fetch(ctx, database.Options{
		Source: o.Advisories, Folder: o.Folder, Fresh: o.Fresh, Log: o.Log,
		S3: func(ref string) (database.Remote, error) {
			config, err := o.AWS(ctx)
			if err != nil {
				return nil, fmt.Errorf("open %s: %w", ref, err)
			}
			return s3source.Open(config, ref)
		},
	})
	if err != nil {
		s.Advisories = gate.Missing[advisory.Source](err)
		return s, nil
	}
	s.Advisories, s.Stale = gate.Have[advisory.Source](s.fetched), s.fetched.Stale
	return s, nil
}

func (o Options) registry(ctx context.Context) (*npm.Client, error) {
	options := npm.Options{Registry: o.Registry, Token: o.Token, Log: o.Log}
	switch {
	case strings.HasPrefix(o.Cache, Scheme):
		config, err := o.AWS(ctx)
		if err != nil {
			return nil, fmt.Errorf("open the cache of tarballs: %w", err)
		}
		if options.Cache, err = s3cache.Open(config, o.Cache); err != nil {
			return nil, &InvalidError{Cache, err}
		}
	case o.Cache != "":
		options.Cache = npm.Folder(o.Cache)
	}
	client, err := npm.New(options)
	if err != nil {
		return nil, &InvalidError{Registry, err}
	}
	return client, nil
}

func (o Options) provenance() (func([]byte) (gate.Provenance, error), error) {
	root := attestation.DefaultRoot()
	if o.TrustedRoot != "" {
		var err error
		if root, err = os.ReadFile(o.TrustedRoot); err != nil {
			return nil, err
		}
	}
	verifier, err := attestation.New(root)
	if err != nil {
		return nil, err
	}
	return verifier.Provenance, nil
}
