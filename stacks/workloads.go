package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/pooler"
	"gatehouse/components/storageclass"
	"gatehouse/components/workload"
	"gatehouse/stacks/config"
)

// The portal's own workloads. To add one, write its function here and name it
// in deployWorkloads; what else calls it is a row in flows.go.

// deployWorkloads makes them, Backstage with its plugins. before is what the plugins'
// installer needs to run.
func (p portal) deployWorkloads(ctx *pulumi.Context, before []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	for _, args := range []workload.Args{p.frontend(), p.websocket()} {
		if _, err := workload.New(ctx, p.env.Named(args.Name), args, opts...); err != nil {
			return fmt.Errorf("deploy the portal: %w", err)
		}
	}
	if err := p.deployBackstage(ctx, before, opts...); err != nil {
		return fmt.Errorf("deploy the portal: %w", err)
	}
	return nil
}

// backstageName is Backstage's Deployment, Service and image. backstageRoot and
// pluginsPath are where Backstage and its plugins are in the container;
// pluginsClaim is the volume of the plugins, which the installer writes
// (deployment guide, "Environment Variables" and "Storage Configuration").
const (
	backstageName = "backstage-backend"
	backstageRoot = "/app"
	pluginsPath   = "/opt/backstage/dynamic-plugins"
	pluginsClaim  = "backstage-plugins"
)

// frontend is the Next.js application (deployment guide, "Key Components": 4
// instances or more).
func (p portal) frontend() workload.Args {
	c := p.env.Config.Portal
	args := p.workload("portal-frontend", portalNamespace, "portal", c.Frontend, c.Images.PortalFrontend, p.green().PortalFrontend)
	args.Pod.Ports = append(args.Pod.Ports, pod.Port{Name: "http", Number: 4400})
	args.Pod.Probes = pod.Health("http", "/api/health", "/api/health", 120)
	args.Pod.EnvFromSecrets = []string{"portal-frontend"}
	args.Pod.Mounts = []pod.Mount{{Path: "/app/.next/cache", Empty: "512Mi"}}
	args.Pod.Env = append(p.redis("portal"), settings{
		"PORT": "4400", "HOSTNAME": "0.0.0.0", "METRICS_PORT": "9090", "METRICS_PATH": "/metrics",
		"DATABASE_HOST": service(pooler.Service, backstageNamespace), "DATABASE_READ_HOST": service(pooler.ReadService, backstageNamespace),
		"DATABASE_PORT": fmt.Sprint(pooler.Port), "DATABASE_NAME": database, "DATABASE_READ_NAME": database + "_read", "DATABASE_USER": "portal",
		"DATABASE_MAX_CONNECTIONS": "10", "CACHE_TTL_SECONDS": "300",
		"BACKSTAGE_URL": "http://" + service(backstageName, backstageNamespace) + ":7007",
		"PORTAL_URL":    p.url(""), "API_URL": p.url("api."), "CORS_ORIGINS": p.url(""),
	}.env()...)
	return args
}

// websocket is the Socket.io server; its Redis adapter passes messages between
// the pods. A client's polling must come to one pod, and its connections need
// time to move when that pod ends.
func (p portal) websocket() workload.Args {
	c := p.env.Config.Portal
	args := p.workload("websocket", portalNamespace, "portal", c.WebSocket, c.Images.WebSocket, p.green().WebSocket)
	args.Sticky = true
	args.Pod.Ports = append(args.Pod.Ports, pod.Port{Name: "http", Number: 4403})
	args.Pod.Probes = pod.Health("http", "/health", "/health", 60)
	args.Pod.EnvFromSecrets = []string{"websocket"}
	args.Pod.GraceSeconds = 150
	args.Pod.Env = append(p.redis("portal"), settings{
		"PORT": "4403", "METRICS_PORT": "9090", "METRICS_PATH": "/metrics", "SOCKET_PATH": "/socket.io",
		"REDIS_ADAPTER_PREFIX": "socket.io", "CORS_ORIGINS": p.url(""),
	}.env()...)
	return args
}

// backstage is the Backstage backend on port 7007. The guide's 7008 is a second
// instance on the same host: in Kubernetes every pod has an address of its own,
// so that all listen on 7007 and nothing on 7008.
func (p portal) backstage() workload.Args {
	c := p.env.Config.Portal
	args := p.workload(backstageName, backstageNamespace, "backstage", c.Backstage, c.Images.Backstage, p.green().Backstage)
	args.Pod.App, args.Pod.ServiceAccount = "backstage", "backstage"
	args.Pod.Ports = append(args.Pod.Ports, pod.Port{Name: "http", Number: 7007})
	args.Pod.Probes = pod.Health("http", "/.backstage/health/v1/readiness", "/.backstage/health/v1/liveness", 300)
	args.Pod.EnvFromSecrets, args.Pod.TmpSize = []string{"backstage"}, "512Mi"
	args.Claim = &workload.Claim{
		Name: pluginsClaim, Class: storageclass.Shared, Mode: workload.ByManyNodes, SizeGiB: c.Plugins.StorageGiB,
		Path: pluginsPath, ReadOnly: true,
	}
	env := settings{
		"PLUGIN_INSTALL_MODE": string(c.Plugins.InstallMode), "BACKSTAGE_ROOT": backstageRoot, "DYNAMIC_PLUGINS_PATH": pluginsPath,
		// The plugins lie outside the application, whose modules they use.
		"NODE_PATH":     backstageRoot + "/node_modules",
		"POSTGRES_HOST": service(pooler.Service, backstageNamespace), "POSTGRES_PORT": fmt.Sprint(pooler.Port), "POSTGRES_USER": "backstage",
		// Backstage reads its configuration from variables of this form too.
		"APP_CONFIG_app_baseUrl": p.url(""), "APP_CONFIG_backend_baseUrl": p.url("api."), "APP_CONFIG_backend_cors_origin": p.url(""),
		"APP_CONFIG_dynamicPlugins_rootDirectory": pluginsPath,
	}
	if trigger := c.Plugins.CITriggerURL; trigger != nil {
		env["CI_CD_TRIGGER_URL"] = string(*trigger)
	}
	args.Pod.Env = append(p.redis("backstage"), env.env()...)
	args.Pod.Env = append(args.Pod.Env, pod.Env{Name: "S3_PLUGIN_BUCKET", Value: p.foundation.Plugins.Name})
	if c.Plugins.Managed() {
		p.loadGeneration(&args)
	}
	return args
}

// workload is what the portal's workloads have in common.
func (p portal) workload(name, namespace, role string, size config.Workload, image, green config.ImageReference) workload.Args {
	c := p.env.Config
	args := workload.Args{
		Name: name, Namespace: p.namespaces[namespace], Labels: ownership(p.env), Meshed: c.Platform.Mesh.Enabled,
		RoleARN:  p.cluster.Roles[role],
		Replicas: workload.Replicas{Min: size.MinReplicas, Max: size.MaxReplicas, CPUTarget: c.Portal.CPUTargetPercent},
		Pod: pod.Spec{
			Priority: pod.Critical, GraceSeconds: 60,
			Container: pod.Container{
				Image:          imageOf(p.foundation, name, image),
				Ports:          []pod.Port{{Name: "metrics", Number: 9090}},
				PreStopSeconds: 15,
				Resources: pod.Resources{
					CPURequest: string(size.CPU), MemoryRequest: string(size.Memory),
					CPULimit: string(size.CPULimit), MemoryLimit: string(size.MemoryLimit),
				},
			},
		},
	}
	if c.Portal.Strategy == config.BlueGreen {
		args.BlueGreen = &workload.BlueGreen{Active: workload.Slot(*c.Portal.Active), Blue: args.Pod.Image, Green: imageOf(p.foundation, name, green)}
	}
	return args
}
