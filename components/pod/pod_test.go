package pod_test

import (
	"testing"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/pod"
)

func spec() pod.Spec {
	return pod.Spec{
		App: "shop", Labels: map[string]string{"gatehouse/owner": "platform"}, ServiceAccount: "seller",
		Container: pod.Container{
			Image: pulumi.String("shop:1"), Ports: []pod.Port{{Name: "http", Number: 8080}},
			Probes:    pod.Health("http", "/ready", "/live", 60),
			Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "64Mi", CPULimit: "1", MemoryLimit: "64Mi"},
		},
	}
}

func sidecar() pod.Container {
	return pod.Container{
		Name: "helper", Image: pulumi.String("helper:1"), Ports: []pod.Port{{Name: "metrics", Number: 9090}},
		Probes: pod.Listening("metrics"), Resources: spec().Resources,
	}
}

// run registers a pod of the template and gives what the engine would see.
func run(t *testing.T, spec pod.Spec) componenttest.Registration {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		template, err := pod.Template(spec)
		if err != nil {
			return err
		}
		_, err = corev1.NewPod(ctx, "p", &corev1.PodArgs{Metadata: template.Metadata, Spec: template.Spec})
		return err
	}).One(t, "kubernetes:core/v1:Pod")
}

// TestPodsAreRestricted reads every container: the standard holds for each.
func TestPodsAreRestricted(t *testing.T) {
	some := spec()
	some.Sidecars, some.Init = []pod.Container{sidecar()}, []pod.Container{{Name: "first", Image: pulumi.String("i"), Resources: spec().Resources}}
	made := run(t, some)
	require.Equal(t, map[string]any{
		"runAsNonRoot": true, "runAsUser": 1000.0, "runAsGroup": 1000.0, "fsGroup": 1000.0,
		"fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": map[string]any{"type": "RuntimeDefault"},
	}, made.Input("spec.securityContext"))
	for _, path := range []string{"spec.containers[0]", "spec.containers[1]", "spec.initContainers[0]"} {
		require.Equal(t, map[string]any{
			"runAsNonRoot": true, "privileged": false, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
			"capabilities": map[string]any{"drop": []any{"ALL"}}, "seccompProfile": map[string]any{"type": "RuntimeDefault"},
		}, made.Input(path+".securityContext"), path)
		require.Equal(t, map[string]any{"cpu": "1", "memory": "64Mi"}, made.Input(path+".resources.limits"), path)
		require.Contains(t, made.Input(path+".volumeMounts"), map[string]any{"name": "empty-tmp", "mountPath": "/tmp"}, path)
	}
	require.Equal(t, false, made.Input("spec.automountServiceAccountToken"))
	require.Equal(t, false, made.Input("spec.enableServiceLinks"))
	require.Equal(t, "seller", made.Input("spec.serviceAccountName"))
	require.Equal(t, map[string]any{"app": "shop", "gatehouse/owner": "platform"}, made.Input("metadata.labels"))
	require.Equal(t, "64Mi", made.Input("spec.volumes[0].emptyDir.sizeLimit"))
}

func TestDefaultsAndWhatReplacesThem(t *testing.T) {
	made := run(t, spec())
	for path, want := range map[string]any{
		"spec.priorityClassName": "gatehouse-standard", "spec.restartPolicy": "Always", "spec.terminationGracePeriodSeconds": 30.0,
		"spec.nodeSelector": map[string]any{"gatehouse/pool": "apps"}, "spec.tolerations": nil, "spec.topologySpreadConstraints": nil,
		"spec.containers[0].name": "shop", "spec.containers[0].lifecycle": nil, "spec.containers[0].command": nil, "spec.initContainers": nil,
	} {
		require.Equal(t, want, made.Input(path), path)
	}

	some := spec()
	some.Priority, some.GraceSeconds, some.PreStopSeconds, some.TokenMounted, some.Spread = pod.Critical, 60, 15, true, true
	some.Place, some.TmpSize, some.Command, some.Args = pod.Build, "1Gi", []string{"/shop"}, []string{"--open"}
	made = run(t, some)
	for path, want := range map[string]any{
		"spec.priorityClassName": "gatehouse-critical", "spec.terminationGracePeriodSeconds": 60.0,
		"spec.containers[0].lifecycle.preStop.sleep.seconds":              15.0,
		"spec.automountServiceAccountToken":                               true,
		"spec.nodeSelector":                                               map[string]any{"node.kubernetes.io/lifecycle": "spot"},
		"spec.tolerations":                                                []any{map[string]any{"key": "spot", "operator": "Equal", "value": "true", "effect": "NoSchedule"}},
		"spec.volumes[0].emptyDir.sizeLimit":                              "1Gi",
		"spec.containers[0].command[0]":                                   "/shop",
		"spec.containers[0].args[0]":                                      "--open",
		"spec.topologySpreadConstraints[0].topologyKey":                   "topology.kubernetes.io/zone",
		"spec.topologySpreadConstraints[0].maxSkew":                       1.0,
		"spec.topologySpreadConstraints[0].labelSelector.matchLabels.app": "shop",
		"spec.topologySpreadConstraints[1].topologyKey":                   "kubernetes.io/hostname",
	} {
		require.Equal(t, want, made.Input(path), path)
	}
}

func TestProbesAskWhatTheyAreTold(t *testing.T) {
	some := spec()
	some.Probes.Liveness = &pod.Probe{Command: []string{"/alive"}, TimeoutSeconds: 5}
	some.Sidecars = []pod.Container{sidecar()}
	made := run(t, some)
	require.Equal(t, map[string]any{
		"httpGet": map[string]any{"path": "/live", "port": "http"}, "periodSeconds": 5.0, "timeoutSeconds": 3.0, "failureThreshold": 12.0,
	}, made.Input("spec.containers[0].startupProbe"), "a minute to start")
	require.Equal(t, map[string]any{"path": "/ready", "port": "http"}, made.Input("spec.containers[0].readinessProbe.httpGet"))
	require.Equal(t, map[string]any{
		"exec": map[string]any{"command": []any{"/alive"}}, "periodSeconds": 10.0, "timeoutSeconds": 5.0, "failureThreshold": 3.0,
	}, made.Input("spec.containers[0].livenessProbe"))
	require.Equal(t, map[string]any{"port": "metrics"}, made.Input("spec.containers[1].readinessProbe.tcpSocket"))
}

func TestVariablesComeFromValuesSecretsAndFields(t *testing.T) {
	some := spec()
	some.Env = []pod.Env{{Name: "A", Value: pulumi.String("1")}, {Name: "B", Secret: pod.Key{Name: "s", Key: "b"}}, {Name: "C", Field: "metadata.name"}}
	some.EnvFromSecrets = []string{"all"}
	made := run(t, some)
	require.Equal(t, []any{
		map[string]any{"name": "A", "value": "1"},
		map[string]any{"name": "B", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "s", "key": "b"}}},
		map[string]any{"name": "C", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.name"}}},
	}, made.Input("spec.containers[0].env"))
	require.Equal(t, []any{map[string]any{"secretRef": map[string]any{"name": "all"}}}, made.Input("spec.containers[0].envFrom"))
}

func TestMounts(t *testing.T) {
	some := spec()
	some.Mounts = []pod.Mount{
		{Path: "/etc/shop", ConfigMap: "shop"},
		{Path: "/etc/keys/one", Secret: "keys", SubPath: "one"},
		{Path: "/goods", Claim: "goods", ReadOnly: true},
		{Path: "/var/Scratch.d/", Empty: "1Gi"},
	}
	helper := sidecar()
	helper.Mounts = []pod.Mount{{Path: "/goods", Claim: "goods"}, {Path: "/var/Scratch.d", Empty: "1Gi"}}
	some.Sidecars = []pod.Container{helper}
	made := run(t, some)
	require.Equal(t, []any{
		map[string]any{"name": "empty-tmp", "emptyDir": map[string]any{"sizeLimit": "64Mi"}},
		map[string]any{"name": "config-shop", "configMap": map[string]any{"name": "shop"}},
		map[string]any{"name": "secret-keys", "secret": map[string]any{"secretName": "keys", "defaultMode": 288.0}},
		map[string]any{"name": "claim-goods", "persistentVolumeClaim": map[string]any{"claimName": "goods"}},
		map[string]any{"name": "empty-var-scratch-d", "emptyDir": map[string]any{"sizeLimit": "1Gi"}},
	}, made.Input("spec.volumes"), "what two containers mount is there once")
	require.Equal(t, []any{
		map[string]any{"name": "empty-tmp", "mountPath": "/tmp"},
		map[string]any{"name": "config-shop", "mountPath": "/etc/shop", "readOnly": true},
		map[string]any{"name": "secret-keys", "mountPath": "/etc/keys/one", "subPath": "one", "readOnly": true},
		map[string]any{"name": "claim-goods", "mountPath": "/goods", "readOnly": true},
		map[string]any{"name": "empty-var-scratch-d", "mountPath": "/var/Scratch.d/"},
	}, made.Input("spec.containers[0].volumeMounts"))
	require.Equal(t, map[string]any{"name": "claim-goods", "mountPath": "/goods"}, made.Input("spec.containers[1].volumeMounts[1]"))
}

// Pods of one volume see different parts of it.
func TestASubpathOfVariables(t *testing.T) {
	some := spec()
	some.Env = []pod.Env{{Name: "PART", Field: "metadata.annotations['part']"}}
	some.Mounts = []pod.Mount{{Path: "/goods", Claim: "goods", SubPathExpr: "parts/$(PART)/$$(NONE)"}}
	require.Equal(t, map[string]any{"name": "claim-goods", "mountPath": "/goods", "subPathExpr": "parts/$(PART)/$$(NONE)"},
		run(t, some).Input("spec.containers[0].volumeMounts[1]"))
}

func TestAFailedContainerTellsItsLastLines(t *testing.T) {
	require.Equal(t, "FallbackToLogsOnError", run(t, spec()).Input("spec.containers[0].terminationMessagePolicy"))
}

func TestPodsOfJobsNeedNoProbes(t *testing.T) {
	some := spec()
	some.Restart, some.Probes = pod.Never, pod.Probes{}
	require.Equal(t, "Never", run(t, some).Input("spec.restartPolicy"))
}

// TestRefusals breaks one thing of a good spec at a time.
func TestRefusals(t *testing.T) {
	for want, mutate := range map[string]func(*pod.Spec){
		"name its app":                                 func(s *pod.Spec) { s.App, s.Name = "", "x" },
		"name its service account":                     func(s *pod.Spec) { s.ServiceAccount = "" },
		"name its image":                               func(s *pod.Spec) { s.Image = nil },
		"container shop: give a CPU request":           func(s *pod.Spec) { s.Resources.CPURequest = "" },
		"give a memory request":                        func(s *pod.Spec) { s.Resources.MemoryRequest = "" },
		"give a CPU limit":                             func(s *pod.Spec) { s.Resources.CPULimit = "" },
		"container helper: give a memory limit":        func(s *pod.Spec) { s.Sidecars[0].Resources.MemoryLimit = "" },
		"container first: give a CPU request":          func(s *pod.Spec) { s.Init = []pod.Container{{Name: "first", Image: pulumi.String("i")}} },
		`such as 500m or 512Mi, not "lots"`:            func(s *pod.Spec) { s.Resources.CPULimit = "lots" },
		`such as 500m or 512Mi, not "0"`:               func(s *pod.Spec) { s.Resources.CPURequest = "0" },
		"request no more memory than the limit":        func(s *pod.Spec) { s.Resources.MemoryRequest = "65Mi" },
		"container shop: give it startup, readiness":   func(s *pod.Spec) { s.Probes.Startup = nil },
		"container helper: give it startup, readiness": func(s *pod.Spec) { s.Sidecars[0].Probes.Liveness = nil },
		`probe one of its ports: "web" is none`:        func(s *pod.Spec) { s.Probes.Readiness = &pod.Probe{Path: "/", Port: "web"} },
		"port 80 needs a privilege":                    func(s *pod.Spec) { s.Ports[0].Number = 80 },
		"let one container listen on 9090":             func(s *pod.Spec) { s.Ports[0].Number = 9090 },
		`"shop" is there twice`:                        func(s *pod.Spec) { s.Sidecars[0].Name = "shop" },
		"give variable A a value, a secret or a field": func(s *pod.Spec) { s.Env = []pod.Env{{Name: "A"}} },
		"give variable B a value, a secret or a field": func(s *pod.Spec) {
			s.Env = []pod.Env{{Name: "B", Value: pulumi.String("1"), Secret: pod.Key{Name: "s", Key: "k"}}}
		},
		"30 leave nothing to end in":                    func(s *pod.Spec) { s.PreStopSeconds = 30 },
		`give a size of /tmp such as 500m or 512Mi`:     func(s *pod.Spec) { s.TmpSize = "big" },
		"mount at an absolute path":                     func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "etc", ConfigMap: "c"}} },
		"mount one thing at /tmp, not two":              func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "/tmp", Empty: "1Gi"}} },
		"mount one of a ConfigMap, Secret, claim or":    func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "/x"}} },
		"scratch directory at /y":                       func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "/y", ConfigMap: "c", Secret: "s"}} },
		"the variable PART, of which the subpath at /p": func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "/p", Claim: "c", SubPathExpr: "a/$(PART)"}} },
		"take one subpath at /q": func(s *pod.Spec) {
			s.Mounts = []pod.Mount{{Path: "/q", Claim: "c", SubPath: "a", SubPathExpr: "a"}}
		},
		"give variable TWICE a value, a secret or a field": func(s *pod.Spec) {
			s.Env = []pod.Env{{Name: "TWICE", Value: pulumi.String("1"), Field: "metadata.name"}}
		},
		`give a size of /z such as 500m or 512Mi, not "`: func(s *pod.Spec) { s.Mounts = []pod.Mount{{Path: "/z", Empty: "x"}} },
	} {
		some := spec()
		some.Sidecars = []pod.Container{sidecar()}
		mutate(&some)
		_, err := pod.Template(some)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "build pod ")
	}
}
