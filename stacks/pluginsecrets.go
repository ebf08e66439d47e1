package stacks

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/externalsecret"
	"gatehouse/components/pod"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// The Secrets of the installer: what the pipeline is asked with, which the Job that
// builds has alone, and the token of a registry that wants one.
const (
	pipelineSecret = "plugin-pipeline"
	registrySecret = "plugin-registry"
)

// pluginSecrets are the installer's Secrets, as far as they are needed.
func pluginSecrets(c config.Config) []externalsecret.Args {
	var list []externalsecret.Args
	if names := pipelineEntries(c); len(names) > 0 {
		list = append(list, externalsecret.Args{Name: pipelineSecret, Entries: names.entries()})
	}
	if c.Portal.Plugins.Managed() && c.Portal.Plugins.RegistryTokenSecret != nil {
		list = append(list, externalsecret.Args{
			Name: registrySecret, Entries: secretNames{install.VariableRegistryToken: *c.Portal.Plugins.RegistryTokenSecret}.entries(),
		})
	}
	return list
}

// pipelineEntries are what the pipeline is asked with, by the variable that has it.
func pipelineEntries(c config.Config) secretNames {
	needed := c.Portal.Plugins.PipelineSecrets()
	names := secretNames{}
	for variable, entry := range map[string]string{
		install.VariablePipelineToken: needed.Token, install.VariablePipelineTrigger: needed.Trigger, install.VariablePipelineUser: needed.User,
	} {
		if entry != "" {
			names[variable] = entry
		}
	}
	return names
}

// buildSettings are the variables of the Job that builds. All pods of a Job are one
// attempt: the second finds the run of the first.
func buildSettings(c config.Config, pipeline string) []pod.Env {
	settings := []pod.Env{
		{Name: install.VariablePipeline, Value: pulumi.String(pipeline)},
		{Name: install.VariableAttempt, Field: "metadata.labels['batch.kubernetes.io/controller-uid']"},
	}
	for _, entry := range pipelineEntries(c).entries() {
		settings = append(settings, pod.Env{Name: entry.Key, Secret: pod.Key{Name: pipelineSecret, Key: entry.Key}})
	}
	return settings
}

// registryToken is the registry's token, for those who ask it.
func registryToken(c config.Config) []pod.Env {
	if c.Portal.Plugins.RegistryTokenSecret == nil {
		return nil
	}
	return []pod.Env{{Name: install.VariableRegistryToken, Secret: pod.Key{Name: registrySecret, Key: install.VariableRegistryToken}}}
}
