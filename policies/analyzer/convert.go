package analyzer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// marshalOptions are the engine's for analyzers.
var marshalOptions = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipInternalKeys: true}

// take reads a request and returns the evaluator for it.
func (s *Server) take(r *pulumirpc.AnalyzeRequest) (input.Resource, *evaluate.Evaluator, error) {
	_, e, err := s.loaded()
	if err != nil {
		return input.Resource{}, nil, err
	}
	properties, err := unmarshal(r.GetProperties(), r.GetUrn())
	return input.Resource{
		URN: r.GetUrn(), Type: r.GetType(), Name: r.GetName(), Properties: properties, Custom: true,
		Protect: r.GetOptions().GetProtect(), Parent: r.GetOptions().GetParent(), Provider: r.GetProvider().GetUrn(),
	}, e, err
}

// stackResource is a resource at the end: its inputs were seen before, and what
// is sent now are its outputs.
func (s *Server) stackResource(r *pulumirpc.AnalyzerResource) (input.Resource, error) {
	outputs, err := unmarshal(r.GetProperties(), r.GetUrn())
	if err != nil {
		return input.Resource{}, err
	}
	s.mu.Lock()
	made, seen := s.inputs[r.GetUrn()]
	s.mu.Unlock()
	if !seen {
		made.Properties = outputs
	}
	made.URN, made.Type, made.Name, made.Custom = r.GetUrn(), r.GetType(), r.GetName(), true
	made.Outputs, made.Parent, made.Provider = outputs, r.GetParent(), r.GetProvider().GetUrn()
	made.Protect, made.Dependencies = r.GetOptions().GetProtect(), r.GetDependencies()
	made.PropertyDependencies = map[string][]string{}
	for property, urns := range r.GetPropertyDependencies() {
		made.PropertyDependencies[property] = urns.GetUrns()
	}
	return made, nil
}

func unmarshal(sent *structpb.Struct, urn string) (resource.PropertyMap, error) {
	properties, err := plugin.UnmarshalProperties(sent, marshalOptions)
	if err != nil {
		return nil, fmt.Errorf("read the properties of %s: %w", urn, err)
	}
	return properties, nil
}

// diagnostics are the findings that are decided, as the engine shows them.
func (s *Server) diagnostics(findings []report.Finding) []*pulumirpc.AnalyzeDiagnostic {
	var all []*pulumirpc.AnalyzeDiagnostic
	for _, f := range findings {
		if f.Verdict == report.Undecided {
			continue
		}
		d := diagnostic(f)
		if s.options.Observe {
			d.EnforcementLevel = pulumirpc.EnforcementLevel_ADVISORY
		}
		all = append(all, d)
	}
	return all
}

func diagnostic(f report.Finding) *pulumirpc.AnalyzeDiagnostic {
	d := &pulumirpc.AnalyzeDiagnostic{
		PolicyName: f.Rule, PolicyPackName: Name, PolicyPackVersion: Version, Description: f.Title,
		Urn: f.Resource, Severity: severities[f.Severity], EnforcementLevel: pulumirpc.EnforcementLevel_ADVISORY,
	}
	text := f.Message
	if f.Path != "" && !strings.Contains(text, f.Path) {
		text = f.Path + ": " + text
	}
	if f.Waived {
		d.Message = fmt.Sprintf("waived until %s (%s, %s): %s", f.Waiver.Expires, f.Waiver.Approver, f.Waiver.Ticket, text)
		return d
	}
	if f.Level == report.Mandatory || f.Level == report.Remediate {
		d.EnforcementLevel = pulumirpc.EnforcementLevel_MANDATORY
	}
	d.Message = text + "\n" + f.Remediation
	return d
}

// undecided is one diagnostic a rule: a first preview knows little, and a line a
// resource would drown what is decided.
func undecided(findings []report.Finding) []*pulumirpc.AnalyzeDiagnostic {
	by := map[string][]report.Finding{}
	for _, f := range findings {
		if f.Verdict == report.Undecided {
			by[f.Rule] = append(by[f.Rule], f)
		}
	}
	var all []*pulumirpc.AnalyzeDiagnostic
	for _, id := range slices.Sorted(maps.Keys(by)) {
		d := diagnostic(by[id][0])
		d.Urn, d.EnforcementLevel = "", pulumirpc.EnforcementLevel_ADVISORY
		d.Message = fmt.Sprintf("undecided for %d of the resources: %s (%s)", len(by[id]), by[id][0].Message, by[id][0].Subject())
		all = append(all, d)
	}
	return all
}

var severities = map[report.Severity]pulumirpc.PolicySeverity{
	report.Critical: pulumirpc.PolicySeverity_POLICY_SEVERITY_CRITICAL,
	report.High:     pulumirpc.PolicySeverity_POLICY_SEVERITY_HIGH,
	report.Medium:   pulumirpc.PolicySeverity_POLICY_SEVERITY_MEDIUM,
	report.Low:      pulumirpc.PolicySeverity_POLICY_SEVERITY_LOW,
}

var levels = map[report.Level]pulumirpc.EnforcementLevel{
	report.Advisory:  pulumirpc.EnforcementLevel_ADVISORY,
	report.Mandatory: pulumirpc.EnforcementLevel_MANDATORY,
	report.Remediate: pulumirpc.EnforcementLevel_REMEDIATE,
	report.Disabled:  pulumirpc.EnforcementLevel_DISABLED,
}

func level(sent pulumirpc.EnforcementLevel) report.Level {
	for ours, theirs := range levels {
		if theirs == sent {
			return ours
		}
	}
	return report.Mandatory
}

// policyInfo describes a rule as it is set here: the engine sends these levels and
// defaults back.
func policyInfo(rule pack.Rule, here pack.Setting) *pulumirpc.PolicyInfo {
	info := &pulumirpc.PolicyInfo{
		Name: rule.ID, DisplayName: rule.Title, Description: rule.Description, EnforcementLevel: levels[here.Level],
		Severity: severities[rule.Severity], RemediationSteps: rule.Remediation, Url: rule.URL,
		// Also of rules about single resources: for a resource policy the engine
		// would write into its events, for every resource, that each rule which
		// said nothing has passed, though it may judge other types. What a rule
		// says of the stack is told at its end.
		PolicyType: pulumirpc.PolicyType_POLICY_TYPE_STACK,
	}
	if len(rule.Frameworks) > 0 {
		info.Framework = &pulumirpc.PolicyComplianceFramework{Name: rule.Frameworks[0].Name, Reference: rule.Frameworks[0].Requirement}
	}
	schema := map[string]any{}
	for name, parameter := range rule.Parameters {
		described := maps.Clone(map[string]any(parameter))
		described["default"] = here.Parameters[name]
		schema[name] = described
	}
	if properties, err := structpb.NewStruct(schema); err == nil && len(schema) > 0 {
		info.ConfigSchema = &pulumirpc.PolicyConfigSchema{Properties: properties}
	}
	return info
}

func notApplicable(rule, reason string) *pulumirpc.PolicyNotApplicable {
	return &pulumirpc.PolicyNotApplicable{PolicyName: rule, Reason: reason}
}

// toldBefore names the rules that have found something, sorted.
func toldBefore(findings []report.Finding) []string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.Rule)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
