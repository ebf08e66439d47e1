package config

// Rebuild is the pipeline that builds packages into Backstage's image (deployment
// guide, CI/CD Pipeline Rebuild); exactly one.
type Rebuild struct {
	// CodeBuild is a project of AWS CodeBuild.
	CodeBuild *CodeBuild `yaml:"codeBuild"`
	// GitHub is a workflow of GitHub Actions.
	GitHub *GitHub `yaml:"github"`
	// GitLab is a pipeline of GitLab.
	GitLab *GitLab `yaml:"gitlab"`
	// Jenkins is a job of Jenkins.
	Jenkins *Jenkins `yaml:"jenkins"`
}

// CodeBuild is a project of AWS CodeBuild in the environment's account.
type CodeBuild struct {
	// Project is its name.
	Project string `yaml:"project"`
}

// GitHub is a workflow of GitHub Actions: one that is started by name, or one
// that an event starts.
type GitHub struct {
	// Repository is OWNER/NAME.
	Repository string `yaml:"repository"`
	// Workflow is the workflow's file, for workflow_dispatch.
	Workflow *string `yaml:"workflow"`
	// Event is the event's type, for repository_dispatch.
	Event *string `yaml:"event"`
	// Ref is the branch or tag of the workflow; only with workflow.
	Ref string `yaml:"ref" jsonschema:"default=main"`
}

// GitLab is a pipeline of GitLab, started by a trigger.
type GitLab struct {
	// URL is the instance.
	URL URL `yaml:"url" jsonschema:"default=https://gitlab.com"`
	// Project is its path, GROUP/NAME, or its number.
	Project string `yaml:"project"`
	// Ref is the branch or tag of the pipeline.
	Ref string `yaml:"ref" jsonschema:"default=main"`
}

// Jenkins is a job of Jenkins with parameters.
type Jenkins struct {
	// URL is the instance.
	URL URL `yaml:"url"`
	// Job is its name, with its folders: platform/portal.
	Job string `yaml:"job"`
}
