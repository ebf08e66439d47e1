package config

import (
	"slices"

	"gatehouse/plugins"
)

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
	// TokenSecret is the entry of foundation.secrets with the token that starts the
	// workflow and reads its runs.
	TokenSecret string `yaml:"tokenSecret" jsonschema:"default=github-token"`
}

// GitLab is a pipeline of GitLab, started by a trigger.
type GitLab struct {
	// URL is the instance.
	URL URL `yaml:"url" jsonschema:"default=https://gitlab.com"`
	// Project is its path, GROUP/NAME, or its number.
	Project string `yaml:"project"`
	// Ref is the branch or tag of the pipeline.
	Ref string `yaml:"ref" jsonschema:"default=main"`
	// TriggerTokenSecret is the entry of foundation.secrets with the trigger's token,
	// which starts the pipeline.
	TriggerTokenSecret string `yaml:"triggerTokenSecret" jsonschema:"default=gitlab-trigger-token"`
	// TokenSecret is the entry with the token that reads pipelines and cancels them.
	TokenSecret string `yaml:"tokenSecret" jsonschema:"default=gitlab-token"`
}

// Jenkins is a job of Jenkins with parameters.
type Jenkins struct {
	// URL is the instance.
	URL URL `yaml:"url"`
	// Job is its name, with its folders: platform/portal.
	Job string `yaml:"job"`
	// UserSecret is the entry of foundation.secrets with the name of the user that
	// starts the job.
	UserSecret string `yaml:"userSecret" jsonschema:"default=jenkins-user"`
	// TokenSecret is the entry with that user's API token.
	TokenSecret string `yaml:"tokenSecret" jsonschema:"default=jenkins-token"`
}

// Rebuilt are the packages that are built into Backstage's image.
func (p Plugins) Rebuilt() []Package {
	return slices.DeleteFunc(slices.Clone(p.Packages), func(each Package) bool { return p.StrategyOf(each) != plugins.Rebuild })
}

// PipelineSecrets are entries of foundation.secrets, "" for what is not needed.
type PipelineSecrets struct {
	// Token is what the pipeline is asked with, Trigger GitLab's trigger token and
	// User Jenkins's user.
	Token, Trigger, User string
}

// webhookSecret is the entry of a pipeline that is a URL alone.
const webhookSecret = "github-token"

// PipelineSecrets are those that the pipeline needs; none where nothing is built.
func (p Plugins) PipelineSecrets() PipelineSecrets {
	r := p.Rebuild
	switch {
	case len(p.Rebuilt()) == 0:
	case r == nil:
		return PipelineSecrets{Token: webhookSecret}
	case r.GitHub != nil:
		return PipelineSecrets{Token: r.GitHub.TokenSecret}
	case r.GitLab != nil:
		return PipelineSecrets{Token: r.GitLab.TokenSecret, Trigger: r.GitLab.TriggerTokenSecret}
	case r.Jenkins != nil:
		return PipelineSecrets{Token: r.Jenkins.TokenSecret, User: r.Jenkins.UserSecret}
	}
	return PipelineSecrets{}
}
