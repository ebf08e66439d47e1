package logging

import "fmt"

// state is where Fluent Bit keeps its place in the logs and its buffers: on
// the node, so that neither is lost with the pod.
const state = "/var/lib/fluent-bit"

// Buffers, all of one node. Lines that cannot be sent wait on its disk; beyond
// the limits of the outputs the oldest are dropped and counted
// (fluentbit_output_dropped_records_total).
const (
	// chunksInMemory of about 2 MB each are read from disk at a time. With
	// storage on disk it is this that bounds memory, not Mem_Buf_Limit.
	chunksInMemory = 48
	// journalBuffer bounds the nodes' journal, which needs no disk: the journal
	// is on disk already, and reading goes on where it stopped.
	journalBuffer = "8MB"
)

// service is Fluent Bit itself. Its HTTP server gives metrics and health.
func service() section {
	return section{"SERVICE", []setting{
		{"Daemon", "Off"},
		{"Flush", "5"},
		{"Grace", "30"},
		{"Log_Level", "info"},
		{"Parsers_File", "/fluent-bit/etc/parsers.conf"},
		{"HTTP_Server", "On"},
		{"HTTP_Listen", "0.0.0.0"},
		{"HTTP_Port", fmt.Sprint(metricsPort)},
		{"Health_Check", "On"},
		{"storage.path", state + "/storage"},
		{"storage.sync", "normal"},
		{"storage.checksum", "On"},
		{"storage.metrics", "On"},
		{"storage.max_chunks_up", fmt.Sprint(chunksInMemory)},
		{"storage.backlog.mem_limit", "16M"},
		{"storage.delete_irrecoverable_chunks", "On"},
	}}
}

// inputs are the containers' logs and the journal of what runs containers.
// Fluent Bit's own are left out: an error of an output would be a line to send,
// and so on. They are read with kubectl, and its health with Prometheus.
func inputs() []section {
	return []section{
		{"INPUT", []setting{
			{"Name", "tail"},
			{"Tag", "kube.*"},
			{"Path", "/var/log/containers/*.log"},
			{"Exclude_Path", "/var/log/containers/fluent-bit-*_logging_*.log"},
			{"multiline.parser", "cri"},
			{"DB", state + "/tail.db"},
			{"DB.locking", "On"},
			{"Read_from_Head", "On"},
			{"Refresh_Interval", "10"},
			{"Rotate_Wait", "30"},
			{"Buffer_Chunk_Size", "64k"},
			{"Buffer_Max_Size", "512k"},
			{"Skip_Long_Lines", "On"},
			{"storage.type", "filesystem"},
			// When the buffer is full reading stops, and goes on where it
			// stopped: the kubelet's files are the buffer then.
			{"storage.pause_on_chunks_overlimit", "On"},
		}},
		{"INPUT", []setting{
			{"Name", "systemd"},
			{"Tag", "node.*"},
			{"Path", "/var/log/journal"},
			{"Systemd_Filter", "_SYSTEMD_UNIT=kubelet.service"},
			{"Systemd_Filter", "_SYSTEMD_UNIT=containerd.service"},
			{"DB", state + "/journal.db"},
			{"Read_From_Tail", "On"},
			{"Strip_Underscores", "On"},
			{"Mem_Buf_Limit", journalBuffer},
		}},
	}
}

// pluginLine is what the deployment guide's filter looks for ("Logging").
const pluginLine = "plugin-install"

// filters say whose a line is, parse it, sort it into its class and take out
// what is secret.
//
// The guide's filter is `grep`, `Match kube.*`, `Regex log plugin-install`. As
// written it keeps the lines of plugin installations and drops every other log
// of the cluster. Here the same expression on the same key is a rule of
// rewrite_tag: such lines go to the plugin class, all others go on.
func filters() []section {
	return []section{
		{"FILTER", []setting{
			{"Name", "kubernetes"},
			{"Match", "kube.*"},
			// JSON becomes fields, under a key of their own: a line cannot
			// overwrite what Kubernetes says of its pod.
			{"Merge_Log", "On"},
			{"Merge_Log_Key", "event"},
			{"Keep_Log", "On"}, // the rules below read it
			{"Labels", "On"},
			{"Annotations", "Off"},
			// No pod chooses its parser, and none hides its logs.
			{"K8S-Logging.Parser", "Off"},
			{"K8S-Logging.Exclude", "Off"},
			{"Buffer_Size", "256k"},
		}},
		{"FILTER", []setting{
			{"Name", "rewrite_tag"},
			{"Match", "kube.*"},
			// Backstage's auditor marks its events so.
			{"Rule", `$log isAuditEvent\W+true audit.$TAG false`},
			{"Rule", `$log ` + pluginLine + ` plugin.$TAG false`},
			{"Rule", `$kubernetes['labels']['app'] ^plugin-installer$ plugin.$TAG false`},
			{"Rule", `$kubernetes['namespace_name'] ^(developer-portal|backstage)$ application.$TAG false`},
			{"Emitter_Name", "by_class"},
			{"Emitter_Storage.type", "filesystem"},
			{"Emitter_Mem_Buf_Limit", "32M"},
		}},
		{"FILTER", []setting{
			{"Name", "lua"},
			{"Match", "*"},
			{"script", "/fluent-bit/scripts/" + redactScript},
			{"call", "redact"},
			{"protected_mode", "On"},
		}},
	}
}
