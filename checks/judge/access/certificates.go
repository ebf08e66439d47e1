package access

import (
	"fmt"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// certificates: guide's "TLS certificates with automated renewal": cert-manager
// has issued them and will renew them before they end.
var certificates = judge.Checker{
	ID: "certificates-renewed", Expected: "every certificate is ready, is valid for long enough and will be renewed in time",
	Needs: needs(evidence.KubernetesCertificates.Name()),
	Judge: func(c *judge.Case) {
		least, late := c.Duration("minimumValidity"), c.Duration("renewalDelay")
		c.Expect("every Certificate is ready, is valid for at least %s more, and its renewal is not more than %s overdue", least, late)
		for _, k := range judge.Read(c, evidence.KubernetesCertificates) {
			var wrong []string
			ready := k.Conditions.Get("Ready")
			if ready.Status != "True" {
				wrong = append(wrong, fmt.Sprintf("it is not ready: %s %s", ready.Reason, ready.Message))
			}
			switch {
			case k.NotAfter.IsZero():
				wrong = append(wrong, "it was never issued")
			case k.NotAfter.Sub(c.Now) < least:
				wrong = append(wrong, "it ends at "+k.NotAfter.UTC().Format("2006-01-02 15:04 MST"))
			}
			switch {
			case k.Renewal.IsZero():
				wrong = append(wrong, "no renewal is planned")
			case c.Now.Sub(k.Renewal) > late:
				wrong = append(wrong, "its renewal was due at "+k.Renewal.UTC().Format("2006-01-02 15:04 MST"))
			}
			c.Require(len(wrong) == 0, "certificate "+k.String(), "%s", strings.TrimSpace(strings.Join(wrong, "; ")))
		}
	},
}
