package rules_test

// stories are those of every topic.
func stories() map[string][]story {
	return map[string][]story{
		"portal": portalStories(), "objectives": objectiveStories(), "plugins": pluginStories(), "ingress": ingressStories(),
		"postgres": postgresStories(), "pooler": poolerStories(), "redis": redisStories(), "backups": backupStories(),
		"workloads": workloadStories(), "nodes": nodeStories(), "certificates": certificateStories(), "secrets": secretStories(),
		"uptime": uptimeStories(), "monitoring": monitoringStories(), "logging": loggingStories(), "readiness": readinessStories(),
	}
}

// labels are pairs of a name and a value.
func labels(pairs ...string) map[string]string {
	made := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		made[pairs[i]] = pairs[i+1]
	}
	return made
}
