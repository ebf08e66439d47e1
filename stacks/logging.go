package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/logging"
	"gatehouse/stacks/config"
)

// deployLogging installs Fluent Bit and, where logs go to CloudWatch, the log
// groups before it. The groups are AWS's, so that they have options of their
// own.
func deployLogging(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, aws []pulumi.ResourceOption, opts ...pulumi.ResourceOption) error {
	c := env.Config.Platform.Logging
	if c.Output == config.LogsToCloudWatch {
		days := c.RetentionDays
		groups, err := logging.NewGroups(ctx, env.Named("logs"), logging.GroupsArgs{
			Prefix:    logGroups(env),
			Retention: logging.Retention{Application: days.Application, Plugin: days.Plugin, Platform: days.Platform, Audit: days.Audit},
			KeyARN:    foundation.Keys.Logs, Protect: env.Config.Environment.Protect,
		}, aws...)
		if err != nil {
			return fmt.Errorf("deploy log groups: %w", err)
		}
		opts = append(opts, component.DependsOn(groups))
	}
	args := logging.Args{
		Namespace: namespaces[loggingNamespace], Labels: ownership(env), RoleARN: cluster.Roles[logging.App],
		Output: logging.Output(c.Output), Region: env.Region, GroupPrefix: logGroups(env),
	}
	if c.LokiURL != nil {
		args.LokiURL = string(*c.LokiURL)
	}
	if _, err := logging.New(ctx, env.Named("logging"), args, opts...); err != nil {
		return fmt.Errorf("deploy logging: %w", err)
	}
	return nil
}
