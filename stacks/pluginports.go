package stacks

import (
	"gatehouse/components/pod"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// probePort is where the probe answers in each pod of Backstage, and
// loaderProbePort where the one of the container beside it does.
func probePort() pod.Port {
	return pod.Port{Name: "plugins", Number: install.ProbePort, Direct: true}
}

func loaderProbePort() pod.Port {
	return pod.Port{Name: "sidecar", Number: install.LoaderProbePort, Direct: true}
}

// managedPorts are those on which each pod of Backstage is asked for its plugins;
// none where they are not managed.
func managedPorts(c config.Config) []int {
	switch {
	case !c.Portal.Plugins.Managed():
		return nil
	case loadsBeside(c):
		return []int{install.ProbePort, install.LoaderProbePort}
	default:
		return []int{install.ProbePort}
	}
}
