package ecrimage_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/ecrimage"
	"gatehouse/plugins/pipeline/pipelinetest"
	"gatehouse/sandbox/sandboxtest"
)

const manifest = `{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
	"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}`

func TestDigest(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs moto_server")
	}
	endpoint, stop := sandboxtest.OwnAWS(t)
	cfg := sandboxtest.Config(endpoint)
	registry, client := ecrimage.New(cfg), ecr.NewFromConfig(cfg)
	_, err := pipeline.Image(t.Context(), registry, "backstage", "plugins-1")
	require.ErrorIs(t, err, pipeline.ErrNotFound, "no repository")
	_, err = client.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("backstage")})
	require.NoError(t, err)
	put, err := client.PutImage(t.Context(), &ecr.PutImageInput{RepositoryName: aws.String("backstage"), ImageTag: aws.String("plugins-1"), ImageManifest: aws.String(manifest)})
	require.NoError(t, err)
	digest, err := pipeline.Image(t.Context(), registry, "backstage", "plugins-1")
	require.NoError(t, err)
	require.Equal(t, aws.ToString(put.Image.ImageId.ImageDigest), digest)
	_, err = pipeline.Image(t.Context(), registry, "backstage", "plugins-2")
	require.ErrorIs(t, err, pipeline.ErrNotFound, "no image")
	stop()
	_, err = pipeline.Image(t.Context(), registry, "backstage", "plugins-1")
	require.ErrorIs(t, err, pipeline.ErrUnavailable)
}

func TestRefusals(t *testing.T) {
	for code, want := range map[string]error{"AccessDeniedException": pipeline.ErrDenied, "ServerException": pipeline.ErrUnavailable, "InvalidParameterException": pipeline.ErrRefused} {
		server := pipelinetest.New(t, nil)
		server.Fail(pipelinetest.Fault{Times: 1, Status: 400, Body: `{"__type":"` + code + `","message":"no"}`})
		_, err := pipeline.Image(t.Context(), ecrimage.New(sandboxtest.Config(server.URL.String())), "backstage", "t")
		require.ErrorIs(t, err, want)
		require.NotContains(t, err.Error(), "secret")
	}
}
