package aws

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	rdsapi "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/require"
)

// TestBrokenEmulator requires errors that name resource, operation and reason, within the time limit.
func TestBrokenEmulator(t *testing.T) {
	quiet := httptest.NewUnstartedServer(nil)
	dead := "http://" + quiet.Listener.Addr().String()
	require.NoError(t, quiet.Listener.Close())
	release := make(chan struct{})
	stalled := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(stalled.Close)
	t.Cleanup(func() { close(release) })
	failing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	t.Cleanup(failing.Close)
	for name, c := range map[string]struct {
		endpoint string
		want     []string
		long     bool
	}{
		"stalled":    {stalled.URL, []string{"did not answer rds:CreateDBInstance in 30s"}, true},
		"status 500": {failing.URL, []string{"rds:CreateDBInstance", "500"}, false},
		"not there":  {dead, []string{"rds:CreateDBInstance", "connection refused"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if c.long && testing.Short() {
				t.Skip("long: needs the time limit of a call; run make test")
			}
			p := configured(t, c.endpoint)
			urn := urnOf("aws:rds/instance:Instance", "portal")
			in := check(t, p, urn, nil, props{"instanceClass": "db.m6g.large", "engine": "postgres"})
			start := time.Now()
			_, err := p.Create(t.Context(), plugin.CreateRequest{URN: urn, Properties: in})
			require.Less(t, time.Since(start), callLimit+5*time.Second)
			require.ErrorContains(t, err, "create portal (aws:rds/instance:Instance)")
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

// live makes one sample in an emulator of the test.
func live(t *testing.T, s sample) (*standIn, *made) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the AWS API emulator; run make test")
	}
	p := configured(t, emulatorFor(t))
	m := world{}.create(t, p, s)
	t.Cleanup(func() {
		_, err := p.Delete(context.WithoutCancel(t.Context()), plugin.DeleteRequest{URN: m.urn, ID: m.id, Inputs: m.in, Outputs: m.out})
		require.NoError(t, err)
	})
	return p, m
}

// TestDrift changes things behind the stand-in's back: reading names the property, and an update mends it.
func TestDrift(t *testing.T) {
	for name, c := range map[string]struct {
		s      sample
		meddle func(t *testing.T, p *standIn, m *made) error
		want   string
	}{
		"attribute of a VPC": {
			s: sample{token: "aws:ec2/vpc:Vpc", name: "drift", in: props{"cidrBlock": "10.1.0.0/16", "enableDnsHostnames": true}},
			meddle: func(t *testing.T, p *standIn, m *made) error {
				_, err := p.clients.EC2.ModifyVpcAttribute(t.Context(), &api.ModifyVpcAttributeInput{VpcId: aws.String(string(m.id)), EnableDnsHostnames: attribute(false)})
				return err
			},
			want: "enableDnsHostnames",
		},
		"tag of a VPC": {
			s: sample{token: "aws:ec2/vpc:Vpc", name: "drift", in: props{"cidrBlock": "10.1.0.0/16"}},
			meddle: func(t *testing.T, p *standIn, m *made) error {
				_, err := p.clients.EC2.CreateTags(t.Context(), &api.CreateTagsInput{Resources: []string{string(m.id)}, Tags: []types.Tag{{Key: aws.String("environment"), Value: aws.String("hacked")}}})
				return err
			},
			want: "tags.environment",
		},
		"backups of a database": {
			s: sample{token: "aws:rds/instance:Instance", name: "drift", in: props{"engine": "postgres", "instanceClass": "db.m6g.large", "allocatedStorage": 20.0, "backupRetentionPeriod": 14.0, "skipFinalSnapshot": true, "username": "portal", "manageMasterUserPassword": true}},
			meddle: func(t *testing.T, p *standIn, m *made) error {
				_, err := p.clients.RDS.ModifyDBInstance(t.Context(), &rdsapi.ModifyDBInstanceInput{DBInstanceIdentifier: aws.String(string(m.id)), BackupRetentionPeriod: aws.Int32(1), ApplyImmediately: aws.Bool(true)})
				return err
			},
			want: "backupRetentionPeriod",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, m := live(t, c.s)
			unchanged(t, p, m)
			require.NoError(t, c.meddle(t, p, m))
			found := observe(t, p, m)
			diff, err := p.Diff(t.Context(), plugin.DiffRequest{URN: m.urn, ID: m.id, OldInputs: found.Inputs, OldOutputs: found.Outputs, NewInputs: m.in})
			require.NoError(t, err)
			require.Contains(t, diff.DetailedDiff, c.want)
			require.Len(t, diff.DetailedDiff, 1)
			out, err := p.Update(t.Context(), plugin.UpdateRequest{URN: m.urn, ID: m.id, OldInputs: found.Inputs, OldOutputs: found.Outputs, NewInputs: m.in})
			require.NoError(t, err)
			m.out = out.Properties
			unchanged(t, p, m)
		})
	}
}

// TestAdoption says what is taken over and what is not.
func TestAdoption(t *testing.T) {
	role := sample{token: "aws:iam/role:Role", name: "adopted", in: props{"name": "adopted", "assumeRolePolicy": trustEC2, "description": "one"}}
	t.Run("our own, changed since", func(t *testing.T) {
		p, m := live(t, role)
		news := check(t, p, m.urn, nil, props{"name": "adopted", "assumeRolePolicy": trustEC2, "description": "two"})
		out, err := configured(t, p.clients.endpoint).Create(t.Context(), plugin.CreateRequest{URN: m.urn, Properties: news})
		require.NoError(t, err)
		require.Equal(t, "two", out.Properties["description"].StringValue())
	})
	t.Run("another stack's", func(t *testing.T) {
		p, m := live(t, role)
		other := resource.NewURN("production", "gatehouse", "", m.urn.Type(), "adopted")
		_, err := configured(t, p.clients.endpoint).Create(t.Context(), plugin.CreateRequest{URN: other, Properties: m.in})
		require.ErrorContains(t, err, "EntityAlreadyExists")
		require.ErrorContains(t, err, "another resource of this or another stack")
	})
	t.Run("one that the engine knows", func(t *testing.T) {
		p, m := live(t, role)
		_, err := p.Create(t.Context(), plugin.CreateRequest{URN: m.urn, Properties: m.in})
		require.ErrorContains(t, err, "EntityAlreadyExists")
	})
	t.Run("replacement beside the old one", func(t *testing.T) {
		p, m := live(t, sample{token: "aws:ec2/vpc:Vpc", name: "replaced", in: props{"cidrBlock": "10.1.0.0/16"}})
		out, err := p.Create(t.Context(), plugin.CreateRequest{URN: m.urn, Properties: m.in})
		require.NoError(t, err)
		require.NotEqual(t, m.id, out.ID)
		_, err = p.Delete(t.Context(), plugin.DeleteRequest{URN: m.urn, ID: out.ID, Inputs: m.in, Outputs: out.Properties})
		require.NoError(t, err)
	})
}

func TestInvoke(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the AWS API emulator; run make test")
	}
	p := configured(t, emulatorFor(t))
	for tok, want := range map[string]string{
		"aws:index/getCallerIdentity:getCallerIdentity":       "accountId",
		"aws:index/getRegion:getRegion":                       "name",
		"aws:index/getPartition:getPartition":                 "dnsSuffix",
		"aws:index/getAvailabilityZones:getAvailabilityZones": "names",
		"aws:ec2/getManagedPrefixList:getManagedPrefixList":   "id",
	} {
		out, err := p.Invoke(t.Context(), plugin.InvokeRequest{Tok: tokens.ModuleMember(tok), Args: resource.PropertyMap{}})
		require.NoError(t, err, tok)
		require.Contains(t, out.Properties, resource.PropertyKey(want), tok)
	}
	drawn, err := p.Invoke(t.Context(), plugin.InvokeRequest{
		Tok:  "aws:secretsmanager/getRandomPassword:getRandomPassword",
		Args: resource.NewPropertyMapFromMap(props{"passwordLength": 40.0, "excludePunctuation": true}),
	})
	require.NoError(t, err)
	require.Regexp(t, `^[A-Za-z0-9]{40}$`, drawn.Properties["randomPassword"].StringValue())
	_, err = p.Invoke(t.Context(), plugin.InvokeRequest{Tok: "aws:s3/getBucket:getBucket"})
	require.ErrorContains(t, err, "add it to sandbox/provider/aws/invoke.go")
}

// TestLostAnswer lets the emulator do what is asked and loses its first answer on the way: the SDK asks again, is told
// that the thing exists, and the stand-in must know it for its own.
func TestLostAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the AWS API emulator; run make test")
	}
	real, err := url.Parse(emulatorFor(t))
	require.NoError(t, err)
	forward := httputil.NewSingleHostReverseProxy(real)
	var lost atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/file-systems") && lost.Add(1) == 1 {
			forward.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	p := configured(t, proxy.URL)
	m := world{}.create(t, p, sample{token: "aws:efs/fileSystem:FileSystem", name: "lost", in: props{"encrypted": true}})
	require.EqualValues(t, 2, lost.Load(), "the call was repeated")
	_, err = p.Delete(t.Context(), plugin.DeleteRequest{URN: m.urn, ID: m.id, Inputs: m.in, Outputs: m.out})
	require.NoError(t, err)
}
