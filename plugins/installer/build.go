package installer

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/plugins/install"
	"gatehouse/plugins/pipeline"
)

func (p *program) buildCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "build",
		Short:   "Have a pipeline build plugins into the portal's image, and wait for the image",
		Example: `  PLUGIN_REQUEST='{"plugins":[…],"base":"1.0.0",…}' PLUGIN_PIPELINE='{"codeBuild":{"project":"portal"}}' plugin-installer build`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := p.setting(install.VariableRequest)
			if err != nil {
				return err
			}
			request, err := install.ParseBuild(text)
			if err != nil {
				return invalid(install.VariableRequest, err)
			}
			images, err := p.images(cmd.Context())
			if err != nil {
				return err
			}
			return p.build(cmd.Context(), request, images)
		},
	}
}

// build starts the pipeline unless the image is there already.
func (p *program) build(ctx context.Context, r install.BuildRequest, images images) error {
	if image, err := images.Image(ctx, r.Tag()); err == nil {
		p.log.Info("built already", "image", image)
		return nil
	}
	attempt, err := p.setting(install.VariablePod)
	if err != nil {
		return err
	}
	list := make([]pipeline.Plugin, 0, len(r.Plugins))
	for _, each := range r.Plugins {
		list = append(list, pipeline.Plugin{Ref: each.Ref, Integrity: each.Integrity})
	}
	b, err := pipeline.NewBuild(list, images.repository+":"+r.Base, r.Environment, r.Tag(), attempt)
	if err != nil {
		return invalid(install.VariableRequest, err)
	}
	run, err := p.pipeline(ctx)
	if err != nil {
		return err
	}
	if err := run(ctx, b); err != nil {
		return refused(err)
	}
	image, err := images.Image(ctx, r.Tag())
	if err != nil {
		return fmt.Errorf("the pipeline succeeded and has pushed no image %s: %w", r.Tag(), err)
	}
	p.log.Info("built", "image", image)
	return nil
}
