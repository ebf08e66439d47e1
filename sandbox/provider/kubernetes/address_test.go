package kubernetes

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

func TestAddressProgress(t *testing.T) {
	balancer := corev1.Service{Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer}}
	require.Contains(t, serviceProgress(&balancer).waiting, "no load balancer")
	balancer.Status.LoadBalancer.Ingress = []corev1.LoadBalancerIngress{{Hostname: "a"}}
	require.True(t, serviceProgress(&balancer).ready)
	require.True(t, serviceProgress(&corev1.Service{}).ready)

	var ingress networkingv1.Ingress
	require.Contains(t, ingressProgress(&ingress).waiting, "no ingress controller")
	ingress.Status.LoadBalancer.Ingress = []networkingv1.IngressLoadBalancerIngress{{Hostname: "a"}}
	require.True(t, ingressProgress(&ingress).ready)
}

func service(namespace, name string, spec map[string]any) resource.PropertyMap {
	return props(map[string]any{"metadata": map[string]any{"name": name, "namespace": namespace}, "spec": spec})
}

func TestServicesWaitForPodsAndAddresses(t *testing.T) {
	p := liveProvider(t)
	web := map[string]any{"selector": map[string]any{"app": "web"}, "ports": []any{map[string]any{"port": 80}}}
	lonely := resourceOf(t, p, "kubernetes:core/v1:Service", "lonely")
	lonely.timeout = time.Second
	_, err := lonely.tryCreate(service(p.namespace, "lonely", web), false)
	require.ErrorContains(t, err, "targets no pod that is ready; its selector may match none")
	initFailed(t, err)

	skipped := with(t, service(p.namespace, "skipped", web), `metadata.annotations["pulumi.com/skipAwait"]`, "true")
	resourceOf(t, p, "kubernetes:core/v1:Service", "skipped").create(skipped)
	headless := map[string]any{"selector": map[string]any{"app": "none"}, "clusterIP": "None"}
	resourceOf(t, p, "kubernetes:core/v1:Service", "headless").create(service(p.namespace, "headless", headless))
	elsewhere := map[string]any{"type": "ExternalName", "externalName": "example.com"}
	resourceOf(t, p, "kubernetes:core/v1:Service", "elsewhere").create(service(p.namespace, "elsewhere", elsewhere))

	resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web").create(deployment(p.namespace))
	front := resourceOf(t, p, "kubernetes:core/v1:Service", "front")
	front.create(with(t, service(p.namespace, "front", web), "spec.type", "LoadBalancer"))
	given := front.state["status"].ObjectValue()["loadBalancer"].ObjectValue()["ingress"].ArrayValue()
	require.Equal(t, "front."+p.namespace+".elb.sandbox.invalid", given[0].ObjectValue()["hostname"].StringValue())
}

func TestIngressesWaitForTheirServices(t *testing.T) {
	p := liveProvider(t)
	ingress := func(name, backend string) resource.PropertyMap {
		return service(p.namespace, name, map[string]any{"rules": []any{map[string]any{"host": "portal.example.com", "http": map[string]any{"paths": []any{
			map[string]any{"path": "/", "pathType": "Prefix", "backend": map[string]any{"service": map[string]any{"name": backend, "port": map[string]any{"number": 80}}}},
		}}}}})
	}
	broken := resourceOf(t, p, "kubernetes:networking.k8s.io/v1:Ingress", "broken")
	broken.timeout = 5 * time.Second
	_, err := broken.tryCreate(ingress("broken", "nowhere"), false)
	require.ErrorContains(t, err, "sends portal.example.com/ to Service nowhere, which does not exist")
	initFailed(t, err)

	elsewhere := map[string]any{"type": "ExternalName", "externalName": "example.com"}
	resourceOf(t, p, "kubernetes:core/v1:Service", "elsewhere").create(service(p.namespace, "elsewhere", elsewhere))
	good := resourceOf(t, p, "kubernetes:networking.k8s.io/v1:Ingress", "good")
	good.create(ingress("good", "elsewhere"))
	require.Empty(t, good.refresh(ingress("good", "elsewhere")), "the address that was given is not drift")
}

// Kinds of the platform that nobody waits for are applied and read back
// without a difference: what the server fills in is no drift.
func TestPlatformKindsAreAppliedWithoutDrift(t *testing.T) {
	p := liveProvider(t)
	labels := map[string]any{"app": "web"}
	pod := map[string]any{"restartPolicy": "Never", "containers": []any{map[string]any{"name": "work", "image": "registry.k8s.io/pause:3.10"}}}
	for token, spec := range map[string]map[string]any{
		"kubernetes:autoscaling/v2:HorizontalPodAutoscaler": {
			"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, "minReplicas": 2, "maxReplicas": 10,
			"metrics": []any{map[string]any{"type": "Resource", "resource": map[string]any{"name": "cpu", "target": map[string]any{"type": "Utilization", "averageUtilization": 70}}}},
		},
		"kubernetes:policy/v1:PodDisruptionBudget": {"maxUnavailable": 1, "selector": map[string]any{"matchLabels": labels}},
		"kubernetes:batch/v1:CronJob": {
			"schedule":    "0 */6 * * *",
			"jobTemplate": map[string]any{"spec": map[string]any{"template": map[string]any{"spec": pod}}},
		},
		"kubernetes:core/v1:ResourceQuota":         {"hard": map[string]any{"requests.cpu": "20", "requests.memory": "40Gi", "pods": "50"}},
		"kubernetes:core/v1:LimitRange":            {"limits": []any{map[string]any{"type": "Container", "default": map[string]any{"cpu": "500m"}}}},
		"kubernetes:core/v1:PersistentVolumeClaim": {"accessModes": []any{"ReadWriteMany"}, "storageClassName": "efs-sc", "resources": map[string]any{"requests": map[string]any{"storage": "20Gi"}}},
		"kubernetes:monitoring.coreos.com/v1:PrometheusRule": {"groups": []any{map[string]any{
			"name": "portal", "rules": []any{map[string]any{"alert": "PortalDown", "expr": "up == 0", "for": "1m"}},
		}}},
	} {
		t.Run(token, func(t *testing.T) {
			one := resourceOf(t, p, token, "one")
			program := service(p.namespace, "one", spec)
			one.create(program)
			require.Empty(t, one.refresh(program))
			one.delete()
		})
	}
}
