package identity

import (
	"slices"

	"gatehouse/components/iampolicy"
)

// Where the plugin installer keeps what it keeps: npm's tarballs in the bucket of
// plugins, and the audit trail in its bucket.
const (
	PluginCachePrefix = "npm"
	PluginTrailPrefix = "plugin-trail"
)

// pluginInstaller verifies plugins and builds generations of them: it keeps
// artefacts and the npm cache in the plugins bucket, and looks at the images
// that plugins are made for. It can delete nothing: lifecycles do.
func pluginInstaller(r Resources) Workload {
	return Workload{
		Name: "plugin-installer", Namespace: "backstage", ServiceAccounts: []string{"plugin-installer"},
		Statements: slices.Concat(
			r.readBucket("Plugins", r.Plugins),
			r.writeBucket("Plugins", r.Plugins),
			r.pluginTrail(),
			r.pluginBuild(),
			statements(
				allow("Images", []string{
					"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeRepositories",
					"ecr:GetDownloadUrlForLayer",
				}, sorted(r.Repositories)...),
				allow("RegistryLogin", []string{"ecr:GetAuthorizationToken"}, anywhere),
			),
		),
	}
}

// pluginTrail allows to write records and to read all versions of them
// (plugins/trail/s3). A record can be kept longer and never shorter: nothing here
// goes around Object Lock.
func (r Resources) pluginTrail() []iampolicy.Statement {
	if r.Trail == nil {
		return nil
	}
	list := allow("TrailList", []string{"s3:ListBucketVersions"}, r.Trail)
	list.Conditions = []iampolicy.Condition{iampolicy.When("StringLike", "s3:prefix", PluginTrailPrefix+"/*")}
	return []iampolicy.Statement{
		list,
		allow("Trail", []string{"s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectRetention"}, under(r.Trail, "/"+PluginTrailPrefix+"/*")),
		r.throughService("TrailKey", "s3", r.TrailKey, "kms:Decrypt", "kms:GenerateDataKey"),
	}
}

// pluginBuild allows to start the project that rebuilds Backstage, to follow its
// runs and to stop one.
func (r Resources) pluginBuild() []iampolicy.Statement {
	if r.BuildProject == "" {
		return nil
	}
	return []iampolicy.Statement{
		allow("Build", []string{"codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"}, r.arn("codebuild", "project/"+r.BuildProject)),
	}
}
