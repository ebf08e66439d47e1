package ingress

import (
	"fmt"
	"strconv"
	"strings"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/manifest"
)

// Route leads requests for a host and path to a Service.
type Route struct {
	// Name is the Ingress's, Namespace where it and its Service lie.
	Name      string
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// Host and Path are what is asked for: all paths below Path, or Path alone
	// when Exact. Overlapping routes: the longest path wins.
	Host, Path string
	Exact      bool
	// Service is the Service in the namespace, Port its port.
	Service string
	Port    int
	// Rewrite replaces the path on the way; empty leaves it.
	Rewrite string
	// Limits bound what one client may do. They count per controller.
	Limits Limits
	// BodyLimitMiB is the largest request body.
	BodyLimitMiB int
	// IdleSeconds is how long a connection may be silent; 60 when 0. A
	// WebSocket is silent between two pings.
	IdleSeconds int
	// StickyCookie is the name of a cookie that keeps a client with one pod;
	// empty for none.
	StickyCookie string
	// Origins are the web pages, besides the host's own, whose scripts may call.
	Origins []string
	// Closed turns everybody away but a few; nil is open.
	Closed *Closed
	// Meshed is whether the Service's pods are in the mesh.
	Meshed bool
	// After is what must be there first: the controller, whose webhook judges
	// the route.
	After []pulumi.Resource
}

// Limits bound what one client address may do.
type Limits struct {
	// RequestsPerSecond is the rate, and BurstMultiplier times that is how many
	// may come at once.
	RequestsPerSecond, BurstMultiplier int
	// Connections is how many may be open.
	Connections int
}

// Closed turns clients away with the default backend's answer.
type Closed struct {
	// Allowed are the address ranges that are let through all the same.
	Allowed []string
}

// route is the component of one route.
type route struct {
	pulumi.ResourceState
	component.Parts
}

// NewRoute makes the Ingress, and what keeps clients with their pod.
func NewRoute(ctx *pulumi.Context, name string, r Route, opts ...pulumi.ResourceOption) error {
	return component.Register(ctx, "gatehouse:kubernetes:Route", name, &route{}, func(child pulumi.ResourceOption) error {
		_, err := networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{
			Metadata: metav1.ObjectMetaArgs{
				Name: pulumi.String(r.Name), Namespace: r.Namespace.ToStringOutput().ToStringPtrOutput(),
				Labels: pulumi.ToStringMap(r.Labels), Annotations: r.annotations(),
			},
			Spec: networkingv1.IngressSpecArgs{
				IngressClassName: pulumi.String(Class),
				// Without a Secret: the controller's own certificate has the host.
				Tls: networkingv1.IngressTLSArray{networkingv1.IngressTLSArgs{Hosts: pulumi.ToStringArray([]string{r.Host})}},
				Rules: networkingv1.IngressRuleArray{networkingv1.IngressRuleArgs{
					Host: pulumi.String(r.Host),
					Http: networkingv1.HTTPIngressRuleValueArgs{Paths: networkingv1.HTTPIngressPathArray{r.path()}},
				}},
			},
		}, child, component.DependsOn(r.After...))
		if err != nil || r.StickyCookie == "" || !r.Meshed {
			return err
		}
		return newAffinity(ctx, name, r, child, component.DependsOn(r.After...))
	}, opts...)
}

func (r Route) path() networkingv1.HTTPIngressPathArgs {
	kind := "Prefix"
	if r.Exact {
		kind = "Exact"
	}
	return networkingv1.HTTPIngressPathArgs{
		Path: pulumi.String(r.Path), PathType: pulumi.String(kind),
		Backend: networkingv1.IngressBackendArgs{Service: networkingv1.IngressServiceBackendArgs{
			Name: pulumi.String(r.Service), Port: networkingv1.ServiceBackendPortArgs{Number: pulumi.Int(r.Port)},
		}},
	}
}

const annotationPrefix = "nginx.ingress.kubernetes.io/"

// annotations are the rules of the route (ingress-nginx, "Annotations").
func (r Route) annotations() pulumi.StringMap {
	idle := r.IdleSeconds
	if idle == 0 {
		idle = 60
	}
	all := pulumi.StringMap{}
	set := func(name, value string) { all[annotationPrefix+name] = pulumi.String(value) }
	set("force-ssl-redirect", "true")
	set("limit-rps", strconv.Itoa(r.Limits.RequestsPerSecond))
	set("limit-burst-multiplier", strconv.Itoa(r.Limits.BurstMultiplier))
	set("limit-connections", strconv.Itoa(r.Limits.Connections))
	set("proxy-body-size", fmt.Sprintf("%dm", r.BodyLimitMiB))
	set("proxy-read-timeout", strconv.Itoa(idle))
	set("proxy-send-timeout", strconv.Itoa(idle))
	if r.Rewrite != "" {
		set("rewrite-target", r.Rewrite)
	}
	if len(r.Origins) > 0 {
		set("enable-cors", "true")
		set("cors-allow-origin", strings.Join(r.Origins, ","))
		set("cors-allow-methods", "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS")
		set("cors-allow-headers", "Authorization,Content-Type,X-Request-ID")
		set("cors-allow-credentials", "true")
		set("cors-max-age", "600")
	}
	r.balance(all, set)
	r.close(set)
	return all
}

// balance says who chooses the pod. In the mesh it is the controller's sidecar,
// which knows a Service by its name and needs it as the host; the host that the
// client asked for is in X-Forwarded-Host.
func (r Route) balance(all pulumi.StringMap, set func(name, value string)) {
	switch {
	case r.Meshed:
		set("service-upstream", "true")
		all[annotationPrefix+"upstream-vhost"] = pulumi.Sprintf("%s.%s.svc.cluster.local", r.Service, r.Namespace)
	case r.StickyCookie != "":
		set("affinity", "cookie")
		set("affinity-mode", "persistent")
		set("session-cookie-name", r.StickyCookie)
		set("session-cookie-path", r.Path)
		set("session-cookie-secure", "true")
		set("session-cookie-samesite", "Lax")
	}
}

// close refuses with 403 and has the default backend answer in its place. An
// answer 403 of the Service itself is hidden too while the route is closed.
func (r Route) close(set func(name, value string)) {
	if r.Closed == nil {
		return
	}
	set("custom-http-errors", "403")
	if len(r.Closed.Allowed) == 0 {
		set("denylist-source-range", "0.0.0.0/0,::/0")
		return
	}
	set("whitelist-source-range", strings.Join(r.Closed.Allowed, ","))
}

// The spec of a DestinationRule, as far as it is used (Istio, "Destination
// Rule").
type destinationRule struct {
	Host          pulumi.StringInput `json:"host"`
	TrafficPolicy trafficPolicy      `json:"trafficPolicy"`
}

type trafficPolicy struct {
	LoadBalancer loadBalancer `json:"loadBalancer"`
}

type loadBalancer struct {
	ConsistentHash consistentHash `json:"consistentHash"`
}

type consistentHash struct {
	HTTPCookie httpCookie `json:"httpCookie"`
}

type httpCookie struct {
	Name string `json:"name"`
	Path string `json:"path"`
	TTL  string `json:"ttl"`
}

// newAffinity has every sidecar choose the pod by a cookie, and set the cookie
// where there is none.
func newAffinity(ctx *pulumi.Context, name string, r Route, opts ...pulumi.ResourceOption) error {
	_, err := manifest.New(ctx, name+"-affinity", manifest.Args{
		APIVersion: "networking.istio.io/v1", Kind: "DestinationRule",
		Name: r.Service, Namespace: r.Namespace, Labels: r.Labels,
		Spec: destinationRule{
			Host: pulumi.Sprintf("%s.%s.svc.cluster.local", r.Service, r.Namespace),
			TrafficPolicy: trafficPolicy{LoadBalancer: loadBalancer{ConsistentHash: consistentHash{
				// 0 s is a cookie that ends with the browser.
				HTTPCookie: httpCookie{Name: r.StickyCookie, Path: r.Path, TTL: "0s"},
			}}},
		},
	}, opts...)
	return err
}
