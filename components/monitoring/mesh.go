package monitoring

// certificates is where Prometheus finds those that its proxy writes.
const certificates = "/etc/prom-certs"

// certificatesVolume is shared by Prometheus and its proxy.
const certificatesVolume = "istio-certs"

// tlsConfig has Prometheus show a certificate of the mesh, since nobody in the
// mesh talks to strangers.
type tlsConfig struct {
	CAFile   string `json:"caFile"`
	CertFile string `json:"certFile"`
	KeyFile  string `json:"keyFile"`
	// InsecureSkipVerify is on: Istio's certificates name identities, which
	// Prometheus cannot compare. The CA is checked by the other side.
	InsecureSkipVerify bool `json:"insecureSkipVerify"`
}

// transport is how Prometheus asks a pod.
type transport struct {
	Scheme    string     `json:"scheme,omitempty"`
	TLSConfig *tlsConfig `json:"tlsConfig,omitempty"`
}

// toMeshed asks pods that have a proxy, if there is a mesh.
func (a Args) toMeshed() transport {
	if !a.Meshed {
		return transport{Scheme: "http"}
	}
	return transport{Scheme: "https", TLSConfig: &tlsConfig{
		CAFile: certificates + "/root-cert.pem", CertFile: certificates + "/cert-chain.pem", KeyFile: certificates + "/key.pem",
		InsecureSkipVerify: true,
	}}
}

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
