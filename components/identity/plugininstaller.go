package identity

import "slices"

// pluginInstaller verifies plugins and builds generations of them: it keeps
// artefacts and the npm cache in the plugins bucket, and looks at the images
// that plugins are made for.
func pluginInstaller(r Resources) Workload {
	return Workload{
		Name: "plugin-installer", Namespace: "backstage", ServiceAccounts: []string{"plugin-installer"},
		Statements: slices.Concat(
			r.readBucket("Plugins", r.Plugins),
			r.writeBucket("Plugins", r.Plugins),
			statements(
				allow("PluginsDelete", []string{"s3:DeleteObject"}, under(r.Plugins, "/*")),
				allow("Images", []string{
					"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeRepositories",
					"ecr:GetDownloadUrlForLayer",
				}, sorted(r.Repositories)...),
				allow("RegistryLogin", []string{"ecr:GetAuthorizationToken"}, anywhere),
			),
		),
	}
}
