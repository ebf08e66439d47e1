package access

import (
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// accounts: the default account is nobody's, and a token that nobody needs is
// one to steal (CIS Kubernetes 5.1.5, 5.1.6).
var accounts = judge.Checker{
	ID: "kubernetes-service-accounts", Expected: "no pod of the portal runs as the default account or has its token",
	Needs: needs(evidence.KubernetesPods.Name(), evidence.KubernetesRBAC.Name(), evidence.KubernetesAccounts.Name()),
	Judge: func(c *judge.Case) {
		known := judge.Read(c, evidence.KubernetesAccounts)
		for _, p := range judge.Read(c, evidence.KubernetesPods) {
			if !c.Portal(p.Namespace) {
				continue
			}
			isDefault := p.Spec.ServiceAccount == "" || p.Spec.ServiceAccount == "default"
			i := slices.IndexFunc(known, func(a evidence.KubeAccount) bool {
				return a.Namespace == p.Namespace && a.Name == p.Spec.ServiceAccount
			})
			token := p.Spec.Token == nil || *p.Spec.Token
			if p.Spec.Token == nil && i >= 0 && known[i].Token != nil {
				token = *known[i].Token
			}
			switch {
			case isDefault && token:
				c.FailWith("pod "+p.String(), "give it an account of its own, and automountServiceAccountToken: false", "it runs as the default account, with a token of the API")
			case isDefault:
				c.FailWith("pod "+p.String(), "give it an account of its own", "it runs as the default account")
			default:
				c.Saw()
			}
		}
		for _, g := range grants(c) {
			if g.subject.Kind == "ServiceAccount" && g.subject.Name == "default" && c.Portal(g.subject.Namespace) {
				c.Fail(g.where(), "%s has the role %s: every pod without an account of its own does", g.subject, g.role.Name)
			}
		}
	},
}

// rights: guide's "Network policy validation", which is `kubectl auth can-i
// --list --as=system:serviceaccount:…`: the API server itself says what the
// portal's accounts may do. Exceptions are "NAMESPACE/ACCOUNT ACTION".
var rights = judge.Checker{
	ID: "kubernetes-portal-rights", Expected: "no account of the portal may do what would make it more than it is",
	Needs: needs(evidence.KubernetesRights.Name()),
	Judge: func(c *judge.Case) {
		exceptions := c.Texts("rights")
		for _, r := range judge.Read(c, evidence.KubernetesRights) {
			text := "in its namespace"
			if r.Everywhere {
				text = "in the whole cluster"
			}
			ok := !r.Allowed || allowed(exceptions, r.Account.String()+" "+r.Action)
			c.Require(ok, "serviceaccount "+r.Account.String(), "it may %s %s", r.Action, text)
		}
	},
}
