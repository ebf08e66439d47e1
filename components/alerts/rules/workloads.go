package rules

// workloads watches the objects of the cluster through kube-state-metrics.
func workloads() Topic {
	return Topic{
		Name: "workloads",
		Records: []Record{
			{"namespace:kube_pod_container_restarts:increase1h", `sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total[1h]))`},
		},
		Alerts: []Alert{
			crashLoop(Critical, `namespace=~"developer-portal|backstage|ingress"`),
			crashLoop(Warning, `namespace!~"developer-portal|backstage|ingress"`),
			{
				Name: "DeploymentReplicasMismatch", Severity: Warning, Service: "{{ $labels.deployment }}", For: "15m",
				Expr: `max by (namespace, deployment) (kube_deployment_spec_replicas) > max by (namespace, deployment) (kube_deployment_status_replicas_available)
  and max by (namespace, deployment) (changes(kube_deployment_status_replicas_updated[10m])) == 0`,
				Summary:     "{{ $labels.deployment }} lacks pods",
				Description: "Deployment {{ $labels.namespace }}/{{ $labels.deployment }} has wanted {{ $value }} pods for 15 minutes, has fewer, and no rollout moves.",
			},
			{
				// A failed Job stays as long as its CronJob's history: only those of
				// the last day count. A plugin that the gate refused is no failure.
				Name: "JobFailed", Severity: Warning, Service: "{{ $labels.namespace }}",
				Expr: `max by (namespace, job_name) (kube_job_failed{condition="true"}) > 0
  and time() - max by (namespace, job_name) (kube_job_status_start_time) < 86400
  unless ` + decided(stageJobs),
				Summary:     "Job {{ $labels.job_name }} failed",
				Description: "Job {{ $labels.namespace }}/{{ $labels.job_name }} failed within a day.",
			},
			{
				Name: "HorizontalPodAutoscalerAtCeiling", Severity: Warning, Service: "{{ $labels.horizontalpodautoscaler }}", For: "15m",
				Expr: `max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas)
  >= max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas)
  > max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas)`,
				Summary:     "{{ $labels.horizontalpodautoscaler }} cannot grow any more",
				Description: "{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} has run at its ceiling of {{ $value }} pods for 15 minutes.",
			},
			{
				Name: "QuotaAlmostFull", Severity: Warning, Service: "{{ $labels.namespace }}", For: "15m",
				Expr: `max by (namespace, resource) (kube_resourcequota{type="used"})
  / (max by (namespace, resource) (kube_resourcequota{type="hard"}) > 0) > 0.9`,
				Summary:     "The quota of {{ $labels.namespace }} is nearly used up",
				Description: "{{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its {{ $labels.resource }}: new pods will soon be refused.",
			},
		},
	}
}

// crashLoop is the guide's alert mended: `rate(restarts[15m]) > 0` holds for 15
// minutes after a single restart, such as an ordinary eviction. Here a container
// restarts more than 3 times, or Kubernetes itself says that it backs off.
func crashLoop(severity Severity, where string) Alert {
	return Alert{
		Name: "PodCrashLooping", Severity: severity, Service: "{{ $labels.container }}", For: "5m",
		Expr: `sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{` + where + `}[15m])) > 3
  or max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{` + where + `,reason="CrashLoopBackOff"}[5m])) > 0`,
		Summary:     "Pod {{ $labels.pod }} is crash looping",
		Description: "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} ends again and again.",
	}
}
