package alertmanager

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gatehouse/checks/evidence"
)

// config is the structure of Alertmanager's file. It holds no secret: of an
// integration only its kind is kept.
type config struct {
	Route     *route                 `yaml:"route"`
	Receivers []map[string]yaml.Node `yaml:"receivers"`
}

type route struct {
	Receiver string            `yaml:"receiver"`
	Match    map[string]string `yaml:"match"`
	MatchRE  map[string]string `yaml:"match_re"`
	Matchers []string          `yaml:"matchers"`
	Continue bool              `yaml:"continue"`
	Routes   []*route          `yaml:"routes"`
}

// parse reads the configuration as Alertmanager's API gives it.
func parse(text string) (evidence.AlertmanagerRouting, error) {
	var c config
	var routing evidence.AlertmanagerRouting
	if err := yaml.Unmarshal([]byte(text), &c); err != nil {
		// The library's message may quote a value; the kind of mistake is enough.
		return routing, invalid("it is no YAML of the form that Alertmanager writes")
	}
	if c.Route == nil || c.Route.Receiver == "" {
		return routing, invalid("it has no route with a receiver")
	}
	root, err := c.Route.under("")
	if err != nil {
		return routing, err
	}
	routing.Root = root
	for _, each := range c.Receivers {
		var name string
		if node, has := each["name"]; has {
			name = node.Value
		}
		routing.Receivers = append(routing.Receivers, evidence.AlertmanagerReceiver{Name: name, Integrations: integrations(each)})
	}
	return routing, nil
}

// integrations are the kinds of a receiver's integrations: slack_configs with
// two entries is slack twice.
func integrations(receiver map[string]yaml.Node) []string {
	kinds := []string{}
	for key, node := range receiver {
		kind, is := strings.CutSuffix(key, "_configs")
		if is && node.Kind == yaml.SequenceNode {
			kinds = append(kinds, slices.Repeat([]string{kind}, len(node.Content))...)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// under is the route with its receiver, which is its parent's when it has none.
func (r *route) under(receiver string) (evidence.AlertmanagerRoute, error) {
	if r == nil {
		return evidence.AlertmanagerRoute{}, invalid("a route is empty")
	}
	if r.Receiver != "" {
		receiver = r.Receiver
	}
	route := evidence.AlertmanagerRoute{Receiver: receiver, Continue: r.Continue}
	for name, value := range r.Match {
		route.Matchers = append(route.Matchers, evidence.AlertmanagerMatcher{Name: name, Value: value, Equal: true})
	}
	for name, value := range r.MatchRE {
		route.Matchers = append(route.Matchers, evidence.AlertmanagerMatcher{Name: name, Value: value, Regex: true, Equal: true})
	}
	slices.SortFunc(route.Matchers, func(a, b evidence.AlertmanagerMatcher) int { return strings.Compare(a.Name, b.Name) })
	for _, text := range r.Matchers {
		m, err := matcher(text)
		if err != nil {
			return route, err
		}
		route.Matchers = append(route.Matchers, m)
	}
	for _, each := range r.Routes {
		below, err := each.under(receiver)
		if err != nil {
			return route, err
		}
		route.Routes = append(route.Routes, below)
	}
	return route, nil
}

// matcher reads what Alertmanager writes: name, operator, quoted value.
func matcher(text string) (evidence.AlertmanagerMatcher, error) {
	at := strings.IndexAny(text, "=!")
	if at <= 0 {
		return evidence.AlertmanagerMatcher{}, invalid(fmt.Sprintf("the matcher %q has no operator", text))
	}
	m := evidence.AlertmanagerMatcher{Name: unquote(text[:at])}
	for _, operator := range []struct {
		text         string
		regex, equal bool
	}{{"=~", true, true}, {"!~", true, false}, {"!=", false, false}, {"=", false, true}} {
		if value, is := strings.CutPrefix(text[at:], operator.text); is {
			m.Regex, m.Equal, m.Value = operator.regex, operator.equal, unquote(value)
			return m, nil
		}
	}
	return m, invalid(fmt.Sprintf("the matcher %q has no operator", text))
}

var escapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")

// unquote undoes the only three escapes that Alertmanager knows: \" \\ \n.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 1 && strings.HasPrefix(text, `"`) && strings.HasSuffix(text, `"`) {
		return escapes.Replace(text[1 : len(text)-1])
	}
	return text
}

func invalid(why string) error {
	return evidence.Problem{Kind: evidence.Invalid, Message: "the configuration of Alertmanager: " + why}
}
