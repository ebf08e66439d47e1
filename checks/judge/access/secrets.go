package access

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// externalSecrets: guide's "Secrets Management": what a store holds really comes
// into the cluster, and keeps coming when it is rotated.
var externalSecrets = judge.Checker{
	ID: "external-secrets-synced", Expected: "every ExternalSecret is ready and was refreshed in time",
	Needs: needs(evidence.KubernetesExternalSecrets.Name()),
	Judge: func(c *judge.Case) {
		most, late := c.Duration("maximumRefreshInterval"), c.Number("lateIntervals")
		c.Expect("every ExternalSecret is ready, is refreshed every %s or oftener, and was within the last %v intervals", most, late)
		for _, s := range judge.Read(c, evidence.KubernetesExternalSecrets) {
			var wrong []string
			ready := s.Conditions.Get("Ready")
			if ready.Status != "True" {
				wrong = append(wrong, fmt.Sprintf("it is not ready: %s %s", ready.Reason, ready.Message))
			}
			switch {
			case s.Interval <= 0:
				wrong = append(wrong, "it is never refreshed, so that a rotated secret does not come")
			case s.Interval > most:
				wrong = append(wrong, fmt.Sprintf("it is refreshed every %s only", s.Interval))
			case s.Refreshed.IsZero():
				wrong = append(wrong, "it was never refreshed")
			case c.Now.Sub(s.Refreshed).Seconds() > late*s.Interval.Seconds():
				wrong = append(wrong, fmt.Sprintf("it was refreshed last at %s", s.Refreshed.UTC().Format("2006-01-02 15:04 MST")))
			}
			c.Require(len(wrong) == 0, "externalsecret "+s.String(), "%s", strings.TrimSpace(strings.Join(wrong, "; ")))
		}
	},
}

var secretStores = judge.Checker{
	ID: "secret-stores-ready", Expected: "every store of secrets can be read",
	Needs: needs(evidence.KubernetesSecretStores.Name()),
	Judge: func(c *judge.Case) {
		for _, s := range judge.Read(c, evidence.KubernetesSecretStores) {
			ready := s.Conditions.Get("Ready")
			if s.Provider == "fake" {
				c.Fail("secretstore "+s.String(), "it makes its values up")
				continue
			}
			c.Require(ready.Status == "True", "secretstore "+s.String(), "it is not ready: %s %s", ready.Reason, ready.Message)
		}
	},
}

// secretive are the ends of names whose values are secrets, and innocent those
// that only look so.
var (
	secretive = []string{"PASSWORD", "PASSWD", "TOKEN", "SECRET", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "ENCRYPTION_KEY", "SIGNING_KEY", "SESSION_KEY", "CREDENTIALS"}
	innocent  = []string{"_FILE", "_PATH", "_NAME", "_ARN", "_TTL", "_URL", "_ID"}
)

// plaintext: a value in a pod's description is read by everybody who may list
// pods, and stays in the history of rollouts.
var plaintext = judge.Checker{
	ID: "kubernetes-plaintext-secrets", Expected: "no variable of the portal holds a secret in plain text",
	Needs: needs(evidence.KubernetesWorkloads.Name(), evidence.KubernetesPods.Name()),
	Judge: func(c *judge.Case) {
		check := func(where string, containers []evidence.KubeContainer) {
			for _, k := range containers {
				var wrong []string
				for _, e := range k.Env {
					switch {
					case e.Credential != "":
						wrong = append(wrong, e.Name+" holds "+e.Credential)
					case e.Literal && !e.Empty && secretName(e.Name):
						wrong = append(wrong, e.Name+" has its value in the pod's description")
					}
				}
				if len(wrong) > 0 {
					c.FailWith(where+", container "+k.Name, "take it from a Secret that External Secrets fills, and rotate it: it has been seen", "%s", strings.Join(wrong, "; "))
				} else {
					c.Saw()
				}
			}
		}
		for _, w := range judge.Read(c, evidence.KubernetesWorkloads) {
			if c.Portal(w.Namespace) {
				check(strings.ToLower(w.Kind)+" "+w.String(), w.Template.Containers)
			}
		}
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if c.Portal(p.Namespace) && p.Owner == "" {
				check("pod "+p.String(), p.Spec.Containers)
			}
		}
	},
}

func secretName(name string) bool {
	name = strings.ToUpper(name)
	ends := func(end string) bool { return strings.HasSuffix(name, end) }
	return slices.ContainsFunc(secretive, ends) && !slices.ContainsFunc(innocent, ends)
}
