package aws

import (
	"context"
	"fmt"
	"sync"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	"golang.org/x/time/rate"

	"gatehouse/checks/evidence"
)

// pace is how fast one action of a service is called: AWS gives each its own
// bucket, which production's own tools share. We take a part of it.
type pace struct {
	perSecond rate.Limit
	burst     int
}

// slowest is the pace that refusals slow an action down to, a second.
const slowest = rate.Limit(1)

// usual is the pace of actions that rates does not name.
var usual = pace{10, 20}

// rates are the paces of services, by the SDK's service ID.
//
// EC2 refills 20 a second for Describe actions (EC2 API throttling); EKS 10; KMS
// shares hundreds a second; IAM and Backup are slow by design.
var rates = map[string]pace{
	"EC2":      {20, 40},
	"KMS":      {50, 50},
	"S3":       {50, 50},
	"ECR":      {20, 40},
	"IAM":      {10, 20},
	"Backup":   {5, 10},
	"Route 53": {4, 5}, // five a second for the whole account
	"STS":      {10, 10},
}

// paces holds the limiters of one collector.
type paces struct {
	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

func newPaces() *paces { return &paces{limiters: map[string]*rate.Limiter{}} }

func (p *paces) limiter(service, action string) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := service + "." + action
	if p.limiters[key] == nil {
		at, set := rates[service]
		if !set {
			at = usual
		}
		p.limiters[key] = rate.NewLimiter(at.perSecond, at.burst)
	}
	return p.limiters[key]
}

// add makes every attempt of a call, the repeated ones too, wait for its turn.
// What AWS throttles is asked half as often from then on.
func (p *paces) add(stack *middleware.Stack) error {
	wait := func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		limiter := p.limiter(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx))
		if err := limiter.Wait(ctx); err != nil {
			if ctx.Err() == nil { // its turn would come after the deadline
				err = context.DeadlineExceeded
			}
			return middleware.FinalizeOutput{}, middleware.Metadata{}, fmt.Errorf("wait for a turn to call: %w", err)
		}
		out, meta, err := next.HandleFinalize(ctx, in)
		if err != nil && kindOf(err) == evidence.Throttled {
			limiter.SetLimit(max(limiter.Limit()/2, slowest))
		}
		return out, meta, err
	}
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("GatehousePace", wait), "Retry", middleware.After)
}
