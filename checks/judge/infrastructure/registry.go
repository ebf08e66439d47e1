package infrastructure

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var repositories = judge.Checker{
	ID:       "ecr-repositories",
	Expected: "Every repository holds tagged images, keeps tags from moving, and scans what is pushed",
	Needs:    []evidence.Name{evidence.AWSRepositories.Name(), evidence.AWSImageScans.Name()},
	Judge: func(c *judge.Case) {
		scans, problems := judge.Try(c, evidence.AWSImageScans) // the registry may scan instead of the repository
		all := judge.Read(c, evidence.AWSRepositories)
		for _, r := range all {
			where := "repository " + r.Name
			c.Require(r.Immutable, where, "its tags can be moved to another image")
			scanned := slices.ContainsFunc(scans, func(s evidence.RegistryScan) bool { return s.Repository == r.Name && done(s.Status) })
			if !r.ScanOnPush && !scanned && len(problems) > 0 {
				c.Unknown("whether the registry scans %s cannot be told: %s", where, problems[0].Error())
			} else {
				c.Require(r.ScanOnPush || scanned, where, "it does not scan what is pushed")
			}
			tagged := slices.ContainsFunc(r.Images, func(i evidence.RegistryImage) bool { return len(i.Tags) > 0 })
			c.Require(tagged, where, "it holds no tagged image")
		}
		c.Note("%d repositories with immutable tags and scanned images", len(all))
	},
}

var imageScans = judge.Checker{
	ID:       "ecr-scans",
	Expected: "The newest image of every repository was scanned, and nothing grave was found",
	Needs:    []evidence.Name{evidence.AWSImageScans.Name()},
	Judge: func(c *judge.Case) {
		refused, limit := c.Texts("refusedSeverities"), c.Duration("scanAge")
		c.Expect("The newest image of every repository was scanned within %s, without findings of severity %s", span(limit), list(refused))
		for _, s := range judge.Read(c, evidence.AWSImageScans) {
			where := "image " + s.Repository + ":" + s.Image
			switch {
			case s.Status == "IN_PROGRESS" || s.Status == "PENDING":
				c.Unknown("the scan of %s has not ended", where)
			case !done(s.Status):
				c.FailWith(where, "aws ecr start-image-scan", "it has no scan (%s)", strings.ToLower(s.Status))
			case !s.Completed.IsZero() && !fresh(c.Now, s.Completed, limit):
				_, ago := age(c.Now, s.Completed)
				c.FailWith(where, "scan it again: the vulnerabilities known today are not those of then", "it was scanned %s", ago)
			default:
				for _, severity := range refused {
					c.Require(s.Findings[severity] == 0, where, "%d findings of severity %s", s.Findings[severity], severity)
				}
				c.Note("%s: none of %s", s.Repository, list(refused))
			}
		}
	},
}

// done tells whether findings are there: COMPLETE for basic scanning, ACTIVE for
// enhanced, which goes on.
func done(status string) bool { return status == "COMPLETE" || status == "ACTIVE" }
