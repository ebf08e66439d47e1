package dashboards

// portal is what users meet, and how much of it is in use. Its first row is the
// readiness guide's ("Grafana Dashboards"), expression for expression.
func portal() Dashboard {
	const apps = `namespace=~"developer-portal|backstage",container!="",container!="istio-proxy"`
	return Dashboard{
		UID: "portal-overview", Title: "Portal Production Overview",
		Description: "What users meet, and what the portal's pods use.",
		Rows: []Row{
			{"Traffic", []Panel{
				graph("Request Rate", "Requests a second by service. A sudden drop is as bad as a peak.", "reqps",
					Query{`sum(rate(http_requests_total[5m])) by (service)`, "{{service}}"}),
				graph("Response Time (95th percentile)", "19 of 20 requests are faster. The objective is 1 s.", seconds,
					Query{`histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le, service))`, "{{service}}"}),
				stat("Error Rate", "Share of requests that fail with a 5xx. The objective is 0.1 %.", ratio,
					Query{`sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))`, "Error Rate"}),
			}},
			{"Errors and uptime", []Panel{
				graph("Error rate by service", "Share of each service's requests that fail.", ratio,
					Query{`service:http_requests_errors:ratio_rate5m`, "{{service}}"}),
				stat("Reachable from outside", "1 where the address answers as it should, by way of DNS, CloudFront and the ingress.", count,
					Query{`min by (instance) (probe_success)`, "{{instance}}"}),
				stat("Certificates", "Time until the certificate that users see expires; renewal is due at 30 days.", seconds,
					Query{`min by (instance) (probe_ssl_earliest_cert_expiry) - time()`, "{{instance}}"}),
			}},
			{"Ingress", []Panel{
				graph("Requests at the ingress", "Requests a second before the portal sees them.", "reqps",
					Query{`sum(ingress:nginx_requests:rate5m)`, "requests"}),
				graph("Errors at the ingress", "Share of requests answered with a 5xx.", ratio,
					Query{`max(ingress:nginx_requests_errors:ratio_rate5m)`, "errors"}),
				graph("WebSocket connections", "Open connections; they fall together when a pod goes.", count,
					Query{`job:websocket_connections:sum`, "{{job}}"}),
			}},
			{"Saturation", []Panel{
				graph("CPU", "Share of the CPU limit in use. Above 1 the pod is slowed down.", ratio,
					Query{`sum by (pod) (rate(container_cpu_usage_seconds_total{` + apps + `}[5m])) / sum by (pod) (kube_pod_container_resource_limits{` + apps + `,resource="cpu"})`, "{{pod}}"}),
				graph("Memory", "Share of the memory limit in use. At 1 the container is killed.", ratio,
					Query{`sum by (pod) (container_memory_working_set_bytes{` + apps + `}) / sum by (pod) (kube_pod_container_resource_limits{` + apps + `,resource="memory"})`, "{{pod}}"}),
				graph("Throttling", "Share of the time slices in which a container had to wait for CPU.", ratio,
					Query{`sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{` + apps + `}[5m])) / sum by (pod) (rate(container_cpu_cfs_periods_total{` + apps + `}[5m]))`, "{{pod}}"}),
				graph("Autoscaling", "Share of the pods that the autoscaler may make. At 1 it can do no more.", ratio,
					Query{`kube_horizontalpodautoscaler_status_current_replicas{namespace=~"developer-portal|backstage"} / kube_horizontalpodautoscaler_spec_max_replicas`, "{{horizontalpodautoscaler}}"}),
				graph("Restarts", "Restarts in the last hour. One is an incident, several are a loop.", count,
					Query{`sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total{namespace=~"developer-portal|backstage"}[1h]))`, "{{pod}}"}),
				graph("Missing pods", "Pods that a Deployment wants and has not got.", count,
					Query{`kube_deployment_spec_replicas{namespace=~"developer-portal|backstage"} - kube_deployment_status_replicas_available`, "{{deployment}}"}),
			}},
		},
	}
}
