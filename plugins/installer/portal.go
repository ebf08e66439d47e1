package installer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/rollout"
)

// portal is the Deployments of the portal and the probes in their pods.
type portal struct {
	rollout.Portal
	http *http.Client
	// every is the pause between two questions.
	every time.Duration
}

var _ install.Portal = portal{}

// Switch implements install.Portal.
func (p portal) Switch(ctx context.Context, id generation.ID, images map[string]string) error {
	return p.Portal.Switch(ctx, rollout.Change{Generation: string(id), Images: images})
}

// Prove implements install.Portal: every pod of every Deployment is asked.
func (p portal) Prove(ctx context.Context, want install.Want) error {
	pods, err := p.Wait(ctx)
	var failed *rollout.FailedError
	if errors.As(err, &failed) {
		return fmt.Errorf("%w: %w", install.ErrNotProved, err)
	}
	if err != nil {
		return fmt.Errorf("wait for the portal's pods: %w", err)
	}
	for _, pod := range pods {
		if err := runs(pod, want.Images); err != nil {
			return err
		}
		if err := p.ask(ctx, pod, install.ProbePort, want.Portal, want.Generation); err != nil {
			return err
		}
		if want.Sidecar != nil {
			if err := p.ask(ctx, pod, install.LoaderProbePort, want.Sidecar, want.Generation); err != nil {
				return err
			}
		}
		if err := p.until(ctx, pod, func() (bool, error) {
			err := prove.Healthy(ctx, p.http, at(pod, install.BackstagePort))
			return err == nil, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// runs wants containers to run their images: those that they are told to, and that
// the node has really started, which it names by digest.
func runs(pod rollout.Pod, images map[string]string) error {
	for _, c := range pod.Containers {
		want, asked := images[c.Name]
		if !asked {
			continue
		}
		_, digest, _ := strings.Cut(want, "@")
		if c.Image != want || strings.Contains(c.ImageID, "sha256:") && !strings.HasSuffix(c.ImageID, digest) {
			return fmt.Errorf("%w: pod %s: container %s runs %s (%s), not %s", install.ErrNotProved, pod.Name, c.Name, c.Image, c.ImageID, want)
		}
	}
	return nil
}

// ask asks the probe of one container until it has an answer that will not change.
func (p portal) ask(ctx context.Context, pod rollout.Pod, port int, want []plugins.Ref, id generation.ID) error {
	return p.until(ctx, pod, func() (bool, error) {
		loaded, err := prove.Ask(ctx, p.http, at(pod, port))
		switch {
		case errors.Is(err, prove.ErrAnswer):
			return true, fmt.Errorf("%w: pod %s: %w", install.ErrNotProved, pod.Name, err)
		case err != nil:
			return false, err
		}
		problems := prove.Compare(want, string(id), loaded)
		starting := slices.ContainsFunc(problems, func(p prove.Problem) bool { return p.Kind == prove.NotStarted })
		switch {
		case len(problems) == 0:
			return true, nil
		case starting:
			return false, errors.New(problems[0].String())
		}
		var texts []string
		for _, problem := range problems {
			texts = append(texts, problem.String())
		}
		return true, fmt.Errorf("%w: pod %s: %s", install.ErrNotProved, pod.Name, strings.Join(texts, "; "))
	})
}

// until looks again and again until something is decided. What it saw last is in the
// error when the time is up.
func (p portal) until(ctx context.Context, pod rollout.Pod, decided func() (bool, error)) error {
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		done, err := decided()
		if done {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("ask pod %s: %w: %w", pod.Name, context.Cause(ctx), err)
		case <-tick.C:
		}
	}
}

// Running implements install.Portal. What is no generation of ours has no folder.
func (p portal) Running(ctx context.Context) ([]generation.ID, error) {
	names, err := p.RunningGenerations(ctx)
	if err != nil {
		return nil, err
	}
	var ids []generation.ID
	for _, name := range names {
		if id, err := generation.ParseID(name); err == nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func at(pod rollout.Pod, port int) string { return net.JoinHostPort(pod.IP, strconv.Itoa(port)) }
