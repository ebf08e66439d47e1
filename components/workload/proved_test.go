package workload_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

// Whoever proves the pods waits for them, and may have set other images meanwhile.
func TestPodsThatAnotherProves(t *testing.T) {
	const skip, force = `metadata.annotations["pulumi.com/skipAwait"]`, `metadata.annotations["pulumi.com/patchForce"]`
	some := args()
	some.BlueGreen = &workload.BlueGreen{Active: workload.Blue, Blue: pulumi.String("shop:1"), Green: pulumi.String("shop:2")}
	seen := run(t, some)
	some.Proved = true
	proved := run(t, some)
	for _, kind := range []string{deploymentType, serviceType} {
		for i, each := range seen.OfType(kind) {
			require.Nil(t, each.Input(skip), each.Name)
			require.Nil(t, each.Input(force), each.Name)
			require.Equal(t, "true", proved.OfType(kind)[i].Input(skip), each.Name)
		}
	}
	for _, deployment := range proved.OfType(deploymentType) {
		require.Equal(t, "true", deployment.Input(force), deployment.Name)
		require.Empty(t, deployment.IgnoreChanges)
	}
}

// What is prepared has the volume, and the pods have what was prepared.
func TestWhatIsPreparedComesBetweenTheVolumeAndThePods(t *testing.T) {
	some := args()
	some.Claim = &workload.Claim{Name: "shelf", Class: "efs-sc", Mode: workload.ByManyNodes, SizeGiB: 20, Path: "/shelf"}
	seen, err := componenttest.Try(func(ctx *pulumi.Context) error {
		some.Prepare = func(volume pulumi.Resource) ([]pulumi.Resource, error) {
			filled, err := corev1.NewConfigMap(ctx, "filled", nil, pulumi.DependsOn([]pulumi.Resource{volume}))
			return []pulumi.Resource{filled}, err
		}
		_, err := workload.New(ctx, "w", some)
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []string{"w-shelf"}, waits(seen.Named(t, "kubernetes:core/v1:ConfigMap", "filled")))
	require.Contains(t, waits(seen.One(t, deploymentType)), "filled")

	some.Prepare = func(pulumi.Resource) ([]pulumi.Resource, error) { return nil, errors.New("it does not fit") }
	_, err = try(some)
	require.ErrorContains(t, err, "it does not fit")
}

// The fingerprint changes with whatever may begin a rollout, and with nothing else.
func TestFingerprint(t *testing.T) {
	of := func(change func(*workload.Args)) string {
		t.Helper()
		some := args()
		change(&some)
		seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
			w, err := workload.New(ctx, "w", some)
			if err != nil {
				return err
			}
			_, err = corev1.NewConfigMap(ctx, "said", &corev1.ConfigMapArgs{Data: pulumi.StringMap{"fingerprint": w.Fingerprint}})
			return err
		})
		said := seen.Named(t, "kubernetes:core/v1:ConfigMap", "said").Input("data.fingerprint")
		require.Regexp(t, "^[0-9a-f]{10}$", said)
		return said.(string)
	}
	same := of(func(*workload.Args) {})
	require.Equal(t, same, of(func(*workload.Args) {}))
	require.Equal(t, same, of(func(a *workload.Args) { a.Aliases = []string{"stall"} }), "no pod is another by it")
	for name, change := range map[string]func(*workload.Args){
		"image":    func(a *workload.Args) { a.Pod.Image = pulumi.String("shop:9") },
		"variable": func(a *workload.Args) { a.Pod.Env = append(a.Pod.Env, pod.Env{Name: "NEW", Value: pulumi.String("1")}) },
		"secret": func(a *workload.Args) {
			a.Pod.Env = append(a.Pod.Env, pod.Env{Name: "NEW", Value: pulumi.ToSecret(pulumi.String("1")).(pulumi.StringOutput)})
		},
		"limit": func(a *workload.Args) { a.Pod.Resources.MemoryLimit = "3Gi" },
		"slots": func(a *workload.Args) {
			a.BlueGreen = &workload.BlueGreen{Active: workload.Blue, Blue: pulumi.String("shop:1"), Green: pulumi.String("shop:1")}
		},
	} {
		require.NotEqual(t, same, of(change), name)
	}
}

// waits are the names of what a resource waits for.
func waits(r componenttest.Registration) []string {
	var names []string
	for _, urn := range r.Dependencies {
		names = append(names, urn[strings.LastIndex(urn, "::")+2:])
	}
	slices.Sort(names)
	return names
}
