package rules_test

import "fmt"

// Series of this topic have a sample an hour, and time begins at 0.
func backupStories() []story {
	database := labels("task", "database")
	success := func(task, values string) string {
		return `gatehouse_backup_last_success_timestamp_seconds{task="` + task + `"} ` + values
	}
	failure := func(values string) string {
		return `gatehouse_backup_last_failure_timestamp_seconds{task="database"} ` + values
	}
	var told []story
	for task, maxAge := range map[string]int{"database": 12, "configuration": 36, "base": 36} {
		told = append(told,
			story{
				alert: "BackupTooOld critical " + task,
				fires: []scene{
					{series: []string{success(task, "0x50")}, at: hours(maxAge + 2), labels: labels("task", task)},
					// The Pushgateway was restarted and has forgotten.
					{series: []string{success(task, "0 0 0 _x50")}, at: hours(maxAge + 2), labels: labels("task", task)},
				},
				quiet: []scene{{series: []string{success(task, "0x50")}, at: hours(maxAge)}},
			},
			story{
				alert: "BackupMissing critical " + task,
				fires: []scene{{at: hours(maxAge + 1), labels: labels("task", task)}},
				quiet: []scene{
					{at: hours(maxAge - 1)}, // a new environment
					{series: []string{success(task, "_x5 18000x50")}, at: hours(maxAge + 2)},
				},
			})
	}
	return append(told, []story{
		{
			alert: "BackupFailed warning",
			fires: []scene{
				{series: []string{failure("3600x5"), success("database", "0x5")}, at: "2h", labels: database},
				{series: []string{failure("3600x5")}, at: "2h", labels: database},
			},
			quiet: []scene{{series: []string{failure("3600x5"), success("database", "7200x5")}, at: "3h"}},
		},
		{
			alert: "BackupShrank warning",
			fires: []scene{{series: []string{`gatehouse_backup_size_bytes{task="database"} 1000000x5 1000x3`}, at: "7h", labels: database}},
			quiet: []scene{{series: []string{`gatehouse_backup_size_bytes{task="database"} 1000000x5 900000x3`}, at: "7h"}},
		},
		{
			alert: "RestoreDrillFailed critical",
			fires: []scene{{series: []string{`gatehouse_restore_drill_passed{task="drill"} 0x2`}, at: "1h"}},
			quiet: []scene{{series: []string{`gatehouse_restore_drill_passed{task="drill"} 0 1x2`}, at: "1h"}},
		},
		{
			alert: "RestoreDrillOverdue warning",
			fires: []scene{{series: []string{`gatehouse_restore_drill_last_success_timestamp_seconds 0x60`}, at: "50h"}},
			quiet: []scene{{series: []string{`gatehouse_restore_drill_last_success_timestamp_seconds 0x60`}, at: "48h"}},
		},
		{
			alert: "RestoreDrillMissing warning",
			fires: []scene{{at: "49h"}},
			quiet: []scene{{series: []string{`gatehouse_restore_drill_last_success_timestamp_seconds 0 0 _x60`}, at: "51h"}},
		},
		{
			alert: "RestoreDrillTooSlow warning",
			fires: []scene{{series: []string{`gatehouse_restore_drill_duration_seconds 4000x2`}, at: "1h"}},
			quiet: []scene{{series: []string{`gatehouse_restore_drill_duration_seconds 1200x2`}, at: "1h"}},
		},
	}...)
}

func hours(n int) string { return fmt.Sprintf("%dh", n) }
