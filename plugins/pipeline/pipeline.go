// Package pipeline builds plugins into a new image by a pipeline that belongs to
// somebody else: it starts a run, follows it to its end, and says which image came of
// it, by digest.
//
// What each service's API is like is codebuild's, github's, gitlab's and jenkins's;
// webhook only starts; ecrimage finds the image. Which image the portal runs is not
// changed here.
package pipeline

import (
	"context"
	"errors"
)

// Why a pipeline could not be asked. Find them with [errors.Is].
var (
	// ErrUnavailable means that the service does not answer, or limits how often it is
	// asked: try again.
	ErrUnavailable = errors.New("the pipeline's service is unavailable")
	// ErrUncertain means that it cannot be told whether a run was started: try again,
	// which finds the run if it was.
	ErrUncertain = errors.New("it is not known whether the pipeline was started")
	// ErrDenied means that the token is missing, wrong or not allowed to do this.
	ErrDenied = errors.New("the pipeline's service denies access")
	// ErrNotFound means that there is no such pipeline, run or image, or none that the
	// token may see.
	ErrNotFound = errors.New("it is not there")
	// ErrRefused means that the service does not take the request as it is.
	ErrRefused = errors.New("the pipeline's service refuses the request")
	// ErrInvalid means that an answer is not what the service documents.
	ErrInvalid = errors.New("the pipeline's service gives an answer that is none")
)

// RunID names a run as its service does.
type RunID string

// Phase is how far a run is.
type Phase string

// The phases. The last three are final.
const (
	Queued    Phase = "queued"
	Running   Phase = "running"
	Succeeded Phase = "succeeded"
	Failed    Phase = "failed"
	Cancelled Phase = "cancelled"
)

// Final tells that nothing follows.
func (p Phase) Final() bool { return p == Succeeded || p == Failed || p == Cancelled }

// Status is what a service says of a run.
type Status struct {
	Phase Phase
	// Detail is the service's own word for it: TIMED_OUT, startup_failure.
	Detail string
	// Link is where people look at the run, "" when the service gives none.
	Link string
}

// Pipeline starts runs of one pipeline.
type Pipeline interface {
	// Start starts a run, unless one of the build's token is there: then it gives that
	// one, whatever became of it. It asks the service at most once to start one.
	Start(ctx context.Context, b Build) (RunID, error)
	// Status is how far a run is.
	Status(ctx context.Context, id RunID) (Status, error)
	// Cancel asks the service to end a run. That it has ended already is no error.
	Cancel(ctx context.Context, id RunID) error
}
