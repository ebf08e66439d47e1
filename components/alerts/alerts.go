// Package alerts puts rules and routes into the cluster: one PrometheusRule a
// topic, and Alertmanager's configuration.
//
// What fires is data in rules, who is told in routing. Prometheus and
// Alertmanager themselves are made in monitoring.
package alerts

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/alerts/routing"
	"gatehouse/components/alerts/rules"
	"gatehouse/components/component"
	"gatehouse/components/manifest"
)

// ConfigSecret is the Secret that holds Alertmanager's configuration, under the
// key alertmanager.yaml. The operator wants a Secret; there is nothing secret
// in it.
const ConfigSecret = "alertmanager-config"

// Args describes the alerts of an environment.
type Args struct {
	// Namespace is that of Prometheus and Alertmanager.
	Namespace pulumi.StringInput
	// Labels say whose the objects are.
	Labels map[string]string
	// RunbookBaseURL is where docs/runbooks is read, without a slash at its end.
	RunbookBaseURL string
	Rules          rules.Settings
	Routing        routing.Settings
}

// Alerts are the rules and the routes of an environment.
type Alerts struct {
	pulumi.ResourceState
	component.Parts
}

// New makes the alerts.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Alerts, error) {
	a := &Alerts{}
	err := component.Register(ctx, "gatehouse:kubernetes:Alerts", name, a, func(child pulumi.ResourceOption) error {
		topics, err := rules.Topics(args.Rules)
		if err != nil {
			return err
		}
		for _, topic := range topics {
			spec, err := plain(topic.Spec(args.RunbookBaseURL))
			if err != nil {
				return fmt.Errorf("write the rules of %s: %w", topic.Name, err)
			}
			_, err = manifest.New(ctx, name+"-"+topic.Name, manifest.Args{
				APIVersion: "monitoring.coreos.com/v1", Kind: "PrometheusRule",
				Name: "gatehouse-" + topic.Name, Namespace: args.Namespace, Labels: args.Labels, Spec: spec,
			}, child)
			if err != nil {
				return err
			}
		}
		return alertmanager(ctx, name+"-alertmanager", args, child)
	}, opts...)
	return a, err
}

// alertmanager makes the Secret that the operator reads.
func alertmanager(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	config, err := routing.New(args.Routing)
	if err != nil {
		return err
	}
	text, err := config.YAML()
	if err != nil {
		return err
	}
	_, err = corev1.NewSecret(ctx, name, &corev1.SecretArgs{
		Metadata: metav1.ObjectMetaArgs{
			Name: pulumi.String(ConfigSecret), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(),
			Labels: pulumi.ToStringMap(args.Labels),
		},
		Data: pulumi.StringMap{"alertmanager.yaml": pulumi.String(base64.StdEncoding.EncodeToString([]byte(text)))},
	}, child)
	return err
}

// plain turns the operator's types, some of which write themselves as JSON in a
// way of their own, into maps.
func plain(spec any) (map[string]any, error) {
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	var made map[string]any
	return made, json.Unmarshal(text, &made)
}
