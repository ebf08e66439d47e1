package logging

import (
	"bufio"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parse reads the classic format as Fluent Bit does: sections in brackets,
// indented lines of a key and the rest.
func parse(t *testing.T, text string) []section {
	t.Helper()
	var sections []section
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "[") {
			require.Regexp(t, `^\[(SERVICE|INPUT|FILTER|OUTPUT)\]$`, line)
			sections = append(sections, section{kind: strings.Trim(line, "[]")})
			continue
		}
		require.True(t, strings.HasPrefix(line, "    "), "settings are indented: %q", line)
		key, value, found := strings.Cut(strings.TrimSpace(line), " ")
		require.True(t, found, "%q has a value", key)
		require.NotEmpty(t, sections)
		last := &sections[len(sections)-1]
		last.settings = append(last.settings, setting{key, strings.TrimSpace(value)})
	}
	require.NoError(t, lines.Err())
	return sections
}

// get returns the values of a key.
func (s section) get(key string) []string {
	var values []string
	for _, line := range s.settings {
		if line.key == key {
			values = append(values, line.value)
		}
	}
	return values
}

// matches tells whether Fluent Bit hands a tag to the section.
func (s section) matches(t *testing.T, tag string) bool {
	t.Helper()
	if expression := s.get("Match_Regex"); expression != nil {
		return regexp.MustCompile(expression[0]).MatchString(tag)
	}
	match := s.get("Match")
	require.Len(t, match, 1, "a %s says what it takes", s.kind)
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(match[0]), `\*`, ".*") + "$").MatchString(tag)
}

func rendered(t *testing.T, args Args) []section {
	t.Helper()
	v, err := args.values()
	require.NoError(t, err)
	require.NotContains(t, v.Config.Service+v.Config.Inputs+v.Config.Filters+v.Config.Outputs+redactLua, "{{", "the chart would take it for a template")
	return parse(t, v.Config.Service+v.Config.Inputs+v.Config.Filters+v.Config.Outputs)
}

func ofKind(sections []section, kind string) []section {
	var found []section
	for _, s := range sections {
		if s.kind == kind {
			found = append(found, s)
		}
	}
	return found
}

var (
	toCloudWatch = Args{Output: CloudWatch, Region: "us-west-2", GroupPrefix: "/gatehouse/test/"}
	toLoki       = Args{Output: Loki, LokiURL: "https://loki.example.com"}
)

// line is what the kubernetes filter makes of a container's line.
type line struct{ log, app, namespace string }

// field is what a record accessor reads from it.
func (l line) field(t *testing.T, accessor string) string {
	t.Helper()
	switch accessor {
	case "$log":
		return l.log
	case "$kubernetes['labels']['app']":
		return l.app
	case "$kubernetes['namespace_name']":
		return l.namespace
	}
	require.Failf(t, "unknown accessor", "%s", accessor)
	return ""
}

// deliver follows a record through the filters and returns the outputs that
// take it, and whether it was redacted on its way.
func deliver(t *testing.T, sections []section, tag string, l line) (to []string, redacted bool) {
	t.Helper()
	for _, filter := range ofKind(sections, "FILTER") {
		if !filter.matches(t, tag) {
			continue
		}
		switch filter.get("Name")[0] {
		case "rewrite_tag":
			for _, rule := range filter.get("Rule") {
				parts := strings.Fields(rule)
				require.Len(t, parts, 4, "a rule is KEY REGEX NEW_TAG KEEP: %q", rule)
				require.Equal(t, "false", parts[3], "a line is in one class")
				if regexp.MustCompile(parts[1]).MatchString(l.field(t, parts[0])) {
					// Emitted anew, it goes through all filters again.
					return deliver(t, sections, strings.ReplaceAll(parts[2], "$TAG", tag), l)
				}
			}
		case "lua":
			redacted = true
		case "grep":
			require.Fail(t, "grep drops what it does not look for")
		}
	}
	for _, output := range ofKind(sections, "OUTPUT") {
		if output.matches(t, tag) {
			to = append(to, output.get("Alias")[0])
		}
	}
	return to, redacted
}

func TestEveryLineGoesToOnePlaceAndIsRedacted(t *testing.T) {
	const container = "kube.var.log.containers.pod_namespace_container-0123.log"
	for _, c := range []struct {
		tag  string
		line line
		want Class
	}{
		{container, line{`{"isAuditEvent":true,"msg":"plugin-install by ada"}`, "backstage", "backstage"}, Audit},
		{container, line{`{"isAuditEvent" : true}`, "backstage", "backstage"}, Audit},
		{container, line{`{"isAuditEvent":false}`, "backstage", "backstage"}, Application},
		{container, line{"plugin-install: catalog 1.15.0", "backstage", "backstage"}, Plugin},
		{container, line{"npm notice", "plugin-installer", "backstage"}, Plugin},
		{container, line{"GET / 200", "portal-frontend", "developer-portal"}, Application},
		{container, line{"GET / 200", "", "ingress"}, Platform},
		{container, line{"GET / 200", "", "backstage-copy"}, Platform},
		{"node.kubelet.service", line{}, Platform},
	} {
		for _, args := range []Args{toCloudWatch, toLoki} {
			to, redacted := deliver(t, rendered(t, args), c.tag, c.line)
			require.Equal(t, []string{string(c.want)}, to, "%+v", c.line)
			require.True(t, redacted, "%+v", c.line)
		}
	}
}

func TestInputsFeedTheFilters(t *testing.T) {
	sections := rendered(t, toCloudWatch)
	var tags []string
	for _, input := range ofKind(sections, "INPUT") {
		tags = append(tags, input.get("Tag")...)
		require.NotEmpty(t, input.get("DB"), "it goes on where it stopped")
	}
	require.Equal(t, []string{"kube.*", "node.*"}, tags)
	tail := ofKind(sections, "INPUT")[0]
	require.Equal(t, []string{"filesystem"}, tail.get("storage.type"))
	require.Equal(t, []string{"On"}, tail.get("storage.pause_on_chunks_overlimit"))
	require.NotEmpty(t, ofKind(sections, "INPUT")[1].get("Mem_Buf_Limit"))

	var order []string
	for _, filter := range ofKind(sections, "FILTER") {
		order = append(order, filter.get("Name")[0])
	}
	require.Equal(t, []string{"kubernetes", "rewrite_tag", "lua"}, order,
		"rules read what the kubernetes filter found; redaction comes last, for what is emitted anew too")
	require.Equal(t, []string{"Off"}, ofKind(sections, "FILTER")[0].get("K8S-Logging.Exclude"))
}

func TestSectionsNameTheirPluginOnce(t *testing.T) {
	for _, args := range []Args{toCloudWatch, toLoki} {
		sections := rendered(t, args)
		require.Len(t, ofKind(sections, "SERVICE"), 1)
		for _, s := range sections {
			seen := map[string]bool{}
			for _, line := range s.settings {
				repeatable := line.key == "Rule" || line.key == "Systemd_Filter"
				require.False(t, seen[strings.ToLower(line.key)] && !repeatable, "%s is there twice in %s", line.key, s.kind)
				seen[strings.ToLower(line.key)] = true
			}
			require.Equal(t, s.kind != "SERVICE", seen["name"])
		}
	}
}

func TestCloudWatchGroupsAreWrittenNotMade(t *testing.T) {
	outputs := ofKind(rendered(t, toCloudWatch), "OUTPUT")
	require.Len(t, outputs, 4)
	for i, class := range Classes() {
		require.Equal(t, []string{"/gatehouse/test/" + string(class)}, outputs[i].get("log_group_name"))
		require.Equal(t, []string{"us-west-2"}, outputs[i].get("region"))
		require.Equal(t, []string{"Off"}, outputs[i].get("auto_create_group"))
		require.NotEmpty(t, outputs[i].get("storage.total_limit_size"))
		require.Equal(t, class == Audit, outputs[i].get("Retry_Limit")[0] == "no_limits")
	}
}

func TestLokiStreamsCarryTheirClass(t *testing.T) {
	for address, want := range map[string][3]string{
		"https://loki.example.com":    {"loki.example.com", "443", "On"},
		"http://loki.monitoring:3100": {"loki.monitoring", "3100", "Off"},
	} {
		for i, output := range ofKind(rendered(t, Args{Output: Loki, LokiURL: address}), "OUTPUT") {
			require.Equal(t, want, [3]string{output.get("host")[0], output.get("port")[0], output.get("tls")[0]})
			require.Contains(t, output.get("labels")[0], "class="+string(Classes()[i]))
		}
	}
}

func TestUnknownOutputsAreRefused(t *testing.T) {
	for _, args := range []Args{{Output: Loki, LokiURL: "loki:3100"}, {Output: Loki}, {Output: "elastic"}} {
		_, err := args.values()
		require.ErrorContains(t, err, "send logs to")
	}
}
