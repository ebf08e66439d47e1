package aws

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/require"
)

// sample is one realistic resource. Inputs may name outputs of earlier samples as "${name.output}".
type sample struct {
	token, name string
	in          props
	// change is merged into the inputs for an update in place; nil when nothing can change in place.
	change props
}

// configured returns a stand-in that is bound to an emulator.
func configured(t *testing.T, endpoint string) *standIn {
	t.Helper()
	p := New("6.83.0").(*standIn)
	_, err := p.Configure(t.Context(), plugin.ConfigureRequest{Inputs: resource.NewPropertyMapFromMap(map[string]any{
		"region":      "us-west-2",
		"endpoints":   `[{"ec2":"` + endpoint + `"}]`,
		"defaultTags": `{"tags":{"environment":"test"}}`,
	})})
	require.NoError(t, err)
	return p
}

// made is a created sample.
type made struct {
	sample
	urn     resource.URN
	id      resource.ID
	in, out resource.PropertyMap
}

// world are the samples made so far, by name.
type world map[string]*made

var reference = regexp.MustCompile(`\$\{(\w+)\.([\w.]+)\}`)

// resolve replaces references by outputs.
func (w world) resolve(t *testing.T, v any) any {
	switch v := v.(type) {
	case string:
		return reference.ReplaceAllStringFunc(v, func(ref string) string {
			m := reference.FindStringSubmatch(ref)
			of, ok := w[m[1]]
			require.True(t, ok, "sample %s comes before %s", m[1], ref)
			if m[2] == "id" {
				return string(of.id)
			}
			var out any = unwrap(of.out)
			for key := range strings.SplitSeq(m[2], ".") {
				if list, ok := out.([]any); ok {
					require.NotEmpty(t, list, ref)
					out = list[0]
				}
				out = out.(props)[key]
			}
			require.NotNil(t, out, "output of %s; there is %v", ref, of.out.Mappable())
			return text(out)
		})
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = w.resolve(t, e)
		}
		return out
	case props:
		out := props{}
		for k, e := range v {
			out[k] = w.resolve(t, e)
		}
		return out
	case int:
		return float64(v)
	default:
		return v
	}
}

func urnOf(token, name string) resource.URN {
	return resource.NewURN("test", "gatehouse", "", tokens.Type(token), name)
}

func (w world) create(t *testing.T, p *standIn, s sample) *made {
	t.Helper()
	m := &made{sample: s, urn: urnOf(s.token, s.name)}
	m.in = check(t, p, m.urn, nil, w.resolve(t, s.in).(props))
	out, err := p.Create(t.Context(), plugin.CreateRequest{URN: m.urn, Properties: m.in})
	require.NoError(t, err)
	require.NotEmpty(t, out.ID)
	m.id, m.out = out.ID, out.Properties
	w[s.name] = m
	return m
}

func check(t *testing.T, p *standIn, urn resource.URN, olds resource.PropertyMap, in props) resource.PropertyMap {
	t.Helper()
	out, err := p.Check(t.Context(), plugin.CheckRequest{URN: urn, Olds: olds, News: resource.NewPropertyMapFromMap(in)})
	require.NoError(t, err)
	require.Empty(t, out.Failures)
	return out.Properties
}

func observe(t *testing.T, p *standIn, m *made) plugin.ReadResponse {
	t.Helper()
	out, err := p.Read(t.Context(), plugin.ReadRequest{URN: m.urn, ID: m.id, Inputs: m.in, State: m.out})
	require.NoError(t, err)
	return out
}

// TestSamples takes a realistic resource of each type through its whole life.
func TestSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the AWS API emulator; run make test")
	}
	endpoint := emulatorFor(t)
	p, w := configured(t, endpoint), world{}
	covered := map[string]bool{}
	all := samples()
	for _, s := range all {
		covered[s.token] = true
		t.Run("make/"+short(s), func(t *testing.T) {
			m := w.create(t, p, s)
			for k, v := range m.out {
				require.False(t, v.IsNull(), "output %s is null", k)
			}
			unchanged(t, p, m)
			if p.rows[s.token].Simulated {
				return
			}
			t.Run("again after a lost answer", func(t *testing.T) {
				out, err := configured(t, endpoint).Create(t.Context(), plugin.CreateRequest{URN: m.urn, Properties: m.in})
				require.NoError(t, err)
				require.Equal(t, m.id, out.ID)
				require.Equal(t, unwrap(m.out), unwrap(out.Properties))
			})
			t.Run("import", func(t *testing.T) {
				out, err := p.Read(t.Context(), plugin.ReadRequest{URN: m.urn, ID: m.id})
				require.NoError(t, err)
				require.Equal(t, m.id, out.ID)
				require.NotEmpty(t, out.Outputs)
			})
		})
	}
	for _, s := range all {
		if s.change == nil {
			continue
		}
		t.Run("change/"+short(s), func(t *testing.T) {
			m := w[s.name]
			require.NotNil(t, m, "not made")
			news := props{}
			maps.Copy(news, s.in)
			maps.Copy(news, s.change)
			in := check(t, p, m.urn, m.in, w.resolve(t, news).(props))
			diff, err := p.Diff(t.Context(), plugin.DiffRequest{URN: m.urn, ID: m.id, OldInputs: m.in, OldOutputs: m.out, NewInputs: in})
			require.NoError(t, err)
			require.Equal(t, plugin.DiffSome, diff.Changes)
			require.False(t, diff.Replace(), "%v", diff.DetailedDiff)
			out, err := p.Update(t.Context(), plugin.UpdateRequest{URN: m.urn, ID: m.id, OldInputs: m.in, OldOutputs: m.out, NewInputs: in})
			require.NoError(t, err)
			m.in, m.out = in, out.Properties
			unchanged(t, p, m)
		})
	}
	for i := len(all) - 1; i >= 0; i-- {
		t.Run("delete/"+short(all[i]), func(t *testing.T) {
			m := w[all[i].name]
			require.NotNil(t, m, "not made")
			for range 2 {
				_, err := p.Delete(t.Context(), plugin.DeleteRequest{URN: m.urn, ID: m.id, Inputs: m.in, Outputs: m.out})
				require.NoError(t, err)
			}
			if p.rows[m.token].Simulated || undeletable[m.token] {
				return
			}
			require.Empty(t, observe(t, p, m).ID, "it is still there")
		})
	}
	for _, token := range Tokens() {
		require.True(t, covered[token], "no sample of %s", token)
	}
}

// undeletable are types that AWS does not delete: they are settings of an account or part of something else.
var undeletable = map[string]bool{
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":                      true,
	"aws:ec2/defaultNetworkAcl:DefaultNetworkAcl":                            true,
	"aws:ebs/encryptionByDefault:EncryptionByDefault":                        true,
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                           true,
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": true,
	"aws:efs/fileSystemPolicy:FileSystemPolicy":                              true,
	"aws:secretsmanager/secretVersion:SecretVersion":                         true,
	"aws:sns/topicPolicy:TopicPolicy":                                        true,
	"aws:elasticache/subnetGroup:SubnetGroup":                                true,
	"aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration":    true,
	"aws:guardduty/detectorFeature:DetectorFeature":                          true,
	"aws:acm/certificateValidation:CertificateValidation":                    true,
}

// unchanged requires that reading shows exactly what was recorded: no drift where nothing drifted.
func unchanged(t *testing.T, p *standIn, m *made) {
	t.Helper()
	live := observe(t, p, m)
	require.Equal(t, m.id, live.ID)
	require.Equal(t, unwrap(m.in), unwrap(live.Inputs), "inputs")
	require.Equal(t, unwrap(m.out), unwrap(live.Outputs), "outputs")
	diff, err := p.Diff(t.Context(), plugin.DiffRequest{URN: m.urn, ID: m.id, OldInputs: live.Inputs, OldOutputs: live.Outputs, NewInputs: m.in})
	require.NoError(t, err)
	require.Equal(t, plugin.DiffNone, diff.Changes, "%v", diff.DetailedDiff)
}

func short(s sample) string {
	return fmt.Sprintf("%s(%s)", s.token[strings.LastIndex(s.token, ":")+1:], s.name)
}
