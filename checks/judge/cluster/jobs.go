package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// jobs: guide's "Database migrations tested": what has to run once before the
// portal does, has. Of the runs of a CronJob the newest that ended counts.
var jobs = judge.Checker{
	ID: "kubernetes-jobs-complete", Expected: "the jobs of the portal, migrations among them, have completed",
	Needs: needs(evidence.KubernetesWorkloads.Name()),
	Judge: func(c *judge.Case) {
		newest := map[string]evidence.KubeWorkload{}
		for _, w := range portal(c) {
			if w.Kind != "Job" {
				continue
			}
			key := w.String()
			if w.Owner != "" {
				key = w.Namespace + "/" + w.Owner
				if !ended(w) || w.Created.Before(newest[key].Created) {
					continue
				}
			}
			newest[key] = w
		}
		for _, w := range newest {
			failed := w.Conditions.Get("Failed")
			switch {
			case failed.Status == "True":
				c.Fail(where(w, ""), "it failed: %s", failed.Message)
			case w.Conditions.Get("Complete").Status == "True":
				c.Saw()
			default:
				c.Unknown("%s has not ended yet", where(w, ""))
			}
		}
	},
}

func ended(w evidence.KubeWorkload) bool {
	return w.Conditions.Get("Failed").Status == "True" || w.Conditions.Get("Complete").Status == "True"
}

// backups: guide's "Backup procedures": each task's last run succeeded, not too
// long ago. The age of the archive itself is AWS's to say.
var backups = judge.Checker{
	ID: "kubernetes-backups-recorded", Expected: "the last backups succeeded, not too long ago",
	Needs: needs(evidence.KubernetesBackups.Name()),
	Judge: func(c *judge.Case) {
		tasks, most := c.Texts("backupTasks"), c.Duration("maximumBackupAge")
		c.Expect("the last backup of %s succeeded within %s", strings.Join(tasks, ", "), most)
		recorded(c, tasks, most)
	},
}

// drill: guide's "Disaster recovery procedures tested": a backup was restored,
// compared and found whole.
var drill = judge.Checker{
	ID: "kubernetes-restore-drill", Expected: "the last restore drill passed, not too long ago",
	Needs: needs(evidence.KubernetesBackups.Name()),
	Judge: func(c *judge.Case) {
		most := c.Duration("maximumDrillAge")
		c.Expect("the last restore drill passed within %s", most)
		recorded(c, []string{"drill"}, most)
	},
}

func recorded(c *judge.Case, tasks []string, most time.Duration) {
	status, whole := judge.Whole(c, evidence.KubernetesBackups)
	if !whole {
		return
	}
	if len(status.Found) == 0 {
		c.Unknown("there is no ConfigMap backup-status in the portal's namespaces: the keeper, which leaves its results there, is not installed")
		return
	}
	at := "configmap " + status.Found[0].String()
	for _, name := range tasks {
		i := slices.IndexFunc(status.Tasks, func(t evidence.KubeTask) bool { return t.Name == name })
		if i < 0 {
			c.Unknown("%s knows of no run of %s: it has not run yet", at, name)
			continue
		}
		t := status.Tasks[i]
		age := c.Now.Sub(t.Finished)
		what := fmt.Sprintf("%s of %s", name, t.Finished.UTC().Format(time.RFC3339))
		switch {
		case !t.Succeeded:
			c.Fail(at, "%s failed: %s", what, t.Error)
		case age > most:
			c.Fail(at, "%s is %s old", what, age.Round(time.Hour))
		case age < -5*time.Minute: // a clock that is wrong proves nothing
			c.Unknown("%s: %s lies in the future", at, what)
		default:
			c.Saw()
			c.Note("%s %s ago", name, age.Round(time.Minute))
		}
	}
}
