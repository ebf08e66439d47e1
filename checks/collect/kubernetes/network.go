package kubernetes

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"gatehouse/checks/evidence"
)

func (c *Collector) networkPolicies(ctx context.Context) ([]evidence.KubeNetworkPolicy, error) {
	found := []evidence.KubeNetworkPolicy{}
	list := c.typed.NetworkingV1().NetworkPolicies(everywhere).List
	err := all(ctx, c, "networkpolicies.networking.k8s.io", list, func(list *networkingv1.NetworkPolicyList) {
		for i := range list.Items {
			p := &list.Items[i]
			k := evidence.KubeNetworkPolicy{
				KubeObject: named(p), Pods: selector(&p.Spec.PodSelector),
				Ingress: slices.Contains(p.Spec.PolicyTypes, networkingv1.PolicyTypeIngress),
				Egress:  slices.Contains(p.Spec.PolicyTypes, networkingv1.PolicyTypeEgress),
			}
			for _, rule := range p.Spec.Ingress {
				k.OpenIngress = k.OpenIngress || len(rule.From) == 0 && len(rule.Ports) == 0
			}
			for _, rule := range p.Spec.Egress {
				k.OpenEgress = k.OpenEgress || len(rule.To) == 0 && len(rule.Ports) == 0
			}
			found = append(found, k)
		}
	})
	return found, err
}

func (c *Collector) services(ctx context.Context) ([]evidence.KubeService, error) {
	ready, found := map[evidence.KubeObject]int{}, []evidence.KubeService{}
	var endpoints error
	err := atOnce(
		func() error {
			endpoints = all(ctx, c, "endpointslices.discovery.k8s.io", c.typed.DiscoveryV1().EndpointSlices(everywhere).List, func(list *discoveryv1.EndpointSliceList) {
				for i := range list.Items {
					of := evidence.KubeObject{Namespace: list.Items[i].Namespace, Name: list.Items[i].Labels[discoveryv1.LabelServiceName]}
					for _, each := range list.Items[i].Endpoints {
						if value(each.Conditions.Ready, true) {
							ready[of]++
						}
					}
				}
			})
			return endpoints
		},
		func() error {
			return all(ctx, c, "services", c.typed.CoreV1().Services(everywhere).List, func(list *corev1.ServiceList) {
				for i := range list.Items {
					s := &list.Items[i]
					found = append(found, evidence.KubeService{KubeObject: named(s), Type: string(s.Spec.Type)})
				}
			})
		},
	)
	if endpoints != nil { // a service without endpoints and one whose endpoints are not known look alike
		return nil, err
	}
	for i := range found {
		found[i].Endpoints = ready[found[i].KubeObject]
	}
	return found, err
}

func (c *Collector) ingresses(ctx context.Context) ([]evidence.KubeIngress, error) {
	found := []evidence.KubeIngress{}
	list := c.typed.NetworkingV1().Ingresses(everywhere).List
	err := all(ctx, c, "ingresses.networking.k8s.io", list, func(list *networkingv1.IngressList) {
		for i := range list.Items {
			found = append(found, ingress(&list.Items[i]))
		}
	})
	return found, err
}

func ingress(in *networkingv1.Ingress) evidence.KubeIngress {
	found := evidence.KubeIngress{KubeObject: named(in), Class: value(in.Spec.IngressClassName, ""), Services: []string{}}
	if found.Class == "" {
		found.Class = in.Annotations["kubernetes.io/ingress.class"]
	}
	for _, each := range in.Status.LoadBalancer.Ingress {
		if found.Address == "" {
			found.Address = each.Hostname + each.IP
		}
	}
	for _, each := range in.Spec.TLS {
		found.Secured = append(found.Secured, each.Hosts...)
	}
	backend := func(b *networkingv1.IngressBackend) {
		if b != nil && b.Service != nil && !slices.Contains(found.Services, b.Service.Name) {
			found.Services = append(found.Services, b.Service.Name)
		}
	}
	backend(in.Spec.DefaultBackend)
	for _, rule := range in.Spec.Rules {
		found.Hosts = append(found.Hosts, rule.Host)
		if rule.HTTP != nil {
			for i := range rule.HTTP.Paths {
				backend(&rule.HTTP.Paths[i].Backend)
			}
		}
	}
	return found
}
