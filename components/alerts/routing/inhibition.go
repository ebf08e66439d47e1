package routing

// inhibitRules keep silent what somebody already knows.
func inhibitRules() []InhibitRule {
	return []InhibitRule{
		{
			// A critical alert says what the warning of the same name on the same
			// thing said before. The labels are those that tell two things apart.
			SourceMatchers: []string{`severity="critical"`},
			TargetMatchers: []string{`severity="warning"`},
			Equal: []string{
				"cluster", "alertname", "service", "namespace", "exported_namespace", "name", "instance",
				"mountpoint", "persistentvolumeclaim",
			},
		},
		{
			// Of a service that is down (PortalDown, PgBouncerDown, …), its single
			// pods, errors and latency are no news.
			SourceMatchers: []string{`severity="critical"`, `alertname=~".+Down"`},
			TargetMatchers: []string{`severity="warning"`},
			Equal:          []string{"cluster", "service"},
		},
		{
			// Nor is it that its budget is being spent.
			SourceMatchers: []string{`severity="critical"`, `alertname=~".+Down"`},
			TargetMatchers: []string{`alertname=~".+BudgetBurn"`},
			Equal:          []string{"cluster", "service"},
		},
		{
			// Without its API server a cluster reports all sorts of consequences.
			SourceMatchers: []string{`alertname="ClusterDown"`},
			TargetMatchers: []string{`severity="warning"`},
			Equal:          []string{"cluster"},
		},
		{
			// Of a Job that installs plugins, or looks after them, these say more.
			SourceMatchers: []string{`alertname=~"PluginInstallFailed|PluginsNotAsProved"`},
			TargetMatchers: []string{`alertname="JobFailed"`},
			Equal:          []string{"cluster", "namespace", "job_name"},
		},
	}
}
