package rules

import "fmt"

// nodes watches the cluster, its nodes and what is stored on them.
func nodes() Topic {
	const disks = `fstype=~"ext4|xfs",mountpoint!~"/var/lib/kubelet/.+"`
	return Topic{
		Name: "nodes",
		Alerts: []Alert{
			{
				Name: "ClusterDown", Severity: Critical, Service: "kubernetes", For: "5m",
				Expr:        `max by (job) (up{job="apiserver"}) == 0 or absent(up{job="apiserver"})`,
				Summary:     "The Kubernetes API does not answer",
				Description: "Prometheus has not reached the API server for 5 minutes: nothing is scheduled, scaled or mended.",
			},
			{
				Name: "NodeNotReady", Severity: Warning, Service: "kubernetes", For: "10m",
				Expr:        `max by (node) (kube_node_status_condition{condition="Ready",status="true"}) == 0`,
				Summary:     "Node {{ $labels.node }} is not ready",
				Description: "{{ $labels.node }} has not been ready for 10 minutes; its pods are moved elsewhere.",
			},
			filling("NodeDiskFilling", Warning, "node_filesystem_avail_bytes{"+disks+"}", "node_filesystem_size_bytes{"+disks+"}", "instance, mountpoint", 24, 0.4),
			filling("NodeDiskFilling", Critical, "node_filesystem_avail_bytes{"+disks+"}", "node_filesystem_size_bytes{"+disks+"}", "instance, mountpoint", 4, 0.15),
			filling("VolumeFilling", Warning, "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes", "namespace, persistentvolumeclaim", 96, 0.3),
			filling("VolumeFilling", Critical, "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes", "namespace, persistentvolumeclaim", 4, 0.15),
		},
	}
}

// filling is a file system that, at the pace of the last 6 hours, is full
// within some hours, and has less than a share free (a burst on an empty disk
// is no alarm); or that has less than 3 % free, however slowly it fills.
func filling(name string, severity Severity, free, size, by string, hours int, share float64) Alert {
	where := map[string]string{
		"NodeDiskFilling": "{{ $labels.mountpoint }} of {{ $labels.instance }}",
		"VolumeFilling":   "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}",
	}[name]
	return Alert{
		Name: name, Severity: severity, Service: "storage", For: "15m",
		Expr: fmt.Sprintf(`min by (%[1]s) (%[2]s) / min by (%[1]s) (%[3]s) < 0.03
  or (min by (%[1]s) (%[2]s) / min by (%[1]s) (%[3]s) < %[4]g
  and min by (%[1]s) (predict_linear(%[2]s[6h], %[5]d)) < 0)`, by, free, size, share, hours*3600),
		Summary:     where + " is filling up",
		Description: fmt.Sprintf("{{ $value | humanizePercentage }} of %s is free; at this pace it is full within %d hours, or it is nearly full now.", where, hours),
	}
}
