// Package registered reads the resources that a program registers while Pulumi
// previews it, in the shape that policies judge: what the engine would hand to
// an analyzer, without one.
//
// Of a resource, the engine's events have the inputs that its provider has
// checked, and the outputs, but no secrets and no dependencies; the program's own
// calls to the engine, which are made in this process, have these. Judging lives in
// policies/evaluate.
package registered

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/opentracing/opentracing-go"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"

	"gatehouse/policies/input"
)

// Reader reads the resources of one preview.
type Reader struct {
	calls   *calls
	planned map[string]planned
}

// planned is what the last event says of a resource.
type planned struct {
	*apitype.StepEventStateMetadata
	operation apitype.OpType
}

// NewReader returns a reader that has heard nothing.
func NewReader() *Reader {
	return &Reader{calls: newCalls(), planned: map[string]planned{}}
}

// Listen hears the calls of programs that start from now on in this process,
// until stop. There can be one listener at a time.
func (r *Reader) Listen() (stop func()) {
	before := opentracing.GlobalTracer()
	opentracing.SetGlobalTracer(tracer{calls: r.calls})
	return func() { opentracing.SetGlobalTracer(before) }
}

// Take takes an event of the engine.
func (r *Reader) Take(e events.EngineEvent) {
	var m apitype.StepEventMetadata
	switch {
	case e.ResourcePreEvent != nil: // all there is of a step that fails
		m = e.ResourcePreEvent.Metadata
	case e.ResOutputsEvent != nil:
		m = e.ResOutputsEvent.Metadata
	}
	// A refresh looks at what is there, and a deletion at what will not be.
	if m.Op != apitype.OpRefresh && m.New != nil && !m.New.Delete {
		r.planned[m.URN] = planned{m.New, m.Op}
	}
}

// Resources are those of the preview when it has ended, in the order of their
// URNs. Of those that the program only reads, which come last in two lists,
// there are outputs alone. It fails when the program was not heard, and, where the
// preview is complete, when only one of engine and program tells of a resource.
func (r *Reader) Resources(complete bool) (made, read []input.Resource, err error) {
	r.calls.mu.Lock()
	defer r.calls.mu.Unlock()
	if len(r.planned) > 0 && len(r.calls.byURN) == 0 {
		return nil, nil, errors.New("hear what the program registers: the SDK tells nothing; unset PULUMI_TRACING_NO_PAYLOADS")
	}
	if complete {
		if err := r.agree(); err != nil {
			return nil, nil, err
		}
	}
	for _, urn := range slices.Sorted(maps.Keys(r.planned)) {
		p := r.planned[urn]
		resource, err := r.resource(p)
		if err != nil {
			return nil, nil, fmt.Errorf("read the properties of %s: %w", urn, err)
		}
		if p.operation == apitype.OpRead || p.operation == apitype.OpReadReplacement {
			resource.Properties = resource.Outputs
			read = append(read, resource)
			continue
		}
		made = append(made, resource)
	}
	return made, read, nil
}

// agree tells which resource would not be judged, or without its secrets and
// dependencies. The engine makes providers of its own accord.
func (r *Reader) agree() error {
	for _, urn := range slices.Sorted(maps.Keys(r.calls.byURN)) {
		if _, told := r.planned[urn]; !told {
			return fmt.Errorf("hear what the engine plans: it tells nothing of %s; run it again", urn)
		}
	}
	for _, urn := range slices.Sorted(maps.Keys(r.planned)) {
		if _, heard := r.calls.byURN[urn]; !heard && !strings.HasPrefix(r.planned[urn].Type, "pulumi:providers:") {
			return fmt.Errorf("hear what the program registers: it tells nothing of %s; judge it by `pulumi preview --policy-pack policies`", urn)
		}
	}
	return nil
}

func (r *Reader) resource(p planned) (input.Resource, error) {
	heard := r.calls.byURN[p.URN]
	outputs := heard.outputs
	if ended, has := r.calls.outputs[p.URN]; has {
		outputs = ended
	}
	sent, err := unmarshal(heard.inputs)
	if err != nil {
		return input.Resource{}, err
	}
	answered, err := unmarshal(outputs)
	// The answer calls all of a property unknown of which a part is.
	for key, value := range answered {
		if value.IsComputed() {
			answered[key] = sent[key]
		}
	}
	return input.Resource{
		URN: p.URN, Type: p.Type, Name: resource.URN(p.URN).Name(),
		Properties: merge(p.Inputs, sent), Outputs: merge(p.Outputs, answered), Custom: p.Custom, Protect: p.Protect,
		Parent: p.Parent, Provider: providerURN(p.Provider),
		Dependencies: heard.dependencies, PropertyDependencies: heard.propertyDependencies,
	}, err
}

func unmarshal(sent *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(sent, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipInternalKeys: true})
}

// providerURN is the URN of a provider reference, URN::ID.
func providerURN(reference string) string {
	if i := strings.LastIndex(reference, "::"); i >= 0 {
		return reference[:i]
	}
	return reference
}
