package installer

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gatehouse/plugins/install"
	"gatehouse/plugins/pipeline"
)

func (p *program) buildCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "build",
		Short:   "Have a pipeline build plugins into the portal's image, and wait for it",
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
	switch image, err := images.Image(ctx, r.Tag()); {
	case err == nil:
		p.log.Info("built already", "image", image.Pinned)
		return nil
	case !errors.Is(err, pipeline.ErrNotFound):
		return refused(err)
	}
	attempt, err := p.attempt()
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
		return refused(fmt.Errorf("the pipeline succeeded, and the image %s is not to be had: %w; have it push with the tag that it is given", r.Tag(), err))
	}
	p.log.Info("built", "image", image.Pinned)
	return nil
}

// attempt is the Job's, which its pods share.
func (p *program) attempt() (string, error) {
	if uid := p.world.Getenv(install.VariableAttempt); uid != "" {
		return uid, nil
	}
	return p.setting(install.VariablePod)
}
