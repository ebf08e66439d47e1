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
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
func (p portal) Switch(ctx context.Context, id generation.ID, images map[string]install.Image) error {
	other, err := p.differ(ctx, images)
	if err != nil {
		return err
	}
	return p.Portal.Switch(ctx, rollout.Change{Generation: string(id), Images: other})
}

// Prove implements install.Portal: every pod of every Deployment is asked.
func (p portal) Prove(ctx context.Context, want install.Want) error {
	pods, err := p.wait(ctx, want)
	if err != nil {
		return err
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
		if err := p.resolves(ctx, pod, want.Packages); err != nil {
			return err
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

// wait waits for the rollout. Meanwhile the new pods' probes are asked: a Backstage
// whose start has failed may stay up without ever being ready, and would be waited
// for until the Deployment gives it up.
func (p portal) wait(ctx context.Context, want install.Want) ([]rollout.Pod, error) {
	waiting, give := context.WithCancelCause(ctx)
	defer give(nil)
	var watching sync.WaitGroup
	watching.Go(func() {
		if err := p.watch(waiting, want); err != nil {
			give(err)
		}
	})
	pods, err := p.Wait(waiting)
	seen := context.Cause(waiting)
	give(nil)
	watching.Wait()
	var failed *rollout.FailedError
	switch {
	case err == nil:
		return pods, nil
	case errors.As(err, &failed):
		return nil, fmt.Errorf("%w: %w", install.ErrNotProved, err)
	case errors.Is(seen, install.ErrNotProved):
		return nil, seen
	}
	return nil, fmt.Errorf("wait for the portal's pods: %w", err)
}

// watchEvery is how often the new pods are asked while they start.
const watchEvery = 2 * time.Second

// watch asks the pods of a generation until the context ends, or one says that its
// start has failed.
func (p portal) watch(ctx context.Context, want install.Want) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		// Who cannot be asked is starting, or the rollout says what is wrong.
		pods, err := p.Client.CoreV1().Pods(p.Namespace).List(ctx, metav1.ListOptions{LabelSelector: "app=" + install.App})
		if err != nil {
			continue
		}
		for _, pod := range pods.Items {
			if pod.Annotations[p.Annotation] != string(want.Generation) || !told(pod, want.Images) || pod.Status.PodIP == "" || pod.DeletionTimestamp != nil {
				continue
			}
			loaded, err := prove.Ask(ctx, p.http, net.JoinHostPort(pod.Status.PodIP, strconv.Itoa(install.ProbePort)))
			if err == nil && loaded.Failure != "" {
				return notProved(pod.Name, prove.Compare(known(want.Portal), string(want.Generation), loaded))
			}
		}
	}
}

// known are the plugins without the probe, which is wanted in any case.
func known(want []plugins.Ref) []plugins.Ref {
	own := prove.Probe().Ref
	return slices.DeleteFunc(slices.Clone(want), func(r plugins.Ref) bool { return r == own })
}

func notProved(pod string, problems []prove.Problem) error {
	var texts []string
	for _, problem := range problems {
		texts = append(texts, problem.String())
	}
	return fmt.Errorf("%w: pod %s: %s", install.ErrNotProved, pod, strings.Join(texts, "; "))
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
		problems := prove.Compare(known(want), string(id), loaded)
		starting := slices.ContainsFunc(problems, func(p prove.Problem) bool { return p.Kind == prove.NotStarted })
		switch {
		case len(problems) == 0:
			return true, nil
		case starting:
			return false, errors.New(problems[0].String())
		}
		return true, notProved(pod.Name, problems)
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
