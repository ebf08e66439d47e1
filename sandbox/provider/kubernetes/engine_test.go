package kubernetes

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	helmv3 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/types"

	k8smetav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/internal/toolbox"
	"gatehouse/sandbox/provider"
	"gatehouse/sandbox/sandboxtest"
)

// TestMain makes the test binary the plugin when a launcher calls it.
func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "sandbox" && os.Args[2] == "provider" {
		if err := provider.Serve(context.Background(), New("4.30.0")); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// TestWithTheRealEngine runs a program of the real SDK through the real engine:
// preview, up, nothing to do, drift, mended, destroyed.
func TestWithTheRealEngine(t *testing.T) {
	p := liveProvider(t)
	ctx := t.Context()
	replicas := 2
	program := func(ctx *pulumi.Context) error {
		on, err := kubernetes.NewProvider(ctx, "sandbox", &kubernetes.ProviderArgs{
			Kubeconfig: pulumi.String(sandboxtest.Kubernetes(t)), ClusterIdentifier: pulumi.String("sandbox"), EnablePatchForce: pulumi.Bool(true),
		})
		if err != nil {
			return err
		}
		space, err := corev1.NewNamespace(ctx, "portal", &corev1.NamespaceArgs{}, pulumi.Provider(on))
		if err != nil {
			return err
		}
		labels := pulumi.StringMap{"app": pulumi.String("web")}
		web, err := appsv1.NewDeployment(ctx, "web", &appsv1.DeploymentArgs{
			Metadata: metav1.ObjectMetaArgs{Name: pulumi.String("web"), Namespace: space.Metadata.Name()},
			Spec: appsv1.DeploymentSpecArgs{
				Replicas: pulumi.Int(replicas),
				Selector: metav1.LabelSelectorArgs{MatchLabels: labels},
				Template: corev1.PodTemplateSpecArgs{
					Metadata: metav1.ObjectMetaArgs{Labels: labels},
					Spec: corev1.PodSpecArgs{Containers: corev1.ContainerArray{corev1.ContainerArgs{
						Name: pulumi.String("web"), Image: pulumi.String("registry.k8s.io/pause:3.10"),
					}}},
				},
			},
		}, pulumi.Provider(on))
		if err != nil {
			return err
		}
		_, err = corev1.NewSecret(ctx, "credentials", &corev1.SecretArgs{
			Metadata:   metav1.ObjectMetaArgs{Namespace: space.Metadata.Name()},
			StringData: pulumi.StringMap{"password": pulumi.String("hunter2")},
		}, pulumi.Provider(on))
		if err != nil {
			return err
		}
		_, err = helmv3.NewRelease(ctx, "mesh", &helmv3.ReleaseArgs{
			Chart: pulumi.String("istiod"), Namespace: space.Metadata.Name().Elem(),
		}, pulumi.Provider(on))
		if err != nil {
			return err
		}
		_, err = apiextensions.NewCustomResource(ctx, "lease", &apiextensions.CustomResourceArgs{
			ApiVersion: pulumi.String("coordination.k8s.io/v1"), Kind: pulumi.String("Lease"),
			Metadata:    metav1.ObjectMetaArgs{Namespace: space.Metadata.Name()},
			OtherFields: kubernetes.UntypedArgs{"spec": map[string]any{"holderIdentity": "me"}},
		}, pulumi.Provider(on))
		ctx.Export("namespace", space.Metadata.Name())
		ctx.Export("available", web.Status.AvailableReplicas())
		return err
	}
	stack := inlineStack(t, program)

	preview, err := stack.Preview(ctx, optpreview.ErrorProgressStreams(testWriter{t}))
	require.NoError(t, err)
	require.Equal(t, 7, preview.ChangeSummary[apitype.OpCreate], "the stack, its provider and five resources")

	up, err := stack.Up(ctx, optup.ErrorProgressStreams(testWriter{t}))
	require.NoError(t, err)
	require.Equal(t, 7, (*up.Summary.ResourceChanges)["create"])
	require.EqualValues(t, replicas, up.Outputs["available"].Value)
	namespace := up.Outputs["namespace"].Value.(string)

	began := time.Now()
	up, err = stack.Up(ctx)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"same": 7}, *up.Summary.ResourceChanges)
	t.Logf("up without changes: %.1f s", time.Since(began).Seconds())

	files, err := filepath.Glob(filepath.Join(stack.Workspace().WorkDir(), "state", ".pulumi", "stacks", "*", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		kept, err := os.ReadFile(file)
		require.NoError(t, err)
		require.False(t, bytes.Contains(kept, []byte("hunter2")) || bytes.Contains(kept, []byte("aHVudGVyMg==")), "the password is plain in %s", file)
	}

	_, err = p.others.AppsV1().Deployments(namespace).Patch(ctx, "web", types.MergePatchType,
		[]byte(`{"spec":{"replicas":1}}`), k8smetav1.PatchOptions{FieldManager: "somebody"})
	require.NoError(t, err)
	refreshed, err := stack.Refresh(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, (*refreshed.Summary.ResourceChanges)["update"])
	up, err = stack.Up(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, (*up.Summary.ResourceChanges)["update"])
	require.EqualValues(t, replicas, up.Outputs["available"].Value)

	_, err = stack.Destroy(ctx, optdestroy.ErrorProgressStreams(testWriter{t}))
	require.NoError(t, err)
	_, err = p.others.CoreV1().Namespaces().Get(ctx, namespace, k8smetav1.GetOptions{})
	require.Error(t, err)
}

// inlineStack is a stack on a backend of the test's own, with nothing of the
// user's environment and the launcher first on PATH.
func inlineStack(t *testing.T, program pulumi.RunFunc) auto.Stack {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	bin := filepath.Join(dir, "bin")
	require.NoError(t, provider.Install(bin, self, "kubernetes"))
	cli, err := toolbox.Ensure(t.Context(), filepath.Join("..", "..", ".."), "pulumi", func(line string) { t.Log(line) })
	require.NoError(t, err)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+filepath.Dir(cli)+string(os.PathListSeparator)+os.Getenv("PATH"))
	state := filepath.Join(dir, "state")
	require.NoError(t, os.Mkdir(state, 0o700))
	stack, err := auto.NewStackInlineSource(t.Context(), "test", "gatehouse", program,
		auto.WorkDir(dir), auto.PulumiHome(filepath.Join(dir, "home")),
		auto.Project(workspace.Project{
			Name: tokens.PackageName("gatehouse"), Runtime: workspace.NewProjectRuntimeInfo("go", nil),
			Backend: &workspace.ProjectBackend{URL: "file://" + state},
		}),
		auto.EnvVars(map[string]string{
			"PULUMI_CONFIG_PASSPHRASE": "test", "PULUMI_SKIP_UPDATE_CHECK": "true",
			"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		}))
	require.NoError(t, err)
	return stack
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(text []byte) (int, error) {
	w.t.Logf("%s", text)
	return len(text), nil
}
