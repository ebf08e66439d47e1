package rules_test

func workloadStories() []story {
	crash := func(severity, namespace, other string) story {
		where := func(namespace string) string { return `namespace="` + namespace + `",pod="p",container="c"` }
		found := labels("namespace", namespace, "pod", "p", "container", "c", "service", "c")
		restarts := func(namespace, values string) []string {
			return []string{`kube_pod_container_status_restarts_total{` + where(namespace) + `} ` + values}
		}
		waiting := func(reason string) []string {
			return []string{`kube_pod_container_status_waiting_reason{` + where(namespace) + `,reason="` + reason + `"} 1x10`}
		}
		return story{
			alert: "PodCrashLooping " + severity,
			fires: []scene{
				{series: restarts(namespace, "0+1x20"), at: "20m", labels: found},
				{series: waiting("CrashLoopBackOff"), at: "7m", labels: found},
			},
			quiet: []scene{
				{series: restarts(namespace, "0x5 1x20"), at: "15m"}, // the guide's false alarm
				{series: waiting("ContainerCreating"), at: "7m"},
				{series: restarts(other, "0+1x20"), at: "20m"},
			},
		}
	}
	const deployment = `{namespace="backstage",deployment="backstage-backend"} `
	const scaler = `{namespace="backstage",horizontalpodautoscaler="backstage-backend"} `
	const job = `namespace="backstage",job_name="backup-1"`
	const quota = `kube_resourcequota{namespace="developer-portal",resource="requests.cpu",type=`
	return []story{
		crash("critical", "backstage", "logging"),
		crash("warning", "logging", "backstage"),
		{
			alert: "DeploymentReplicasMismatch warning",
			fires: []scene{{
				series: []string{"kube_deployment_spec_replicas" + deployment + "3x40", "kube_deployment_status_replicas_available" + deployment + "2x40", "kube_deployment_status_replicas_updated" + deployment + "3x40"},
				at:     "30m", labels: labels("namespace", "backstage", "deployment", "backstage-backend", "service", "backstage-backend"),
			}},
			quiet: []scene{
				{series: []string{"kube_deployment_spec_replicas" + deployment + "30x40", "kube_deployment_status_replicas_available" + deployment + "20x40", "kube_deployment_status_replicas_updated" + deployment + "0+1x40"}, at: "30m"},
				{series: []string{"kube_deployment_spec_replicas" + deployment + "3x40", "kube_deployment_status_replicas_available" + deployment + "3x40", "kube_deployment_status_replicas_updated" + deployment + "3x40"}, at: "30m"},
			},
		},
		{
			alert: "JobFailed warning",
			fires: []scene{{
				series: []string{`kube_job_failed{` + job + `,condition="true"} 1x5`, `kube_job_status_start_time{` + job + `} 0x5`},
				at:     "2m", labels: labels("namespace", "backstage", "job_name", "backup-1", "service", "backstage"),
			}},
			quiet: []scene{
				{series: []string{`kube_job_failed{` + job + `,condition="true"} 1x5`, `kube_job_status_start_time{` + job + `} -86400x5`}, at: "2m"},
				{series: []string{`kube_job_failed{` + job + `,condition="false"} 1x5`, `kube_job_status_start_time{` + job + `} 0x5`}, at: "2m"},
			},
		},
		{
			alert: "HorizontalPodAutoscalerAtCeiling warning",
			fires: []scene{{
				series: []string{"kube_horizontalpodautoscaler_status_current_replicas" + scaler + "10x20", "kube_horizontalpodautoscaler_spec_max_replicas" + scaler + "10x20", "kube_horizontalpodautoscaler_spec_min_replicas" + scaler + "2x20"},
				at:     "17m", labels: labels("namespace", "backstage", "horizontalpodautoscaler", "backstage-backend", "service", "backstage-backend"),
			}},
			quiet: []scene{
				{series: []string{"kube_horizontalpodautoscaler_status_current_replicas" + scaler + "9x20", "kube_horizontalpodautoscaler_spec_max_replicas" + scaler + "10x20", "kube_horizontalpodautoscaler_spec_min_replicas" + scaler + "2x20"}, at: "17m"},
				{series: []string{"kube_horizontalpodautoscaler_status_current_replicas" + scaler + "2x20", "kube_horizontalpodautoscaler_spec_max_replicas" + scaler + "2x20", "kube_horizontalpodautoscaler_spec_min_replicas" + scaler + "2x20"}, at: "17m"},
			},
		},
		{
			alert: "QuotaAlmostFull warning",
			fires: []scene{{series: []string{quota + `"used"} 19x20`, quota + `"hard"} 20x20`}, at: "17m", labels: labels("namespace", "developer-portal", "resource", "requests.cpu", "service", "developer-portal")}},
			quiet: []scene{{series: []string{quota + `"used"} 10x20`, quota + `"hard"} 20x20`}, at: "17m"}},
		},
	}
}

// Series of this topic have a sample every 5 minutes.
func nodeStories() []story {
	disk := func(values string) []string {
		return []string{`node_filesystem_avail_bytes{instance="n",mountpoint="/",fstype="ext4"} ` + values, `node_filesystem_size_bytes{instance="n",mountpoint="/",fstype="ext4"} 100x80`}
	}
	volume := func(values string) []string {
		const claim = `{namespace="monitoring",persistentvolumeclaim="prometheus"} `
		return []string{"kubelet_volume_stats_available_bytes" + claim + values, "kubelet_volume_stats_capacity_bytes" + claim + "100x80"}
	}
	root, claim := labels("instance", "n", "mountpoint", "/"), labels("namespace", "monitoring", "persistentvolumeclaim", "prometheus")
	return []story{
		{
			alert: "ClusterDown critical",
			fires: []scene{
				{series: []string{`up{job="apiserver",instance="a"} 0x5`, `up{job="apiserver",instance="b"} 0x5`}, at: "10m", labels: labels("job", "apiserver")},
				{at: "10m", labels: labels("job", "apiserver")},
			},
			quiet: []scene{{series: []string{`up{job="apiserver",instance="a"} 0x5`, `up{job="apiserver",instance="b"} 1x5`}, at: "10m"}},
		},
		{
			alert: "NodeNotReady warning",
			fires: []scene{{series: []string{`kube_node_status_condition{node="n",condition="Ready",status="true"} 0x5`}, at: "15m", labels: labels("node", "n")}},
			quiet: []scene{{series: []string{`kube_node_status_condition{node="n",condition="Ready",status="true"} 1x5`, `kube_node_status_condition{node="n",condition="DiskPressure",status="true"} 0x5`}, at: "15m"}},
		},
		{
			alert: "NodeDiskFilling warning",
			fires: []scene{{series: disk("30-0.2x80"), at: "360m", labels: root}, {series: disk("2x80"), at: "30m", labels: root}},
			quiet: []scene{
				{series: disk("90-0.5x80"), at: "360m"}, // a burst on an empty disk
				{series: disk("20x80"), at: "360m"},     // full, but no fuller than before
			},
		},
		{
			alert: "NodeDiskFilling critical",
			fires: []scene{{series: disk("45-0.5x80"), at: "360m", labels: root}, {series: disk("2x80"), at: "30m", labels: root}},
			quiet: []scene{{series: disk("30-0.2x80"), at: "360m"}},
		},
		{
			alert: "VolumeFilling warning",
			fires: []scene{{series: volume("30-0.1x80"), at: "360m", labels: claim}},
			quiet: []scene{{series: volume("25x80"), at: "360m"}},
		},
		{
			alert: "VolumeFilling critical",
			fires: []scene{{series: volume("45-0.5x80"), at: "360m", labels: claim}},
			quiet: []scene{{series: volume("30-0.1x80"), at: "360m"}},
		},
	}
}
