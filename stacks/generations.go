package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/workload"
	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// loaderName is the container beside Backstage that loads plugins of strategy
// sidecar (deployment guide, "Sidecar Pattern"). It shares Backstage's address, so
// that its ports are others: the guide's second instance has 7008.
const loaderName = "plugin-loader"

// loadGeneration has Backstage load a generation of the shared volume: that which
// the pod template's annotation names. Nobody here names it; its owner is the
// installer. Without one, a pod has the folder of all generations, where the
// installer keeps what a first start needs.
func (p portal) loadGeneration(args *workload.Args) {
	c := p.env.Config.Portal.Plugins
	args.Claim.SubPathExpr = "generations/$(" + install.GenerationVariable + ")"
	if built := rebuild(p.env.Config, p.env.Name); built != nil {
		image := imageOf(p.foundation, backstageName, config.ImageReference(built.Tag()))
		args.Pod.Image = image
		if args.BlueGreen != nil {
			args.BlueGreen.Blue, args.BlueGreen.Green = image, image
		}
	}
	args.Proved = true
	args.Pod.Command = c.Command
	args.Pod.Args = configFlags(c.AppConfig, pluginsPath+"/app-config.yaml")
	args.Pod.Ports = append(args.Pod.Ports, probePort())
	args.Pod.Env = append(
		changed(args.Pod.Env, settings{rootVariable: pluginsPath + "/plugins"}),
		pod.Env{Name: install.GenerationVariable, Field: "metadata.annotations['" + install.Annotation + "']"},
	)
	if loadsBeside(p.env.Config) {
		args.Pod.Sidecars = append(args.Pod.Sidecars, p.loader(*args))
	}
}

// rootVariable sets dynamicPlugins.rootDirectory of app-config.
const rootVariable = "APP_CONFIG_dynamicPlugins_rootDirectory"

// loadsBeside tells whether a plugin has the strategy sidecar.
func loadsBeside(c config.Config) bool {
	p := c.Portal.Plugins
	return slices.ContainsFunc(p.Packages, func(each config.Package) bool { return p.StrategyOf(each) == plugins.Sidecar })
}

// loader is the container of plugins with the strategy sidecar: a backend like
// Backstage's, with the same configuration, limits of its own and its own room of
// the generation. What breaks in it leaves Backstage alone.
func (p portal) loader(backstage workload.Args) pod.Container {
	size := p.env.Config.Portal.Plugins.Sidecar
	return pod.Container{
		Name: loaderName, Image: imageOf(p.foundation, loaderName, p.env.Config.Portal.Images.PluginLoader),
		Command: backstage.Pod.Command,
		Args:    configFlags(p.env.Config.Portal.Plugins.AppConfig, pluginsPath+"/app-config.sidecar.yaml"),
		Env: changed(backstage.Pod.Env, settings{
			rootVariable:                pluginsPath + "/sidecar",
			"APP_CONFIG_backend_listen": fmt.Sprintf(`":%d"`, install.LoaderPort),
			"PLUGIN_PROBE_LISTEN":       fmt.Sprintf(":%d", install.LoaderProbePort),
		}),
		EnvFromSecrets: backstage.Pod.EnvFromSecrets,
		Ports:          []pod.Port{{Name: "loader", Number: install.LoaderPort, Direct: true}, loaderProbePort()},
		Probes:         pod.Health("loader", "/.backstage/health/v1/readiness", "/.backstage/health/v1/liveness", 300),
		PreStopSeconds: backstage.Pod.PreStopSeconds,
		Resources: pod.Resources{
			CPURequest: string(size.CPU), MemoryRequest: string(size.Memory),
			CPULimit: string(size.CPULimit), MemoryLimit: string(size.MemoryLimit),
		},
		Mounts: []pod.Mount{{
			Path: backstage.Claim.Path, Claim: backstage.Claim.Name, ReadOnly: backstage.Claim.ReadOnly, SubPathExpr: backstage.Claim.SubPathExpr,
		}},
	}
}

// configFlags are Backstage's arguments: the later file is over the earlier.
func configFlags(files []string, last string) []string {
	var flags []string
	for _, file := range append(slices.Clone(files), last) {
		flags = append(flags, "--config", file)
	}
	return flags
}

// changed are variables with other values, in their order; what was not among them
// comes last, in the order of names.
func changed(env []pod.Env, values settings) []pod.Env {
	left := maps.Clone(values)
	var all []pod.Env
	for _, e := range env {
		if value, ok := left[e.Name]; ok {
			e = pod.Env{Name: e.Name, Value: pulumi.String(value)}
			delete(left, e.Name)
		}
		all = append(all, e)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		all = append(all, pod.Env{Name: name, Value: pulumi.String(left[name])})
	}
	return all
}
