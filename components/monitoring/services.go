package monitoring

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// newServices gives Prometheus and Alertmanager the names that people and
// runbooks call them by (readiness guide, "Monitoring Validation"); the chart's
// own begin with the release's name.
func newServices(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	for app, port := range map[string]int{"prometheus": 9090, "alertmanager": 9093} {
		_, err := corev1.NewService(ctx, name+"-"+app, &corev1.ServiceArgs{
			Metadata: metav1.ObjectMetaArgs{
				Name: pulumi.String(app), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(),
				Labels: pulumi.ToStringMap(pod.Labels(args.Labels, app)),
				// The operator starts the pods on its own time, and an up that
				// waits for them here would not tell more.
				Annotations: pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")},
			},
			Spec: corev1.ServiceSpecArgs{
				Type:     pulumi.String("ClusterIP"),
				Selector: pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(app)},
				Ports: corev1.ServicePortArray{corev1.ServicePortArgs{
					Name: pulumi.String("http"), Port: pulumi.Int(port), TargetPort: pulumi.Int(port),
					Protocol: pulumi.String("TCP"), AppProtocol: pulumi.String("http"),
				}},
			},
		}, opts...)
		if err != nil {
			return err
		}
	}
	return nil
}
