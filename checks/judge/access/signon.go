package access

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// signOn: guide's "SSO integration configured": a serving workload of the portal
// is given a client of an identity provider. That signing in works is the
// smoke tests' to prove.
var signOn = judge.Checker{
	ID: "sso-configured", Expected: "a workload of the portal is given a client of an identity provider",
	Needs: needs(evidence.KubernetesWorkloads.Name(), evidence.KubernetesSecrets.Name()),
	Judge: func(c *judge.Case) {
		wanted := c.Texts("providerClients")
		c.Expect("a workload of the portal has a variable that matches one of %s, and its secret half", strings.Join(wanted, ", "))
		all, allWorkloads := judge.Whole(c, evidence.KubernetesWorkloads)
		secrets, allSecrets := judge.Whole(c, evidence.KubernetesSecrets)
		serving, found := 0, 0
		for _, w := range all {
			if !c.Portal(w.Namespace) || !w.Serves() {
				continue
			}
			serving++
			given := variablesOf(w, secrets)
			for _, id := range given {
				half := strings.TrimSuffix(id, "_ID") + "_SECRET"
				if !allowed(wanted, id) {
					continue
				}
				found++
				c.Require(slices.Contains(given, half) || !allSecrets, strings.ToLower(w.Kind)+" "+w.String(), "it has %s and no %s", id, half)
				c.Note("%s is given %s", w.Name, id)
			}
		}
		if serving > 0 && found == 0 && allSecrets && allWorkloads {
			c.Fail("the portal's workloads", "none of %d is given a client of an identity provider", serving)
		}
	},
}

// variablesOf are the names of the variables that a workload's containers have.
func variablesOf(w evidence.KubeWorkload, secrets []evidence.KubeSecret) []string {
	var names []string
	for _, k := range w.Template.Containers {
		for _, e := range k.Env {
			names = append(names, e.Name)
		}
		for _, s := range secrets {
			if s.Namespace == w.Namespace && slices.Contains(k.SecretSets, s.Name) {
				for _, key := range s.Keys {
					names = append(names, key.Name)
				}
			}
		}
	}
	return names
}

// oauth: guide's "GitHub OAuth App configured". A threshold entry is
// "NAMESPACE/SECRET KEY".
var oauth = judge.Checker{
	ID: "github-oauth-secret", Expected: "the OAuth app's client ID and secret are set",
	Needs: needs(evidence.KubernetesSecrets.Name()),
	Judge: func(c *judge.Case) {
		wanted := c.Texts("oauthKeys")
		c.Expect("%s are set, and none is empty or a placeholder", strings.Join(wanted, ", "))
		secrets, whole := judge.Whole(c, evidence.KubernetesSecrets)
		if !whole {
			return
		}
		for _, entry := range wanted {
			name, key, _ := strings.Cut(entry, " ")
			i := slices.IndexFunc(secrets, func(s evidence.KubeSecret) bool { return s.String() == name })
			if i < 0 {
				c.Fail("secret "+name, "there is none, so that %s is not set", key)
				continue
			}
			j := slices.IndexFunc(secrets[i].Keys, func(k evidence.KubeKey) bool { return k.Name == key })
			switch {
			case j < 0:
				c.Fail("secret "+name, "it has no %s", key)
			case secrets[i].Keys[j].Empty:
				c.Fail("secret "+name, "%s is empty", key)
			case secrets[i].Keys[j].Placeholder:
				c.Fail("secret "+name, "%s is a placeholder", key)
			default:
				c.Saw()
			}
		}
	},
}
