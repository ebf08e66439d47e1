package edge

import (
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// certificates serves AUTH-2 and SEC-4. ACM renews a certificate by itself when
// it is validated by DNS and in use (ACM user guide, "Managed certificate
// renewal"); the days left show whether it has.
var certificates = judge.Checker{
	ID:       "acm-certificates",
	Expected: "the certificates are issued, in use, and renewed by ACM without anybody",
	Needs:    needs(evidence.AWSCertificates.Name()),
	Judge: func(c *judge.Case) {
		least := c.Int("certificateDaysLeft")
		c.Expect("the certificates are issued, in use, valid for %d days or more, and renewed by ACM without anybody", least)
		for _, certificate := range judge.Read(c, evidence.AWSCertificates) {
			judgeCertificate(c, certificate, least)
		}
	},
}

func judgeCertificate(c *judge.Case, a evidence.ACMCertificate, least int) {
	where := "certificate " + a.ARN
	days := int(a.NotAfter.Sub(c.Now) / (24 * time.Hour))
	switch {
	case a.Status != "ISSUED":
		c.Fail(where, "is %s", a.Status)
	case !a.NotAfter.After(c.Now):
		c.Fail(where, "ended on %s", a.NotAfter.UTC().Format(time.DateOnly))
	case a.Type == "IMPORTED":
		c.FailWith(where, "let ACM issue it, so that it renews it", "was imported: ACM does not renew it")
	case a.Type == "AMAZON_ISSUED" && a.Validation != "DNS":
		c.FailWith(where, "validate it by DNS", "is validated by %s: somebody must answer at each renewal", a.Validation)
	case a.Users == 0:
		c.Fail(where, "is used by nothing, and ACM does not renew what nothing uses")
	case a.Renewal == "FAILED" || a.Renewal == "PENDING_VALIDATION":
		c.FailWith(where, "look whether the validation records are still in the zone", "is not renewed: the renewal is %s", a.Renewal)
	case days < least:
		c.Fail(where, "ends in %d days, on %s, and has not been renewed", days, a.NotAfter.UTC().Format(time.DateOnly))
	case !a.Renewable:
		c.Fail(where, "cannot be renewed by ACM: it says INELIGIBLE")
	default:
		c.Saw()
		c.Note("%s is valid for %d days and renewed by itself", a.ARN, days)
	}
}
