package identity

import "slices"

// portal is the portal's frontend and its WebSocket servers: they keep
// sessions and messages in Redis.
func portal(r Resources) Workload {
	return Workload{
		Name: "portal", Namespace: "developer-portal", ServiceAccounts: []string{"portal-frontend", "websocket"},
		Statements: r.connectCache("portal"),
	}
}

// backstage is the Backstage backend: it reads its secrets, plugins and image
// versions, and logs in to its database and cache.
func backstage(r Resources) Workload {
	return Workload{
		Name: "backstage", Namespace: "backstage", ServiceAccounts: []string{"backstage"},
		Statements: slices.Concat(
			r.readSecrets(),
			r.readBucket("Plugins", r.Plugins),
			r.connectCache("backstage"),
			statements(
				r.connectDatabase("backstage"),
				allow("Images", []string{"ecr:DescribeImages", "ecr:DescribeRepositories"}, sorted(r.Repositories)...),
			),
		),
	}
}
