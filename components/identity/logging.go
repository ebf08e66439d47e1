package identity

// fluentBit writes the pods' logs to the environment's log groups, which are
// made beforehand with their key and retention: it may not make any.
func fluentBit(r Resources) Workload {
	groups := r.arn("logs", "log-group:"+r.LogGroups+"*")
	return Workload{
		Name: "fluent-bit", Namespace: "logging", ServiceAccounts: []string{"fluent-bit"},
		Statements: statements(
			allow("Logs", []string{"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"}, groups, under(groups, ":log-stream:*")),
		),
	}
}
