package s3cache_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/npm/s3cache"
	"gatehouse/sandbox/sandboxtest"
)

var _ npm.Cache = (*s3cache.Cache)(nil)

// installer is a client that has this cache, and what it logs.
func installer(t *testing.T, registry *npmtest.Registry, cfg aws.Config, ref string) (*npm.Client, *bytes.Buffer) {
	t.Helper()
	cache, err := s3cache.Open(cfg, ref)
	require.NoError(t, err)
	log := &bytes.Buffer{}
	client, err := npm.New(npm.Options{
		Registry: registry.URL, Cache: cache, Folder: t.TempDir(), Retries: -1,
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	require.NoError(t, err)
	return client, log
}

func fetch(t *testing.T, client *npm.Client, p npmtest.Publication) {
	t.Helper()
	tarball, err := client.Fetch(t.Context(), p.Ref, p.Integrity)
	require.NoError(t, err)
	content, err := io.ReadAll(tarball)
	require.NoError(t, err)
	require.NoError(t, tarball.Close())
	require.Equal(t, p.Tarball, content)
}

func TestASecondInstallAsksTheRegistryForNothing(t *testing.T) {
	cfg, bucketed := sandboxtest.Bucket(t, "npm-second", false)
	registry := npmtest.New(t)
	plugin := registry.Publish(npmtest.Package{Name: "@acme/plugin-one", Version: "1.0.0"})
	client, _ := installer(t, registry, cfg, "s3://npm-second/cache/")
	fetch(t, client, plugin)
	require.Len(t, registry.Requests(), 2, "the document and the tarball")
	// Another process, with nothing but the bucket.
	client, log := installer(t, registry, cfg, "s3://npm-second/cache")
	fetch(t, client, plugin)
	require.Len(t, registry.Requests(), 2)
	require.Empty(t, log.String())

	// What is damaged there is fetched and put right.
	key := "cache/" + npm.CacheKey(plugin.Integrity)
	_, err := bucketed.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("npm-second"), Key: &key, Body: strings.NewReader("half")})
	require.NoError(t, err)
	fetch(t, client, plugin)
	require.Len(t, registry.Requests(), 4)
	require.Contains(t, log.String(), "damaged")
	fetch(t, client, plugin)
	require.Len(t, registry.Requests(), 4)
}

func TestAnAbsentBucketIsSaid(t *testing.T) {
	cfg, _ := sandboxtest.Bucket(t, "npm-other", false)
	registry := npmtest.New(t)
	plugin := registry.Publish(npmtest.Package{Name: "one", Version: "1.0.0"})
	client, log := installer(t, registry, cfg, "s3://npm-absent")
	fetch(t, client, plugin) // the registry makes it good
	require.Contains(t, log.String(), "there is no bucket npm-absent")
	cache, err := s3cache.Open(cfg, "s3://npm-other")
	require.NoError(t, err)
	_, err = cache.Open(t.Context(), plugin.Integrity)
	require.ErrorIs(t, err, npm.ErrNotCached)
	_, err = cache.Open(t.Context(), plugins.Integrity{})
	require.ErrorIs(t, err, npm.ErrNotCached)
}

// The emulator denies nothing, so what AWS answers then is answered here.
func TestBadAnswersAreExplained(t *testing.T) {
	registry := npmtest.New(t)
	plugin := registry.Publish(npmtest.Package{Name: "one", Version: "1.0.0"})
	file := filepath.Join(t.TempDir(), "one.tgz")
	require.NoError(t, os.WriteFile(file, plugin.Tarball, 0o600))
	for code, want := range map[string]string{
		"AccessDenied":                 "Object on arn:aws:s3:::bucket/prefix/* is needed",
		"AuthorizationHeaderMalformed": "bucket is in another region",
		"SlowDown":                     "SlowDown",
	} {
		t.Run(code, func(t *testing.T) {
			config := sandboxtest.Config(sandboxtest.RefusingS3(t, http.StatusForbidden, code))
			cache, err := s3cache.Open(config, "s3://bucket/prefix")
			require.NoError(t, err)
			_, err = cache.Open(t.Context(), plugin.Integrity)
			require.ErrorContains(t, err, want)
			require.NotErrorIs(t, err, npm.ErrNotCached)
			err = cache.Put(t.Context(), plugin.Integrity, file)
			require.ErrorContains(t, err, want)
			require.ErrorIs(t, cache.Put(t.Context(), plugins.Integrity{}, file), npm.ErrIntegrity)
			require.ErrorIs(t, cache.Put(t.Context(), plugin.Integrity, file+"-absent"), os.ErrNotExist)

			client, log := installer(t, registry, config, "s3://bucket/prefix")
			fetch(t, client, plugin)
			require.Equal(t, 2, strings.Count(log.String(), "level=WARN"), "reading and keeping")
		})
	}
}

func TestOpenRefusesWhatIsNoBucket(t *testing.T) {
	for _, ref := range []string{"", "bucket", "https://bucket/x", "s3://", "s3:///prefix", "s3://key:secret@bucket", "s3://bucket?x=1", "s3://bu cket"} {
		_, err := s3cache.Open(sandboxtest.Config("http://127.0.0.1:1"), ref)
		require.ErrorContains(t, err, "open the cache of tarballs: ", "%q", ref)
	}
}
