package analyzer_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"gatehouse/policies/analyzer"
	"gatehouse/report"
)

const database = "aws:rds/instance:Instance"

// started serves a pack for a project with the given files and returns its
// client.
func started(t *testing.T, o analyzer.Options, files map[string]string) pulumirpc.AnalyzerClient {
	t.Helper()
	o.Dir = t.TempDir()
	o.Now = func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }
	if files == nil {
		files = map[string]string{}
	}
	files["Pulumi.yaml"] = "name: other\nruntime: nodejs\n"
	for name, text := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(o.Dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o600))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	pulumirpc.RegisterAnalyzerServer(server, analyzer.New(o))
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	client := pulumirpc.NewAnalyzerClient(conn)
	_, err = client.ConfigureStack(t.Context(), &pulumirpc.AnalyzerStackConfigureRequest{Stack: "staging", DryRun: true})
	require.NoError(t, err)
	return client
}

func sent(t *testing.T, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()
	made, err := plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(t, err)
	return made
}

func request(t *testing.T, properties resource.PropertyMap) *pulumirpc.AnalyzeRequest {
	return &pulumirpc.AnalyzeRequest{
		Type: database, Urn: "urn:pulumi:staging::other::" + database + "::db", Name: "db", Properties: sent(t, properties),
	}
}

// of finds the diagnostics of one rule.
func of(diagnostics []*pulumirpc.AnalyzeDiagnostic, rule string) []*pulumirpc.AnalyzeDiagnostic {
	var found []*pulumirpc.AnalyzeDiagnostic
	for _, d := range diagnostics {
		if d.GetPolicyName() == rule {
			found = append(found, d)
		}
	}
	return found
}

const encrypted = "aws-rds-storage-encrypted"

func analyze(t *testing.T, client pulumirpc.AnalyzerClient, properties resource.PropertyMap) []*pulumirpc.AnalyzeDiagnostic {
	t.Helper()
	answer, err := client.Analyze(t.Context(), request(t, properties))
	require.NoError(t, err)
	return of(answer.GetDiagnostics(), encrypted)
}

var (
	open    = resource.PropertyMap{"engine": resource.NewStringProperty("postgres")}
	shut    = resource.PropertyMap{"storageEncrypted": resource.NewBoolProperty(true)}
	unknown = resource.PropertyMap{"storageEncrypted": resource.MakeComputed(resource.NewBoolProperty(false))}
)

func TestInfoDescribesEveryRule(t *testing.T) {
	client := started(t, analyzer.Options{}, map[string]string{
		"policy-config.yaml": "environments:\n  staging:\n    " + encrypted + ": {level: advisory}\n",
	})
	info, err := client.GetAnalyzerInfo(t.Context(), &emptypb.Empty{})
	require.NoError(t, err)
	require.Equal(t, analyzer.Name, info.GetName())
	require.Greater(t, len(info.GetPolicies()), 120)
	for _, policy := range info.GetPolicies() {
		require.NotEmpty(t, policy.GetDescription(), policy.GetName())
		require.NotEmpty(t, policy.GetRemediationSteps(), policy.GetName())
		if policy.GetName() == encrypted {
			require.Equal(t, pulumirpc.EnforcementLevel_ADVISORY, policy.GetEnforcementLevel())
		}
	}
}

func TestAnalyze(t *testing.T) {
	client := started(t, analyzer.Options{}, nil)
	require.Empty(t, analyze(t, client, shut))
	denied := analyze(t, client, open)
	require.Len(t, denied, 1)
	require.Equal(t, pulumirpc.EnforcementLevel_MANDATORY, denied[0].GetEnforcementLevel())
	require.Contains(t, denied[0].GetMessage(), "storageEncrypted")
	require.Empty(t, analyze(t, client, unknown), "undecided is told at the end")

	end, err := client.AnalyzeStack(t.Context(), &pulumirpc.AnalyzeStackRequest{})
	require.NoError(t, err)
	undecided := of(end.GetDiagnostics(), encrypted)
	require.Len(t, undecided, 1)
	require.Equal(t, pulumirpc.EnforcementLevel_ADVISORY, undecided[0].GetEnforcementLevel())
	require.Contains(t, undecided[0].GetMessage(), "undecided for 1 of the resources")
	reasons := map[string]string{}
	for _, n := range end.GetNotApplicable() {
		reasons[n.GetPolicyName()] = n.GetReason()
	}
	require.Equal(t, "no resource of its types", reasons["kubernetes-pods-privileged"])
	require.Equal(t, "told of single resources", reasons[encrypted], "or the engine would hold it to have passed")
	require.NotContains(t, reasons, "aws-rds-not-public")
}

func TestObserveStopsNothing(t *testing.T) {
	client := started(t, analyzer.Options{Observe: true}, nil)
	require.Equal(t, pulumirpc.EnforcementLevel_ADVISORY, analyze(t, client, open)[0].GetEnforcementLevel())
}

func TestWaiversHoldInTheEngine(t *testing.T) {
	waiver := "waivers:\n- {rule: " + encrypted + ", resource: \"*::db\", reason: old, approver: Ada, ticket: OPS-1, expires: "
	client := started(t, analyzer.Options{}, map[string]string{"waivers.yaml": waiver + "2027-01-01}\n"})
	waived := analyze(t, client, open)
	require.Equal(t, pulumirpc.EnforcementLevel_ADVISORY, waived[0].GetEnforcementLevel())
	require.Contains(t, waived[0].GetMessage(), "waived until 2027-01-01 (Ada, OPS-1)")

	client = started(t, analyzer.Options{}, map[string]string{"waivers.yaml": waiver + "2026-11-21}\n"})
	require.Equal(t, pulumirpc.EnforcementLevel_MANDATORY, analyze(t, client, open)[0].GetEnforcementLevel())
	end, err := client.AnalyzeStack(t.Context(), &pulumirpc.AnalyzeStackRequest{})
	require.NoError(t, err)
	require.Len(t, of(end.GetDiagnostics(), "waiver-expired"), 1)
}

// Configuration by the CLI goes over the project's, and what the CLI sends of
// rules that nobody configured does not.
func TestConfigure(t *testing.T) {
	client := started(t, analyzer.Options{}, map[string]string{"policy-config.yaml": "default:\n  " + encrypted + ": {level: disabled}\n"})
	defaults := &pulumirpc.ConfigureAnalyzerRequest{PolicyConfig: map[string]*pulumirpc.PolicyConfig{
		encrypted: {EnforcementLevel: pulumirpc.EnforcementLevel_DISABLED},
	}}
	_, err := client.Configure(t.Context(), defaults)
	require.NoError(t, err)
	require.Empty(t, analyze(t, client, open))

	_, err = client.Configure(t.Context(), &pulumirpc.ConfigureAnalyzerRequest{PolicyConfig: map[string]*pulumirpc.PolicyConfig{
		encrypted: {EnforcementLevel: pulumirpc.EnforcementLevel_ADVISORY},
	}})
	require.NoError(t, err)
	require.Equal(t, pulumirpc.EnforcementLevel_ADVISORY, analyze(t, client, open)[0].GetEnforcementLevel())

	wrong, err := structpb.NewStruct(map[string]any{"days": "many"})
	require.NoError(t, err)
	_, err = client.Configure(t.Context(), &pulumirpc.ConfigureAnalyzerRequest{PolicyConfig: map[string]*pulumirpc.PolicyConfig{
		"aws-rds-backup-retention": {EnforcementLevel: pulumirpc.EnforcementLevel_MANDATORY, Properties: wrong},
	}})
	require.ErrorContains(t, err, "aws-rds-backup-retention: parameter days")
}

func TestRemediate(t *testing.T) {
	const rule = "aws-ecr-scan-on-push"
	client := started(t, analyzer.Options{}, map[string]string{"policy-config.yaml": "default:\n  " + rule + ": {level: remediate}\n"})
	r := request(t, resource.PropertyMap{"name": resource.NewStringProperty("portal"), "password": resource.MakeSecret(resource.NewStringProperty("kept as it is"))})
	r.Type = "aws:ecr/repository:Repository"
	answer, err := client.Remediate(t.Context(), r)
	require.NoError(t, err)
	require.Len(t, answer.GetRemediations(), 1)
	got, err := plugin.UnmarshalProperties(answer.GetRemediations()[0].GetProperties(), plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(t, err)
	require.True(t, got["password"].IsSecret())
	r.Properties = answer.GetRemediations()[0].GetProperties()
	again, err := client.Remediate(t.Context(), r)
	require.NoError(t, err)
	require.Empty(t, again.GetRemediations())
}

// A project's own rules are judged beside the built-in ones, and a mistake in
// them stops the engine with its place.
func TestOwnRules(t *testing.T) {
	rule := `# METADATA
# title: Names are short
# description: Long ones are cut off
# custom:
#   severity: high
#   remediation: Shorten it
#   frameworks: {Ours: ["1"]}
#   resource_types: ["aws:rds/instance:Instance"]
#   reads: [engine]
package gatehouse.ours.names.short

deny contains {"path": ["engine"], "message": "it is long"} if count(input.properties.engine) > 3
`
	files := map[string]string{"policy-config.yaml": "rules: our/rules\n", "our/rules/names/short.rego": rule}
	client := started(t, analyzer.Options{}, files)
	answer, err := client.Analyze(t.Context(), request(t, open))
	require.NoError(t, err)
	require.Len(t, of(answer.GetDiagnostics(), "ours-names-short"), 1)

	files["our/rules/names/short.rego"] = rule + "deny contains x if nothing(x)\n"
	client = started(t, analyzer.Options{}, files)
	answer, err = client.Analyze(t.Context(), request(t, open))
	require.NoError(t, err, "the rules of other parts judge")
	broken := of(answer.GetDiagnostics(), "ours-names-short")
	require.Len(t, broken, 1)
	require.Contains(t, broken[0].GetMessage(), "names/short.rego")

	files["policy-config.yaml"] = "default:\n  aws-rds-storage-encryptd: {level: advisory}\n"
	client = started(t, analyzer.Options{}, files)
	_, err = client.GetAnalyzerInfo(t.Context(), &emptypb.Empty{})
	require.ErrorContains(t, err, "policy-config.yaml:2: aws-rds-storage-encryptd: no such rule; did you mean aws-rds-storage-encrypted?")
}

// The trail has what was found although the engine never came to the end.
func TestTrail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trail")
	client := started(t, analyzer.Options{Trail: path}, nil)
	analyze(t, client, open)
	result, complete, err := analyzer.ReadTrail(path)
	require.NoError(t, err)
	require.False(t, complete)
	require.NotEmpty(t, result.Findings)

	_, err = client.AnalyzeStack(t.Context(), &pulumirpc.AnalyzeStackRequest{})
	require.NoError(t, err)
	result, complete, err = analyzer.ReadTrail(path)
	require.NoError(t, err)
	require.True(t, complete)
	require.NotEmpty(t, result.Summary.Unmatched)
	require.Contains(t, verdicts(result), report.Deny)

	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text[:len(text)-5], 0o600))
	result, complete, err = analyzer.ReadTrail(path)
	require.NoError(t, err)
	require.False(t, complete, "a line that was cut off says nothing")
	require.NotEmpty(t, result.Findings)
	require.NoError(t, os.WriteFile(path, []byte("{\n"), 0o600))
	_, _, err = analyzer.ReadTrail(path)
	require.Error(t, err)
}

func verdicts(r report.Result) []report.Verdict {
	var all []report.Verdict
	for _, f := range r.Findings {
		all = append(all, f.Verdict)
	}
	return all
}
