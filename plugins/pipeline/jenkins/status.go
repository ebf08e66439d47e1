package jenkins

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"gatehouse/plugins/pipeline"
)

// Status is how far a run is: in the queue, or built.
func (p *Pipeline) Status(ctx context.Context, id pipeline.RunID) (pipeline.Status, error) {
	s, _, err := p.look(ctx, id)
	if err != nil {
		return pipeline.Status{}, fmt.Errorf("look at Jenkins's build: %w", err)
	}
	return s, nil
}

// look also gives the number of the build, 0 while it is in the queue.
func (p *Pipeline) look(ctx context.Context, id pipeline.RunID) (pipeline.Status, int64, error) {
	number, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return pipeline.Status{}, 0, fmt.Errorf("%w: %q is no number of the queue", pipeline.ErrNotFound, id)
	}
	var waiting item
	err = p.client.Get(ctx, "queue/item/"+string(id)+"/api/json", nil, &waiting)
	switch {
	case err != nil && !errors.Is(err, pipeline.ErrNotFound):
		return pipeline.Status{}, 0, err
	case err == nil && waiting.Cancelled:
		return pipeline.Status{Phase: pipeline.Cancelled, Detail: "in the queue"}, 0, nil
	case err == nil && waiting.Executable == nil:
		return pipeline.Status{Phase: pipeline.Queued, Detail: waiting.Why}, 0, nil
	case err == nil:
		var one build
		at := fmt.Sprintf("%s/%d/api/json", p.job, waiting.Executable.Number)
		if err := p.client.Get(ctx, at, url.Values{"tree": {"number,url,building,result,queueId"}}, &one); err != nil {
			return pipeline.Status{}, 0, err
		}
		return one.status(), one.Number, nil
	}
	builds, err := p.builds(ctx)
	if err != nil {
		return pipeline.Status{}, 0, err
	}
	for _, each := range builds {
		if each.Item == number {
			return each.status(), each.Number, nil
		}
	}
	return pipeline.Status{}, 0, fmt.Errorf("%w: no item of the queue and no build has the number %s", pipeline.ErrNotFound, id)
}

func (b build) status() pipeline.Status {
	s := pipeline.Status{Phase: pipeline.Failed, Detail: b.Result, Link: b.Link}
	switch {
	case b.Building || b.Result == "":
		s.Phase = pipeline.Running
	case b.Result == "SUCCESS":
		s.Phase = pipeline.Succeeded
	case b.Result == "ABORTED":
		s.Phase = pipeline.Cancelled
	}
	return s
}

// Cancel takes a run out of the queue, or stops its build.
func (p *Pipeline) Cancel(ctx context.Context, id pipeline.RunID) error {
	s, number, err := p.look(ctx, id)
	if err == nil && !s.Phase.Final() {
		if number == 0 {
			_, err = p.client.PostForm(ctx, "queue/cancelItem", url.Values{"id": {string(id)}}, nil)
		} else {
			_, err = p.client.PostForm(ctx, fmt.Sprintf("%s/%d/stop", p.job, number), nil, nil)
		}
	}
	if err != nil {
		return fmt.Errorf("cancel Jenkins's build: %w", err)
	}
	return nil
}
