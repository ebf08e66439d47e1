package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/ingress"
)

// socketIdleSeconds is how long a WebSocket may be silent. Socket.io pings
// every 25 seconds; CloudFront ends a silent one after ten minutes.
const socketIdleSeconds = 600

// deployRoutes makes the ways from the internet to the portal's workloads.
// After is what [deployIngress] returned.
func deployRoutes(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, after []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	for _, r := range portalRoutes(env, namespaces) {
		r.After = after
		if err := ingress.NewRoute(ctx, env.Named("route-"+r.Name), r, opts...); err != nil {
			return fmt.Errorf("deploy the routes: %w", err)
		}
	}
	return nil
}

// portalRoutes is the table of them. The two that health checks ask (readiness guide,
// "Health Verification") stay open in maintenance, so that closed and broken
// can be told apart.
func portalRoutes(env Environment, namespaces map[string]pulumi.StringOutput) []ingress.Route {
	c := env.Config.Platform
	route := func(name, namespace, host, path, service string, port int) ingress.Route {
		return ingress.Route{
			Name: name, Namespace: namespaces[namespace], Labels: ownership(env),
			Host: host, Path: path, Service: service, Port: port,
			Limits: ingress.Limits{
				RequestsPerSecond: c.Ingress.RequestsPerSecond, BurstMultiplier: c.Ingress.BurstMultiplier,
				Connections: c.Ingress.Connections,
			},
			BodyLimitMiB: c.Ingress.BodyLimitMiB, Meshed: c.Mesh.Enabled, Closed: turnedAway(env),
		}
	}
	pages := route("portal-frontend", portalNamespace, portalHost(env), "/", "portal-frontend", 4400)

	health := route("portal-health", portalNamespace, portalHost(env), "/api/health", "portal-frontend", 4400)
	health.Exact, health.Closed = true, nil

	sockets := route("websocket", portalNamespace, portalHost(env), "/socket.io", "websocket", 4403)
	sockets.IdleSeconds, sockets.StickyCookie = socketIdleSeconds, "gatehouse-websocket"

	api := route("backstage-backend", backstageNamespace, apiHost(env), "/", "backstage-backend", backendPort)
	api.Origins = []string{"https://" + portalHost(env)}

	// What the answer says is the image's own: Backstage's default names no
	// services, and a backend that does overrides coreServices.rootHealth
	// (Backstage, "Root Health Service").
	apiHealth := route("backstage-health", backstageNamespace, apiHost(env), "/healthcheck", "backstage-backend", backendPort)
	apiHealth.Exact, apiHealth.Rewrite, apiHealth.Closed = true, "/.backstage/health/v1/readiness", nil

	return []ingress.Route{pages, health, sockets, api, apiHealth}
}

// turnedAway is who is refused while the portal is being maintained: all but a
// few. Nobody is otherwise.
func turnedAway(env Environment) *ingress.Closed {
	m := env.Config.Portal.Maintenance
	if !m.Enabled {
		return nil
	}
	var allowed []string
	for _, cidr := range m.AllowedCIDRs {
		allowed = append(allowed, cidr.String())
	}
	return &ingress.Closed{Allowed: allowed}
}
