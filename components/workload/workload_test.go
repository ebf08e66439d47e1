package workload_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

const (
	deploymentType = "kubernetes:apps/v1:Deployment"
	serviceType    = "kubernetes:core/v1:Service"
	scalerType     = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	budgetType     = "kubernetes:policy/v1:PodDisruptionBudget"
	accountType    = "kubernetes:core/v1:ServiceAccount"
	monitorType    = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
)

func args() workload.Args {
	return workload.Args{
		Name: "shop", Namespace: pulumi.String("market"), Labels: map[string]string{"gatehouse/owner": "platform"},
		Replicas: workload.Replicas{Min: 2, Max: 10},
		Pod: pod.Spec{Container: pod.Container{
			Image: pulumi.String("shop:1"), Ports: []pod.Port{{Name: "http", Number: 8080}, {Name: "metrics", Number: 9090}},
			Probes:    pod.Health("http", "/ready", "/live", 60),
			Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "64Mi", CPULimit: "1", MemoryLimit: "64Mi"},
		}},
	}
}

func try(args workload.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := workload.New(ctx, "w", args)
		return err
	})
}

func run(t *testing.T, args workload.Args) componenttest.Registrations {
	t.Helper()
	seen, err := try(args)
	require.NoError(t, err)
	return seen
}

func TestEveryObjectIsNamedOwnedAndAChild(t *testing.T) {
	some := args()
	some.Config = &workload.Config{Path: "/etc/shop", Files: map[string]pulumi.StringInput{"shop.ini": pulumi.String("open=1")}}
	some.Claim = &workload.Claim{Name: "goods", Class: "efs-sc", Mode: workload.ByManyNodes, SizeGiB: 20, Path: "/goods"}
	seen := run(t, some).Customs()
	require.Len(t, seen, 8)
	for _, r := range seen {
		require.NotEmpty(t, r.Input("metadata.name"), r.Type)
		require.Equal(t, "market", r.Input("metadata.namespace"), r.Type)
		require.Equal(t, map[string]any{"gatehouse/owner": "platform", "app": "shop"}, r.Input("metadata.labels"), r.Type)
		require.Contains(t, r.Parent, "gatehouse:kubernetes:Workload::w", r.Type)
	}
	deployment := seen.One(t, deploymentType)
	require.Equal(t, map[string]any{"gatehouse/owner": "platform", "app": "shop"}, deployment.Input("spec.template.metadata.labels"))
	require.Equal(t, "shop", deployment.Input("spec.template.spec.serviceAccountName"))
	require.Len(t, deployment.Dependencies, 3, "it waits for its account, configuration and volume: %v", deployment.Dependencies)
}

func TestRollingNeverHasFewerPodsThanBefore(t *testing.T) {
	deployment := run(t, args()).One(t, deploymentType)
	for path, want := range map[string]any{
		"metadata.name":                                               "shop",
		"spec.selector.matchLabels":                                   map[string]any{"app": "shop"},
		"spec.strategy.type":                                          "RollingUpdate",
		"spec.strategy.rollingUpdate":                                 map[string]any{"maxSurge": 1.0, "maxUnavailable": 0.0},
		"spec.template.spec.containers[0].image":                      "shop:1",
		"spec.template.spec.topologySpreadConstraints[0].topologyKey": "topology.kubernetes.io/zone",
		`metadata.annotations["reloader.stakater.com/auto"]`:          "true",
	} {
		require.Equal(t, want, deployment.Input(path), path)
	}
}

func TestTheAutoscalerOwnsTheNumber(t *testing.T) {
	seen := run(t, args())
	require.Nil(t, seen.One(t, deploymentType).Input("spec.replicas"))
	scaler := seen.One(t, scalerType)
	for path, want := range map[string]any{
		"spec.scaleTargetRef":                                map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"},
		"spec.minReplicas":                                   2.0,
		"spec.maxReplicas":                                   10.0,
		"spec.metrics[0].resource.name":                      "cpu",
		"spec.metrics[0].resource.target.averageUtilization": 70.0,
		"spec.behavior.scaleDown.stabilizationWindowSeconds": 300.0,
		"spec.behavior.scaleDown.policies":                   []any{map[string]any{"type": "Pods", "value": 1.0, "periodSeconds": 60.0}},
		"spec.behavior.scaleUp.stabilizationWindowSeconds":   0.0,
		"spec.behavior.scaleUp.policies[0]":                  map[string]any{"type": "Percent", "value": 100.0, "periodSeconds": 60.0},
	} {
		require.Equal(t, want, scaler.Input(path), path)
	}
	for _, fixed := range []workload.Replicas{{}, {Min: 3}, {Min: 3, Max: 3}} {
		some := args()
		some.Replicas = fixed
		seen := run(t, some)
		require.Empty(t, seen.OfType(scalerType))
		require.Equal(t, float64(max(1, fixed.Min)), seen.One(t, deploymentType).Input("spec.replicas"))
	}
}

func TestTheBudgetNeverBlocksADrain(t *testing.T) {
	budget := run(t, args()).One(t, budgetType)
	require.Equal(t, map[string]any{
		"maxUnavailable": 1.0, "unhealthyPodEvictionPolicy": "AlwaysAllow", "selector": map[string]any{"matchLabels": map[string]any{"app": "shop"}},
	}, budget.Input("spec"))
}

func TestServices(t *testing.T) {
	some := args()
	some.Sticky, some.Aliases = true, []string{"stall"}
	some.Pod.Ports[0].Protocol = "tcp"
	seen := run(t, some)
	service := seen.Named(t, serviceType, "w")
	require.Equal(t, map[string]any{
		"type": "ClusterIP", "selector": map[string]any{"app": "shop"},
		"ports": []any{
			map[string]any{"name": "http", "port": 8080.0, "targetPort": "http", "protocol": "TCP", "appProtocol": "tcp"},
			map[string]any{"name": "metrics", "port": 9090.0, "targetPort": "metrics", "protocol": "TCP", "appProtocol": "http"},
		},
		"sessionAffinity": "ClientIP", "sessionAffinityConfig": map[string]any{"clientIP": map[string]any{"timeoutSeconds": 10800.0}},
	}, service.Input("spec"))
	alias := seen.Named(t, serviceType, "w-alias-stall")
	require.Equal(t, "stall", alias.Input("metadata.name"))
	require.Len(t, alias.Input("spec.ports"), 1, "metrics are scraped once")

	require.Nil(t, run(t, args()).One(t, serviceType).Input("spec.sessionAffinity"))
}

func TestTheAccountCarriesTheRoleAndMountsNoToken(t *testing.T) {
	some := args()
	some.RoleARN, some.Pod.ServiceAccount = pulumi.String("arn:role"), "seller"
	seen := run(t, some)
	account := seen.One(t, accountType)
	require.Equal(t, "seller", account.Input("metadata.name"))
	require.Equal(t, "arn:role", account.Input(`metadata.annotations["eks.amazonaws.com/role-arn"]`))
	require.Equal(t, false, account.Input("automountServiceAccountToken"))
	require.Equal(t, "seller", seen.One(t, deploymentType).Input("spec.template.spec.serviceAccountName"))
	require.Nil(t, run(t, args()).One(t, accountType).Input("metadata.annotations"))
}

func TestAChangeOfTheConfigurationRolls(t *testing.T) {
	checksum := func(files map[string]string) string {
		some := args()
		some.Pod.Annotations = pulumi.StringMap{"note": pulumi.String("kept")}
		some.Config = &workload.Config{Path: "/etc/shop", Files: map[string]pulumi.StringInput{}}
		for name, content := range files {
			some.Config.Files[name] = pulumi.String(content)
		}
		seen := run(t, some)
		config := seen.One(t, "kubernetes:core/v1:ConfigMap")
		require.Equal(t, "shop-config", config.Input("metadata.name"))
		deployment := seen.One(t, deploymentType)
		require.Contains(t, deployment.Input("spec.template.spec.containers[0].volumeMounts"),
			map[string]any{"name": "config-shop-config", "mountPath": "/etc/shop", "readOnly": true})
		require.Equal(t, "kept", deployment.Input("spec.template.metadata.annotations.note"))
		require.NotContains(t, some.Pod.Annotations, "checksum/config", "the caller's map is its own")
		return deployment.Input(`spec.template.metadata.annotations["checksum/config"]`).(string)
	}
	first := checksum(map[string]string{"a": "1", "b": "2"})
	require.Equal(t, first, checksum(map[string]string{"b": "2", "a": "1"}))
	require.NotEqual(t, first, checksum(map[string]string{"a": "1", "b": "3"}))
	require.NotEqual(t, checksum(map[string]string{"a": "b1"}), checksum(map[string]string{"ab": "1"}))
	require.NotEqual(t, first, checksum(map[string]string{"a": "1", "c": "2"}))
}

func TestTheClaimIsMadeAndMounted(t *testing.T) {
	some := args()
	some.Claim = &workload.Claim{Name: "goods", Class: "efs-sc", Mode: workload.ByManyNodes, SizeGiB: 20, Path: "/goods", ReadOnly: true}
	seen := run(t, some)
	require.Equal(t, map[string]any{
		"accessModes": []any{"ReadWriteMany"}, "storageClassName": "efs-sc", "resources": map[string]any{"requests": map[string]any{"storage": "20Gi"}},
	}, seen.One(t, "kubernetes:core/v1:PersistentVolumeClaim").Input("spec"))
	require.Contains(t, seen.One(t, deploymentType).Input("spec.template.spec.containers[0].volumeMounts"),
		map[string]any{"name": "claim-goods", "mountPath": "/goods", "readOnly": true})
}

// Jobs that use the volume wait for it, and for the Deployments that they look at.
func TestWhatOthersWaitFor(t *testing.T) {
	some := args()
	some.Claim = &workload.Claim{Name: "goods", Class: "efs-sc", Mode: workload.ByManyNodes, SizeGiB: 20, Path: "/goods", SubPathExpr: "parts/$(PART)"}
	some.Pod.Env = []pod.Env{{Name: "PART", Field: "metadata.name"}}
	some.BlueGreen = &workload.BlueGreen{Active: workload.Blue, Blue: pulumi.String("shop:1"), Green: pulumi.String("shop:2")}
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		w, err := workload.New(ctx, "w", some)
		if err != nil {
			return err
		}
		require.Len(t, w.Deployments, 2)
		return nil
	})
	for _, deployment := range seen.OfType(deploymentType) {
		require.Contains(t, deployment.Input("spec.template.spec.containers[0].volumeMounts"),
			map[string]any{"name": "claim-goods", "mountPath": "/goods", "subPathExpr": "parts/$(PART)"})
	}
}

// A port that is asked of one pod is no Service's: that would ask any.
func TestPortsOfOnePodAreNoServices(t *testing.T) {
	some := args()
	some.Aliases = []string{"stall"}
	some.Pod.Ports = append(some.Pod.Ports, pod.Port{Name: "self", Number: 7010, Direct: true})
	some.BlueGreen = &workload.BlueGreen{Active: workload.Blue, Blue: pulumi.String("shop:1"), Green: pulumi.String("shop:2")}
	seen := run(t, some)
	require.Len(t, seen.OfType(serviceType), 3)
	for _, service := range seen.OfType(serviceType) {
		for _, port := range service.Input("spec.ports").([]any) {
			require.NotEqual(t, "self", port.(map[string]any)["name"], service.Name)
		}
	}
	require.Len(t, seen.Named(t, deploymentType, "w-blue").Input("spec.template.spec.containers[0].ports"), 3)
}

func TestMonitors(t *testing.T) {
	monitor := run(t, args()).One(t, monitorType)
	require.Equal(t, map[string]any{
		"selector":  map[string]any{"matchLabels": map[string]any{"app": "shop"}},
		"endpoints": []any{map[string]any{"port": "metrics", "path": "/metrics", "interval": "30s", "scheme": "http"}},
	}, monitor.Input("spec"))

	some := args()
	some.Meshed, some.Metrics = true, workload.Metrics{Path: "/stats", HonorLabels: true}
	monitor = run(t, some).One(t, monitorType)
	require.Equal(t, map[string]any{
		"port": "metrics", "path": "/stats", "interval": "30s", "scheme": "https", "honorLabels": true,
		"tlsConfig": map[string]any{
			"caFile": "/etc/prom-certs/root-cert.pem", "certFile": "/etc/prom-certs/cert-chain.pem", "keyFile": "/etc/prom-certs/key.pem",
			"insecureSkipVerify": true,
		},
	}, monitor.Input("spec.endpoints[0]"))

	some.Pod.Ports = some.Pod.Ports[:1]
	require.Empty(t, run(t, some).OfType(monitorType))
	helper := some.Pod.Container
	helper.Name, helper.Ports, helper.Probes = "helper", []pod.Port{{Name: "metrics", Number: 9127}}, pod.Listening("metrics")
	some.Pod.Sidecars = []pod.Container{helper}
	require.Len(t, run(t, some).OfType(monitorType), 1, "a sidecar's metrics count")
}

func TestBlueGreenSwitchesNothingButTheServices(t *testing.T) {
	with := func(active workload.Slot) componenttest.Registrations {
		some := args()
		some.BlueGreen = &workload.BlueGreen{Active: active, Blue: pulumi.String("shop:1"), Green: pulumi.String("shop:2")}
		return run(t, some)
	}
	blue, green := with(workload.Blue), with(workload.Green)
	require.Len(t, blue.OfType(deploymentType), 2)
	for slot, image := range map[string]string{"blue": "shop:1", "green": "shop:2"} {
		deployment := blue.Named(t, deploymentType, "w-"+slot)
		require.Equal(t, "shop-"+slot, deployment.Input("metadata.name"))
		require.Equal(t, image, deployment.Input("spec.template.spec.containers[0].image"))
		require.Equal(t, slot, deployment.Input("spec.template.metadata.labels.slot"))
		require.Equal(t, map[string]any{"app": "shop", "slot": slot}, deployment.Input("spec.selector.matchLabels"))
		require.Equal(t, "shop-"+slot, blue.Named(t, scalerType, "w-"+slot).Input("spec.scaleTargetRef.name"))
		require.Equal(t, map[string]any{"app": "shop", "slot": slot}, blue.Named(t, budgetType, "w-"+slot).Input("spec.selector.matchLabels"))
	}
	for service, slots := range map[string][2]string{"w": {"blue", "green"}, "w-preview": {"green", "blue"}} {
		require.Equal(t, slots[0], blue.Named(t, serviceType, service).Input("spec.selector.slot"))
		require.Equal(t, slots[1], green.Named(t, serviceType, service).Input("spec.selector.slot"))
	}
	for _, before := range blue.Customs() {
		if before.Type != serviceType {
			require.Equal(t, before.Inputs, green.Named(t, before.Type, before.Name).Inputs, before.Name)
		}
	}
}

func TestRefusals(t *testing.T) {
	for want, mutate := range map[string]func(*workload.Args){
		"name a port":            func(a *workload.Args) { a.Pod.Ports = nil },
		"not 3 to 2":             func(a *workload.Args) { a.Replicas = workload.Replicas{Min: 3, Max: 2} },
		"not -1 to 2":            func(a *workload.Args) { a.Replicas.Min, a.Replicas.Max = -1, 2 },
		"not 101":                func(a *workload.Args) { a.Replicas.CPUTarget = 101 },
		`active slot, not "red"`: func(a *workload.Args) { a.BlueGreen = &workload.BlueGreen{Active: "red"} },
		"name the images of both slots": func(a *workload.Args) {
			a.BlueGreen = &workload.BlueGreen{Active: workload.Blue, Blue: pulumi.String("i")}
		},
		"build pod shop: container shop: gi": func(a *workload.Args) { a.Pod.Probes = pod.Probes{} },
	} {
		some := args()
		mutate(&some)
		_, err := try(some)
		require.ErrorContains(t, err, want)
	}
}
