package sources_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/install/sources"
	"gatehouse/plugins/npm/npmtest"
)

var errNoAWS = errors.New("no credentials")

// working are sources on this machine: a registry, and a folder of advisories.
func working(t *testing.T) (*npmtest.Registry, sources.Options) {
	t.Helper()
	registry := npmtest.New(t)
	known := filepath.Join(t.TempDir(), "known")
	require.NoError(t, os.Mkdir(known, 0o755))
	record, err := json.Marshal(map[string]any{
		"id": "GHSA-1", "modified": time.Now().UTC().Format(time.RFC3339), "database_specific": map[string]string{"severity": "HIGH"},
		"affected": []any{map[string]any{"package": map[string]string{"ecosystem": "npm", "name": "one"}, "versions": []string{"1.0.0"}}},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(known, "GHSA-1.json"), record, 0o600))
	return registry, sources.Options{
		Registry: registry.URL, Advisories: known, Folder: filepath.Join(t.TempDir(), "advisories"), Now: time.Now,
		AWS: func(context.Context) (aws.Config, error) { return aws.Config{}, errNoAWS },
	}
}

func TestOpen(t *testing.T) {
	registry, o := working(t)
	o.Cache = t.TempDir()
	p := registry.Publish(npmtest.Package{Name: "one", Version: "1.0.0"})
	s, err := sources.Open(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Stale)
	require.NotNil(t, s.Provenance)
	known, err := s.Advisories.Get()
	require.NoError(t, err)
	found, err := known.Find(t.Context(), []advisory.Component{{Name: "one", Version: "1.0.0"}})
	require.NoError(t, err)
	require.Len(t, found.Vulnerabilities, 1)
	packed, err := s.Registry.Fetch(t.Context(), p.Ref, p.Integrity)
	require.NoError(t, err)
	require.NoError(t, packed.Close())
	kept, err := os.ReadDir(o.Cache)
	require.NoError(t, err)
	require.NotEmpty(t, kept)
}

// Advisories may be there later: that they are not now is for the gate to say.
func TestAdvisoriesThatCannotBeHad(t *testing.T) {
	for name, c := range map[string]struct{ source, want string }{
		"a folder": {filepath.Join(t.TempDir(), "nowhere"), "no such file"},
		"a bucket": {"s3://bucket/all.zip", "open s3://bucket/all.zip: no credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			_, o := working(t)
			o.Advisories = c.source
			s, err := sources.Open(t.Context(), o)
			require.NoError(t, err)
			_, err = s.Advisories.Get()
			require.ErrorContains(t, err, c.want)
			require.NoError(t, s.Close())
		})
	}
}

func TestWrongOptions(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*sources.Options)
		want   sources.Option
		text   string
	}{
		"a registry with a password": {func(o *sources.Options) {
			o.Registry = &url.URL{Scheme: "https", Host: "registry.example", User: url.User("me")}
		}, sources.Registry, "read the registry"},
		"a root that is none": {func(o *sources.Options) { o.TrustedRoot = o.Advisories + "/GHSA-1.json" }, sources.TrustedRoot, "read the trusted root"},
		"a root not there":    {func(o *sources.Options) { o.TrustedRoot = "nowhere" }, sources.TrustedRoot, "open nowhere"},
		"a cache without a name": {func(o *sources.Options) {
			o.Cache, o.AWS = "s3://", func(context.Context) (aws.Config, error) { return aws.Config{}, nil }
		}, sources.Cache, "want s3://BUCKET/PREFIX"},
	} {
		t.Run(name, func(t *testing.T) {
			_, o := working(t)
			c.change(&o)
			_, err := sources.Open(t.Context(), o)
			var wrong *sources.InvalidError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.want, wrong.Option)
			require.ErrorContains(t, err, c.text)
		})
	}
	// Credentials may be there later: nothing is wrong with the option.
	_, o := working(t)
	o.Cache = "s3://bucket/cache"
	_, err := sources.Open(t.Context(), o)
	require.ErrorIs(t, err, errNoAWS)
	var wrong *sources.InvalidError
	require.NotErrorAs(t, err, &wrong)
}
