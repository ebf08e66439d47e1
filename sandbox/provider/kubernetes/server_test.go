package kubernetes

import (
	"context"
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestPreviewJudgesByTheRealServer(t *testing.T) {
	p := liveProvider(t)
	for name, c := range map[string]struct {
		program resource.PropertyMap
		says    string // empty: no error
	}{
		"good":                  {deployment(p.namespace), ""},
		"unknown field":         {with(t, deployment(p.namespace), "spec.replicaCount", 2), "spec.replicaCount"},
		"wrong type":            {with(t, deployment(p.namespace), "spec.replicas", "two"), "replicas"},
		"invalid":               {with(t, deployment(p.namespace), "spec.template.metadata.labels.app", "api"), "selector"},
		"namespace planned":     {deployment("planned"), ""},
		"kind of a planned CRD": {with(t, deployment(p.namespace), "apiVersion", "example.com/v1"), ""},
		"something unknown": {with(t, deployment(p.namespace), "spec.replicas",
			resource.Computed{Element: resource.NewProperty(1.0)}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
			_, err := web.tryCreate(c.program, true)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "Deployment "+p.namespace+"/web")
			_, err = web.tryCreate(c.program, false)
			require.ErrorContains(t, err, c.says, "and so does the real thing")
		})
	}
}

func TestSecretsStaySecret(t *testing.T) {
	p := liveProvider(t)
	program := props(map[string]any{
		"metadata":   map[string]any{"name": "credentials", "namespace": p.namespace},
		"stringData": map[string]any{"password": "hunter2"},
	})
	secret := resourceOf(t, p, "kubernetes:core/v1:Secret", "credentials")
	secret.create(program)
	for _, kept := range []resource.PropertyMap{secret.inputs, secret.state} {
		for _, key := range []resource.PropertyKey{"data", "stringData"} {
			if value, ok := kept[key]; ok {
				require.True(t, value.IsSecret(), key)
			}
		}
	}
	require.True(t, secret.state["data"].IsSecret())
	require.Empty(t, secret.refresh(program))

	_, err := p.others.CoreV1().Secrets(p.namespace).Patch(t.Context(), "credentials", types.MergePatchType,
		[]byte(`{"stringData":{"password":"changed"}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"stringData.password"}, secret.refresh(program))
	require.True(t, secret.inputs["stringData"].IsSecret())
}

func TestErrorsQuoteNoSecret(t *testing.T) {
	p := liveProvider(t)
	program := props(map[string]any{
		"metadata": map[string]any{"name": "credentials", "namespace": p.namespace},
		"data":     map[string]any{"hunter2": "not base64!"},
	})
	_, err := resourceOf(t, p, "kubernetes:core/v1:Secret", "credentials").tryCreate(program, true)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "not base64!")

	web := with(t, deployment(p.namespace), "spec.replicas", resource.MakeSecret(resource.NewProperty("twentyseven")))
	_, err = resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web").tryCreate(web, true)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "twentyseven")
}

// engineLog is the part of the engine that takes messages.
type engineLog struct {
	pulumirpc.UnimplementedEngineServer
	messages chan *pulumirpc.LogRequest
}

func (e engineLog) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.messages <- req
	return &emptypb.Empty{}, nil
}

func TestWarningsReachTheEngineOnce(t *testing.T) {
	p := liveProvider(t)
	engine := engineLog{messages: make(chan *pulumirpc.LogRequest, 10)}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Init: func(s *grpc.Server) error {
		pulumirpc.RegisterEngineServer(s, engine)
		return nil
	}})
	require.NoError(t, err)
	_, err = p.Handshake(t.Context(), plugin.ProviderHandshakeRequest{EngineAddress: fmt.Sprintf("127.0.0.1:%d", handle.Port)})
	require.NoError(t, err)

	space := resourceOf(t, p, "kubernetes:core/v1:Namespace", "warned")
	space.create(props(map[string]any{"metadata": map[string]any{"labels": map[string]any{"pod-security.kubernetes.io/warn": "restricted"}}}))
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	_, err = web.tryCreate(deployment(string(space.id)), true)
	require.NoError(t, err)
	web.create(deployment(string(space.id)))
	require.Len(t, engine.messages, 1)
	message := <-engine.messages
	require.Equal(t, string(web.urn), message.GetUrn())
	require.Equal(t, pulumirpc.LogSeverity_WARNING, message.GetSeverity())
	require.Contains(t, message.GetMessage(), "PodSecurity")
}
