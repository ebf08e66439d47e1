package logging

import (
	"fmt"
	"net/url"
)

// Output is where logs go.
type Output string

// The outputs.
const (
	CloudWatch Output = "cloudwatch"
	Loki       Output = "loki"
)

// match is the tags of a class: rewrite_tag puts the class first, and what it
// leaves as it was is the platform's.
func (c Class) match() string {
	if c == Platform {
		return `^(kube|node)\.`
	}
	return `^` + string(c) + `\.`
}

// diskLimit is how much of a class may wait on a node's disk.
func (c Class) diskLimit() string {
	if c == Audit {
		return "2G"
	}
	return "512M"
}

// retries is how often a chunk is tried before it is dropped. Audit events are
// tried until they are taken, or their disk is full.
func (c Class) retries() string {
	if c == Audit {
		return "no_limits"
	}
	return "30"
}

// outputs sends each class to one place of its own.
func outputs(args Args) ([]section, error) {
	target, err := args.target()
	if err != nil {
		return nil, err
	}
	var sections []section
	for _, class := range Classes() {
		settings := append([]setting{{"Match_Regex", class.match()}, {"Alias", string(class)}}, target(class)...)
		sections = append(sections, section{"OUTPUT", append(settings,
			setting{"Retry_Limit", class.retries()},
			setting{"storage.total_limit_size", class.diskLimit()},
			setting{"net.connect_timeout", "10"},
			setting{"net.keepalive", "On"},
		)})
	}
	return sections, nil
}

func (a Args) target() (func(Class) []setting, error) {
	switch a.Output {
	case CloudWatch:
		return a.cloudWatch, nil
	case Loki:
		address, err := url.Parse(a.LokiURL)
		if err != nil || address.Hostname() == "" || (address.Scheme != "http" && address.Scheme != "https") {
			return nil, fmt.Errorf("send logs to Loki: %q is no address; set it like https://loki.example.com", a.LokiURL)
		}
		return func(class Class) []setting { return loki(class, address) }, nil
	default:
		return nil, fmt.Errorf("send logs to %q: choose %s or %s", a.Output, CloudWatch, Loki)
	}
}

// cloudWatch writes to the class's log group, a stream a container. The group
// is there already, with its key and retention.
func (a Args) cloudWatch(class Class) []setting {
	settings := []setting{
		{"Name", "cloudwatch_logs"},
		{"region", a.Region},
		{"log_group_name", a.GroupPrefix + string(class)},
		{"log_stream_prefix", "node-"},
		{"auto_create_group", "Off"},
	}
	// The journal has no pod: its lines go to streams by their tag.
	return append(settings, setting{
		"log_stream_template",
		"$kubernetes['namespace_name'].$kubernetes['pod_name'].$kubernetes['container_name']",
	})
}

// loki writes streams that carry their class, by which Loki's compactor keeps
// them (retention_stream): how long is Loki's own configuration. Few labels,
// and the pod is none of them: each value of a label is a stream.
func loki(class Class, address *url.URL) []setting {
	port := address.Port()
	tls := "Off"
	if address.Scheme == "https" {
		tls = "On"
	}
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[address.Scheme]
	}
	return []setting{
		{"Name", "loki"},
		{"host", address.Hostname()},
		{"port", port},
		{"tls", tls},
		{"tls.verify", "On"},
		{"labels", fmt.Sprintf("job=fluent-bit, class=%s, namespace=$kubernetes['namespace_name'], container=$kubernetes['container_name']", class)},
		{"line_format", "json"},
		{"auto_kubernetes_labels", "Off"},
	}
}
