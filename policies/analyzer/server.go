// Package analyzer serves the policy pack to Pulumi's engine, which asks it
// about every resource before it is created or changed, and about the whole
// stack at the end.
//
// It speaks the engine's protocol itself: the SDK's helper hides ConfigureStack
// and fails on configuration schemas. Judging lives in policies/evaluate.
package analyzer

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/policies/project"
	"gatehouse/report"
)

// Name is the pack's name in Pulumi's output.
const Name = "gatehouse"

// Version is the pack's version in Pulumi's output.
const Version = "1.0.0"

// Options say how a pack is served.
type Options struct {
	// Dir is where the engine started the analyzer: the project is the nearest
	// folder upwards with a Pulumi.yaml.
	Dir string
	// Trail is a file to append to what is found, for those who started the
	// engine; "" for none.
	Trail string
	// Observe reports everything and stops nothing.
	Observe bool
	// Now is the time, for waivers.
	Now func() time.Time
}

// Server implements the engine's Analyzer service.
type Server struct {
	pulumirpc.UnimplementedAnalyzerServer

	options Options
	// project is loaded while the engine still connects.
	project func() (project.Project, error)
	trail   trail

	mu         sync.Mutex
	stack      string
	configured pack.Settings
	evaluator  *evaluate.Evaluator
	inputs     map[string]input.Resource
	types      map[string]bool
	remedied   map[string]bool
	found      []report.Finding
}

// New begins to load the rules and returns at once: the engine waits for the
// port first.
func New(o Options) *Server {
	s := &Server{options: o, trail: trail{path: o.Trail}}
	s.reset()
	s.project = sync.OnceValues(func() (project.Project, error) { return project.Load(project.Root(o.Dir)) })
	go func() {
		if p, err := s.project(); err == nil {
			_ = p.Pack.Compile() // whoever needs a part is told what is wrong with it
		}
	}()
	return s
}

func (s *Server) reset() {
	s.evaluator = nil
	s.inputs, s.types, s.remedied = map[string]input.Resource{}, map[string]bool{}, map[string]bool{}
	s.found = nil
}

// Handshake implements the service.
func (s *Server) Handshake(context.Context, *pulumirpc.AnalyzerHandshakeRequest) (*pulumirpc.AnalyzerHandshakeResponse, error) {
	return &pulumirpc.AnalyzerHandshakeResponse{}, nil
}

// GetPluginInfo implements the service.
func (s *Server) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: Version}, nil
}

// Cancel implements the service; there is nothing long to cancel.
func (s *Server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// ConfigureStack learns which environment is judged.
func (s *Server) ConfigureStack(_ context.Context, r *pulumirpc.AnalyzerStackConfigureRequest) (*pulumirpc.AnalyzerStackConfigureResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reset()
	s.stack = r.GetStack()
	return &pulumirpc.AnalyzerStackConfigureResponse{}, nil
}

// Configure takes the settings of --policy-pack-config, which go over those of
// policy-config.yaml. Of what nobody configured there, the engine sends what
// GetAnalyzerInfo has told it.
func (s *Server) Configure(_ context.Context, r *pulumirpc.ConfigureAnalyzerRequest) (*emptypb.Empty, error) {
	settings := pack.Settings{}
	for id, c := range r.GetPolicyConfig() {
		settings[id] = pack.Setting{Level: level(c.GetEnforcementLevel()), Parameters: c.GetProperties().AsMap()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.configured, s.evaluator = settings, nil
	if _, err := s.ready(); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

// ready returns the evaluator for the environment; s.mu is held.
func (s *Server) ready() (*evaluate.Evaluator, error) {
	if s.evaluator != nil {
		return s.evaluator, nil
	}
	p, err := s.project()
	if err != nil {
		return nil, cannot(err)
	}
	if s.evaluator, err = p.Evaluator(s.stack, s.configured); err != nil {
		return nil, cannot(err)
	}
	return s.evaluator, nil
}

// loaded returns the project and the evaluator once they are there.
func (s *Server) loaded() (project.Project, *evaluate.Evaluator, error) {
	s.mu.Lock()
	e, err := s.ready()
	s.mu.Unlock()
	if err != nil {
		return project.Project{}, nil, err
	}
	p, err := s.project()
	return p, e, err
}

// cannot is an error that the engine shows as it is.
func cannot(err error) error { return status.Error(codes.FailedPrecondition, err.Error()) }

// GetAnalyzerInfo describes every rule.
func (s *Server) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	p, e, err := s.loaded()
	if err != nil {
		return nil, err
	}
	info := &pulumirpc.AnalyzerInfo{
		Name: Name, DisplayName: "Gatehouse", Version: Version, SupportsConfig: true,
		Description: "Rules for AWS, Kubernetes and whole stacks",
	}
	for _, rule := range p.Pack.Rules {
		info.Policies = append(info.Policies, policyInfo(rule, e.Setting(rule.ID)))
	}
	return info, nil
}

// Analyze judges the inputs of one resource.
func (s *Server) Analyze(ctx context.Context, r *pulumirpc.AnalyzeRequest) (response *pulumirpc.AnalyzeResponse, err error) {
	defer recovered("judge "+r.GetUrn(), &err)
	judged, e, err := s.take(r)
	if err != nil {
		return nil, err
	}
	findings := e.Judge(ctx, judged)
	s.mu.Lock()
	s.inputs[judged.URN] = judged
	s.types[judged.Type] = true
	s.mu.Unlock()
	return &pulumirpc.AnalyzeResponse{Diagnostics: s.report(findings)}, nil
}

// Remediate puts right what the rules of level remediate can.
func (s *Server) Remediate(ctx context.Context, r *pulumirpc.AnalyzeRequest) (response *pulumirpc.RemediateResponse, err error) {
	defer recovered("remediate "+r.GetUrn(), &err)
	response = &pulumirpc.RemediateResponse{}
	_, e, err := s.loaded()
	if err != nil || !e.Remediates() {
		return response, err
	}
	judged, e, err := s.take(r)
	if err != nil {
		return nil, err
	}
	for _, remedy := range e.Remedies(ctx, judged, false) {
		properties, err := plugin.MarshalProperties(remedy.Properties, marshalOptions)
		if err != nil {
			return nil, fmt.Errorf("marshal the remedy of %s: %w", remedy.Rule.ID, err)
		}
		response.Remediations = append(response.Remediations, &pulumirpc.Remediation{
			PolicyName: remedy.Rule.ID, PolicyPackName: Name, PolicyPackVersion: Version,
			Description: remedy.Rule.Title, Properties: properties,
		})
		s.mu.Lock()
		s.remedied[judged.URN] = true
		s.mu.Unlock()
	}
	return response, nil
}

// AnalyzeStack judges the stack as a whole, and tells which rules are undecided
// and which met nothing.
func (s *Server) AnalyzeStack(ctx context.Context, r *pulumirpc.AnalyzeStackRequest) (response *pulumirpc.AnalyzeResponse, err error) {
	defer recovered("judge the stack", &err)
	p, e, err := s.loaded()
	if err != nil {
		return nil, err
	}
	resources := make([]input.Resource, len(r.GetResources()))
	for i, sent := range r.GetResources() {
		if resources[i], err = s.stackResource(sent); err != nil {
			return nil, err
		}
	}
	// The engine's order is another each time; what a finding names must not be.
	slices.SortFunc(resources, func(a, b input.Resource) int { return cmp.Compare(a.URN, b.URN) })
	response = &pulumirpc.AnalyzeResponse{Diagnostics: s.report(e.Stack(ctx, resources))}

	s.mu.Lock()
	defer s.mu.Unlock()
	result := report.Result{Environment: s.stack}
	e.Describe(&result, s.types)
	result.Summary.Resources, result.Summary.Remediated = len(resources), len(s.remedied)
	response.Diagnostics = append(response.Diagnostics, undecided(s.found)...)
	response.Diagnostics = append(response.Diagnostics, s.waiverDiagnostics(p)...)
	for _, id := range result.Summary.Unmatched {
		response.NotApplicable = append(response.NotApplicable, notApplicable(id, "no resource of its types"))
	}
	// The engine holds every rule to have passed that is named here nowhere.
	for _, id := range toldBefore(s.found) {
		response.NotApplicable = append(response.NotApplicable, notApplicable(id, "told of single resources"))
	}
	return response, s.trail.end(result.Summary)
}

// waiverDiagnostics are about the waivers themselves; s.mu is held.
func (s *Server) waiverDiagnostics(p project.Project) []*pulumirpc.AnalyzeDiagnostic {
	var about []report.Finding
	for _, f := range p.Waive(s.found, s.stack, s.options.Now(), true)[len(s.found):] {
		f.Resource = "" // a pattern, and no resource of the engine's
		about = append(about, f)
	}
	return s.diagnostics(about)
}

// report keeps findings for the end, and turns those into diagnostics that are
// decided.
func (s *Server) report(findings []report.Finding) []*pulumirpc.AnalyzeDiagnostic {
	if len(findings) == 0 {
		return nil
	}
	p, _ := s.project()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, findings...)
	s.trail.add(findings)
	return s.diagnostics(p.Waive(findings, s.stack, s.options.Now(), false)[:len(findings)])
}

// recovered turns a panic into an error that names what was being done.
func recovered(doing string, err *error) {
	if r := recover(); r != nil {
		*err = status.Errorf(codes.Internal, "%s: panic: %v", doing, r)
	}
}

// workDir is the folder of the process, "." when it has none.
func workDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	return dir
}
