package rules_test

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"gatehouse/components/alerts/rules"
	"gatehouse/internal/toolbox"
)

// story is how one alert is shown to fire when it should, and only then.
type story struct {
	// alert is its key: name, severity and, if it has one, window or task.
	alert        string
	fires, quiet []scene
}

// scene is what Prometheus has scraped, and when it is asked.
type scene struct {
	// series in promtool's notation, "metric{labels} values", from time 0.
	series []string
	at     string
	// labels that the firing alert has besides those of its rule.
	labels map[string]string
}

// kind of a scene.
type kind string

const fires, quiet kind = "fires", "quiet"

// pace is how often series have a sample and rules are evaluated.
type pace struct{ series, rules string }

// paces are those of topics whose windows are long; others have a minute.
var paces = map[string]pace{
	"backups":    {"1h", "1h"},
	"readiness":  {"1h", "1h"},
	"nodes":      {"5m", "5m"},
	"objectives": {"1m", "30m"},
}

// These are the parts of promtool's test files that are used here.
type (
	testFile struct {
		RuleFiles  []string   `json:"rule_files"`
		Evaluation string     `json:"evaluation_interval"`
		Order      []string   `json:"group_eval_order"`
		Tests      []testCase `json:"tests"`
	}
	testCase struct {
		Name     string        `json:"name"`
		Interval string        `json:"interval"`
		Series   []inputSeries `json:"input_series"`
		Exprs    []exprTest    `json:"promql_expr_test"`
	}
	inputSeries struct {
		Series string `json:"series"`
		Values string `json:"values"`
	}
	exprTest struct {
		Expr    string   `json:"expr"`
		At      string   `json:"eval_time"`
		Samples []sample `json:"exp_samples,omitempty"`
	}
	sample struct {
		Labels string  `json:"labels"`
		Value  float64 `json:"value"`
	}
)

// key tells the rules of one name apart.
func key(a rules.Alert) string {
	return strings.TrimSpace(a.Name + " " + string(a.Severity) + " " + a.Labels["window"] + a.Labels["task"])
}

// write puts the topics into rule files, and the scenes of their stories into
// test files, which it returns: all scenes, or those that are told.
func write(t *testing.T, dir string, topics []rules.Topic, only ...kind) []string {
	t.Helper()
	var tests []string
	for _, topic := range topics {
		text, err := yaml.Marshal(topic.Spec("https://runbooks"))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, topic.Name+".rules.yaml"), text, 0o600))

		paced := cmp.Or(paces[topic.Name], pace{"1m", "1m"})
		// The objectives stand on the portal's records.
		file := testFile{Evaluation: paced.rules, Order: slices.Compact([]string{"portal", topic.Name})}
		for _, name := range file.Order {
			file.RuleFiles = append(file.RuleFiles, name+".rules.yaml")
		}
		for _, told := range stories()[topic.Name] {
			i := slices.IndexFunc(topic.Alerts, func(a rules.Alert) bool { return key(a) == told.alert })
			require.GreaterOrEqual(t, i, 0, "no alert %q in topic %s", told.alert, topic.Name)
			for kind, scenes := range map[kind][]scene{fires: told.fires, quiet: told.quiet} {
				if len(only) > 0 && !slices.Contains(only, kind) {
					continue
				}
				for n, s := range scenes {
					file.Tests = append(file.Tests, s.test(fmt.Sprintf("%s %s %d", told.alert, kind, n), paced.series, topic.Alerts[i], kind == fires))
				}
			}
		}
		text, err = yaml.Marshal(file)
		require.NoError(t, err)
		name := filepath.Join(dir, topic.Name+".test.yaml")
		require.NoError(t, os.WriteFile(name, text, 0o600))
		tests = append(tests, name)
	}
	return tests
}

func (s scene) test(name, interval string, a rules.Alert, fires bool) testCase {
	labels := map[string]string{"alertname": a.Name, "alertstate": "firing", "severity": string(a.Severity)}
	maps.Copy(labels, a.Labels)
	asked := exprTest{Expr: alertSeries(labels), At: s.at}
	if fires {
		labels["team"] = string(cmp.Or(a.Team, rules.Platform))
		if a.Service != "" {
			labels["service"] = a.Service
		}
		maps.Copy(labels, s.labels) // a service that is a template is told here
		asked.Samples = []sample{{Labels: alertSeries(labels), Value: 1}}
	}
	test := testCase{Name: name, Interval: interval, Series: []inputSeries{}, Exprs: []exprTest{asked}}
	for _, text := range s.series {
		series, values := split(text)
		test.Series = append(test.Series, inputSeries{series, values})
	}
	return test
}

// alertSeries is the series that Prometheus writes of an alert.
func alertSeries(labels map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, fmt.Sprintf("%s=%q", name, labels[name]))
	}
	return "ALERTS{" + strings.Join(pairs, ",") + "}"
}

// split parts a series from its values.
func split(text string) (series, values string) {
	end := strings.Index(text, "} ") + 1
	if end == 0 {
		end = strings.Index(text, " ")
	}
	return text[:end], text[end+1:]
}

func topics(t *testing.T) []rules.Topic {
	t.Helper()
	made, err := rules.Topics(settings())
	require.NoError(t, err)
	return made
}

// promtool returns the path of the pinned promtool.
func promtool(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs promtool, which is built once in 4 minutes; run make test")
	}
	path, err := toolbox.Ensure(t.Context(), "../../..", toolbox.RuleTester, func(line string) { t.Log(line) })
	require.NoError(t, err)
	return path
}

// judge runs the test files, and returns the names of those tests that passed
// and of those that failed.
func judge(t *testing.T, tool, dir string, files []string) (passed, failed []string) {
	t.Helper()
	junit := filepath.Join(dir, "junit.xml")
	out, err := exec.Command(tool, append([]string{"test", "rules", "--junit=" + junit}, files...)...).CombinedOutput()
	text, readErr := os.ReadFile(junit)
	require.NoError(t, readErr, "%v\n%s", err, out)
	var suites struct {
		Suites []struct {
			Cases []struct {
				Name     string     `xml:"name,attr"`
				Failures []struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &suites))
	for _, suite := range suites.Suites {
		for _, c := range suite.Cases {
			if len(c.Failures) > 0 {
				failed = append(failed, c.Name)
			} else {
				passed = append(passed, c.Name)
			}
		}
	}
	require.Equal(t, err != nil, len(failed) > 0, "%v\n%s", err, out)
	if len(failed) > 0 {
		t.Logf("%.4000s", out)
	}
	return passed, failed
}

func TestPromtoolAcceptsTheRules(t *testing.T) {
	tool, dir := promtool(t), t.TempDir()
	write(t, dir, topics(t))
	files, err := filepath.Glob(filepath.Join(dir, "*.rules.yaml"))
	require.NoError(t, err)
	out, err := exec.Command(tool, append([]string{"check", "rules", "--lint=all", "--lint-fatal"}, files...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func TestEveryAlertFiresWhenItShouldAndOnlyThen(t *testing.T) {
	tool, dir := promtool(t), t.TempDir()
	_, failed := judge(t, tool, dir, write(t, dir, topics(t)))
	require.Empty(t, failed)
}

// TestStoriesCanFail breaks every alert, one way and the other, and sees the
// stories notice.
func TestStoriesCanFail(t *testing.T) {
	tool := promtool(t)
	for expr, noticed := range map[string]kind{"vector(1) > 2": fires, "vector(1)": quiet} {
		broken := topics(t)
		for i, topic := range broken {
			broken[i].Records = nil // nothing reads them any more
			for j := range topic.Alerts {
				topic.Alerts[j].Expr, topic.Alerts[j].For = expr, ""
			}
		}
		dir := t.TempDir()
		passed, failed := judge(t, tool, dir, write(t, dir, broken, noticed))
		require.Greater(t, len(failed), 70)
		require.Empty(t, passed, "pass though every alert is %s", expr)
	}
}

func TestEveryAlertHasItsStory(t *testing.T) {
	told := stories()
	for _, topic := range topics(t) {
		exprs := ""
		for _, r := range append(topics(t)[0].Records, topic.Records...) {
			exprs += r.Expr + "\n"
		}
		for _, a := range topic.Alerts {
			exprs += a.Expr + "\n"
		}
		for _, a := range topic.Alerts {
			i := slices.IndexFunc(told[topic.Name], func(s story) bool { return s.alert == key(a) })
			require.GreaterOrEqual(t, i, 0, "%s has no story", key(a))
			s := told[topic.Name][i]
			require.NotEmpty(t, s.fires, "%s has no scene in which it fires", key(a))
			if a.Name != "Watchdog" { // It always fires: that is what it is for.
				require.NotEmpty(t, s.quiet, "%s has no scene in which it is quiet", key(a))
			}
			for _, scene := range append(s.fires, s.quiet...) {
				for _, text := range scene.series {
					metric := regexp.MustCompile(`^\w+`).FindString(text)
					require.Contains(t, exprs, metric, "%s: a scene has %s, which nothing reads", key(a), metric)
				}
			}
			for _, scene := range s.fires {
				for _, used := range regexp.MustCompile(`\$labels\.(\w+)`).FindAllStringSubmatch(a.Summary+a.Description+a.Service, -1) {
					require.Contains(t, scene.labels, used[1], "%s: its texts name a label that it lacks", key(a))
				}
			}
		}
		delete(told, topic.Name)
	}
	require.Empty(t, told, "stories of no topic")
}

func TestRulesAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range topics(t) {
		require.Regexp(t, `^[a-z-]+$`, topic.Name)
		require.False(t, seen[topic.Name], "two topics of one name")
		seen[topic.Name] = true
		for _, r := range topic.Records {
			require.Regexp(t, `^[a-z]+:[a-z0-9_]+:[a-z0-9_]+$`, r.Name, "level:metric:operation")
			require.False(t, seen[r.Name], "recorded twice: %s", r.Name)
			seen[r.Name] = true
		}
		for _, a := range topic.Alerts {
			require.Regexp(t, `^([A-Z][a-z]+|B)+$`, strings.ReplaceAll(a.Name, "PgB", "Pgb"))
			require.Contains(t, []rules.Severity{rules.Critical, rules.Warning, rules.Info}, a.Severity, a.Name)
			require.NotEmpty(t, a.Summary, a.Name)
			require.Regexp(t, `\.$`, a.Description, a.Name)
			require.NotContains(t, a.Summary, ".$", a.Name)
			require.True(t, a.Service != "" || regexp.MustCompile(`service:\w+:`).MatchString(a.Expr), "%s names no service", a.Name)
		}
	}
}

func TestSpecIsWhatPrometheusReads(t *testing.T) {
	wait := monitoringv1.Duration("1m")
	spec := topics(t)[0].Spec("https://runbooks")
	i := slices.IndexFunc(spec.Groups[0].Rules, func(r monitoringv1.Rule) bool { return r.Alert == "PortalDown" })
	require.Equal(t, monitoringv1.Rule{
		Alert: "PortalDown", For: &wait,
		Expr:   intstr.FromString(`max by (job) (up{job="portal-frontend"}) == 0 or absent(up{job="portal-frontend"})`),
		Labels: map[string]string{"severity": "critical", "team": "platform", "service": "portal-frontend"},
		Annotations: map[string]string{
			"summary":     "Portal frontend is down",
			"description": "No pod of portal-frontend has answered Prometheus for more than 1 minute, or none is found.",
			"runbook_url": "https://runbooks/PortalDown.md",
		},
	}, spec.Groups[0].Rules[i])
	require.Equal(t, "service:http_requests:rate5m", spec.Groups[0].Rules[0].Record, "records come first")
}
