package cluster

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// probes: guide's "Liveness and readiness probes configured".
var probes = judge.Checker{
	ID: "kubernetes-probes", Expected: "every container of the portal that stays has a liveness and a readiness probe",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		for _, w := range portal(c) {
			if !w.Serves() {
				continue
			}
			for _, k := range w.Template.Containers {
				var missing []string
				if !k.Liveness {
					missing = append(missing, "liveness")
				}
				if !k.Readiness {
					missing = append(missing, "readiness")
				}
				if k.Role == evidence.KubeMain {
					c.Require(len(missing) == 0, where(w, k.Name), "it has no %s probe", strings.Join(missing, ", no "))
				}
			}
		}
	},
}

// variables: guide's "Environment Variables". A threshold entry is
// "WORKLOAD NAME" or "WORKLOAD NAME=VALUE|OTHER".
var variables = judge.Checker{
	ID: "kubernetes-environment-variables", Expected: "the variables of production are set",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		wanted := c.Texts("variables")
		c.Expect("these variables are set, and none of the portal's is a placeholder: %s", strings.Join(wanted, ", "))
		all := portal(c)
		_, unread := judge.Try(c, evidence.KubernetesWorkloads)
		if len(all) == 0 {
			return
		}
		for _, entry := range wanted {
			name, variable, _ := strings.Cut(entry, " ")
			variable, values, _ := strings.Cut(variable, "=")
			found := false
			for _, w := range all {
				if w.Serves() && called(w, name) {
					found = true
					require(c, w, variable, values)
				}
			}
			if !found && len(unread) == 0 {
				c.Fail("workload "+name, "there is none in the portal's namespaces, so that %s is set nowhere", variable)
			}
		}
		for _, w := range all {
			for _, k := range w.Template.Containers {
				for _, e := range k.Env {
					if e.Placeholder && !slices.Contains([]string{"none", "test"}, e.Value) {
						c.Fail(where(w, k.Name), "%s holds a placeholder", e.Name)
					}
				}
			}
		}
	},
}

// require wants a variable in one of the workload's containers.
func require(c *judge.Case, w evidence.KubeWorkload, name, values string) {
	e, set := find(w, name)
	switch {
	case name == "CI_CD_TRIGGER_URL" && !set:
		// Only the mode that rebuilds triggers a pipeline.
		mode, _ := find(w, "PLUGIN_INSTALL_MODE")
		c.Require(mode.Value == "dynamic", where(w, ""), "%s is not set, and plugins are not installed dynamically", name)
	case !set:
		c.Fail(where(w, ""), "%s is not set", name)
	case e.Literal && e.Empty:
		c.Fail(where(w, ""), "%s is empty", name)
	case values != "" && !slices.Contains(strings.Split(values, "|"), e.Value):
		c.Fail(where(w, ""), "%s is %q, not %s", name, e.Value, strings.ReplaceAll(values, "|", " or "))
	default:
		c.Saw()
	}
}

func find(w evidence.KubeWorkload, variable string) (evidence.KubeEnv, bool) {
	for _, k := range w.Template.Containers {
		for _, e := range k.Env {
			if e.Name == variable {
				return e, true
			}
		}
	}
	return evidence.KubeEnv{}, false
}

// chatty are the levels that say too much for production.
var chatty = []string{"debug", "trace", "silly", "verbose", "all"}

// logSettings: guide's "Structured logging with appropriate levels", for the
// programs that take LOG_LEVEL and LOG_FORMAT: the thresholds name them.
var logSettings = judge.Checker{
	ID: "kubernetes-log-settings", Expected: "the portal's programs log in JSON, and not at a level for debugging",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		wanted := c.Texts("loggingWorkloads")
		c.Expect("%s log in JSON, and nothing of the portal at the level %s", strings.Join(wanted, ", "), strings.Join(chatty, ", "))
		for _, w := range portal(c) {
			level, leveled := find(w, "LOG_LEVEL")
			format, formatted := find(w, "LOG_FORMAT")
			named := slices.ContainsFunc(wanted, func(name string) bool { return called(w, name) })
			if leveled && slices.Contains(chatty, strings.ToLower(level.Value)) {
				c.Fail(where(w, ""), "LOG_LEVEL is %s", level.Value)
				continue
			}
			if named {
				c.Require(leveled && formatted && strings.EqualFold(format.Value, "json"), where(w, ""),
					"LOG_LEVEL is %q and LOG_FORMAT %q", level.Value, format.Value)
			}
		}
	},
}
