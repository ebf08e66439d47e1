package monitoring

import "gatehouse/components/workload"

// certificatesVolume is shared by Prometheus and its proxy.
const certificatesVolume = "istio-certs"

// toMeshed asks pods that have a proxy, if there is a mesh.
func (a Args) toMeshed() workload.Transport { return workload.TransportTo(a.Meshed) }

// prometheusMesh are the annotations and labels of Prometheus's pods: a proxy
// that intercepts nothing and only writes its certificates (Istio,
// "Prometheus: TLS settings"). Prometheus reaches pods by address, which a proxy
// would not know. Others are told to speak no mutual TLS to it.
func (a Args) prometheusMesh() (annotations, labels map[string]string) {
	if !a.Meshed {
		return nil, nil
	}
	return map[string]string{
			"traffic.sidecar.istio.io/includeInboundPorts":     "",
			"traffic.sidecar.istio.io/includeOutboundIPRanges": "",
			"proxy.istio.io/config":                            "proxyMetadata:\n  OUTPUT_CERTS: /etc/istio-output-certs\n",
			"sidecar.istio.io/userVolumeMount":                 `[{"name": "` + certificatesVolume + `", "mountPath": "/etc/istio-output-certs"}]`,
		}, map[string]string{
			"security.istio.io/tlsMode": "disabled",
		}
}

// alertmanagerMesh keeps the gossip between Alertmanagers, TCP and UDP on one
// port, out of the proxy, which knows no UDP.
func (a Args) alertmanagerMesh() map[string]string {
	if !a.Meshed {
		return nil
	}
	return map[string]string{
		"traffic.sidecar.istio.io/excludeInboundPorts":  "9094",
		"traffic.sidecar.istio.io/excludeOutboundPorts": "9094",
	}
}

// outside keeps a pod out of the mesh: what the API server calls, and what only
// gives metrics of nodes and objects.
func outside(labels map[string]string) map[string]string {
	return with(labels, map[string]string{"sidecar.istio.io/inject": "false"})
}

// with joins labels; later ones win.
func with(all ...map[string]string) map[string]string {
	joined := map[string]string{}
	for _, labels := range all {
		for key, value := range labels {
			joined[key] = value
		}
	}
	return joined
}
