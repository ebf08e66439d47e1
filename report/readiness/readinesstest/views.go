package readinesstest

import "gatehouse/report/readiness"

// frameworkViews have a control of every status.
func frameworkViews() []readiness.Framework {
	control := func(id, title, group string, s readiness.ControlStatus, items, rules, against []string) readiness.Control {
		return readiness.Control{ID: id, Title: title, Group: group, Status: s, Items: items, Rules: rules, Against: against}
	}
	none := []string{}
	return []readiness.Framework{
		{
			Name: "SOC 2", Edition: "2017 (revised points of focus 2022)",
			Scope: "Common criteria and availability; the privacy criteria are left to others.",
			Controls: []readiness.Control{
				control("A1.2", "Recovery infrastructure", "Availability", readiness.NotMet,
					[]string{"DB-1", "DB-3"}, none, []string{"DB-3"}),
				control("CC6.1", "Logical access", "Logical and physical access", readiness.NotMet,
					none, []string{"aws-rds-storage-encrypted"}, []string{"aws-rds-storage-encrypted"}),
				control("CC7.2", "Monitoring", "System operations", readiness.Supported, []string{"MON-1", "CACHE-3"}, none, none),
				control("CC9.2", "Vendors", "Risk mitigation", readiness.NotCovered, none, none, none),
			},
			Counts: map[readiness.ControlStatus]int{readiness.NotMet: 2, readiness.Supported: 1, readiness.NotCovered: 1},
		},
		{
			Name: "NIST 800-53", Edition: "Rev. 5", Scope: "Controls of the moderate baseline that technology can show.",
			Controls: []readiness.Control{
				control("CP-10", "System recovery", "Contingency planning", readiness.Accepted,
					[]string{"CACHE-1", "DB-1"}, none, []string{"CACHE-1"}),
				control("SC-7", "Boundary protection", "System and communications", readiness.Undetermined, []string{"K8S-5"}, none, none),
				control("SC-28", "Information at rest", "System and communications", readiness.Vacuous,
					none, []string{"aws-dms-encrypted"}, none),
				control("PE-3", "Physical access", "Physical protection", readiness.NotCovered, none, none, none),
			},
			Counts: map[readiness.ControlStatus]int{
				readiness.Accepted: 1, readiness.Undetermined: 1, readiness.Vacuous: 1, readiness.NotCovered: 1,
			},
		},
	}
}
