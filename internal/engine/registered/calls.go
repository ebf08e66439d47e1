package registered

import (
	"sync"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// calls are what the program and the engine say to each other of resources.
type calls struct {
	mu    sync.Mutex
	byURN map[string]call
	// outputs are what the program says at the end that a component, or the
	// stack, has made.
	outputs map[string]*structpb.Struct
}

// call is one resource that the program registers, or reads, and the answer.
type call struct {
	inputs, outputs      *structpb.Struct
	dependencies         []string
	propertyDependencies map[string][]string
}

func newCalls() *calls {
	return &calls{byURN: map[string]call{}, outputs: map[string]*structpb.Struct{}}
}

// heard takes a request that was answered.
func (c *calls) heard(request, answer any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch answer := answer.(type) {
	case *pulumirpc.RegisterResourceResponse:
		request, is := request.(*pulumirpc.RegisterResourceRequest)
		if !is {
			return
		}
		made := call{
			inputs: request.GetObject(), outputs: answer.GetObject(),
			dependencies: request.GetDependencies(), propertyDependencies: map[string][]string{},
		}
		for property, on := range request.GetPropertyDependencies() {
			made.propertyDependencies[property] = on.GetUrns()
		}
		c.byURN[answer.GetUrn()] = made
	case *pulumirpc.ReadResourceResponse:
		if request, is := request.(*pulumirpc.ReadResourceRequest); is {
			c.byURN[answer.GetUrn()] = call{outputs: answer.GetProperties(), dependencies: request.GetDependencies()}
		}
	default:
		if request, is := request.(*pulumirpc.RegisterResourceOutputsRequest); is {
			c.outputs[request.GetUrn()] = request.GetOutputs()
		}
	}
}

// tracer hears the calls that the SDK makes from this process. The SDK hands its
// tracer each message as it is, so that nothing is encoded, forwarded or written
// for our sake.
type tracer struct {
	opentracing.NoopTracer
	calls *calls
}

// StartSpan begins to hear one call.
func (t tracer) StartSpan(name string, opts ...opentracing.StartSpanOption) opentracing.Span {
	return &span{Span: t.NoopTracer.StartSpan(name, opts...), calls: t.calls}
}

// span is one call.
type span struct {
	opentracing.Span
	calls   *calls
	request any
}

// LogFields takes the messages: first the request, then the answer.
func (s *span) LogFields(fields ...log.Field) {
	for _, field := range fields {
		switch field.Key() {
		case "gRPC request":
			s.request = field.Value()
		case "gRPC response":
			s.calls.heard(s.request, field.Value())
		}
	}
}
