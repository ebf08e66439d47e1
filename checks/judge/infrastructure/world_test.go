package infrastructure_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

const region = "us-west-2"

// world is an environment as ours are, in the emulator, made by AWS's SDK.
type world struct {
	proxy  *awstest.Server
	target target.AWS
	config aws.Config

	ec2   *ec2.Client
	eks   *eks.Client
	rds   *rds.Client
	cache *elasticache.Client
	efs   *efs.Client
	ecr   *ecr.Client
	vault *backup.Client
	s3    *s3.Client

	publicTable, dataTable string
	webGroup, defaultGroup string
	publicSubnet           string
	private, data          []string
	gateway, nat           string
	flowLog                string
	mountTargets           []string
}

// newWorld makes the environment. It skips in short runs: it starts a server.
func newWorld(t *testing.T) *world {
	t.Helper()
	if testing.Short() {
		t.Skip("needs the AWS emulator; run without -short")
	}
	endpoint := sandboxtest.AWS(t)
	sandboxtest.ResetAWS(t, endpoint)
	w := &world{proxy: awstest.Proxy(t, endpoint)}
	w.config = aws.Config{
		Region: region, BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	w.ec2, w.eks, w.rds = ec2.NewFromConfig(w.config), eks.NewFromConfig(w.config), rds.NewFromConfig(w.config)
	w.cache, w.efs, w.ecr = elasticache.NewFromConfig(w.config), efs.NewFromConfig(w.config), ecr.NewFromConfig(w.config)
	w.vault, w.s3 = backup.NewFromConfig(w.config), s3.NewFromConfig(w.config, func(o *s3.Options) { o.UsePathStyle = true })
	w.target = target.AWS{
		Region: region, AccountID: "123456789012", Endpoint: w.proxy.URL, Prefix: "gatehouse-test",
		Cluster: "gatehouse-test", Database: "gatehouse-test", Cache: "gatehouse-test", BackupVault: "gatehouse-test",
		Repositories: []string{"gatehouse-test/portal", "gatehouse-test/keeper"}, Buckets: map[string]string{},
	}
	for _, make := range []func(*testing.T){
		w.makeNetwork, w.makeFirewall, w.makeCluster, w.makeDatabase, w.makeCache, w.makeFiles, w.makeImages, w.makeBackup, w.makeBuckets, w.answers,
	} {
		make(t)
	}
	return w
}

// must fails the test when the emulator refuses.
func must[Out any](t *testing.T) func(out Out, err error) Out {
	return func(out Out, err error) Out {
		t.Helper()
		require.NoError(t, err)
		return out
	}
}

// change calls AWS now, and again with the other input when the test has ended.
func change[In, Out, Options any](t *testing.T, call func(context.Context, *In, ...func(*Options)) (Out, error), now, back *In) {
	t.Helper()
	_, err := call(t.Context(), now)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := call(context.Background(), back)
		require.NoError(t, err)
	})
}

func zone(i int) string { return fmt.Sprintf("%s%c", region, 'a'+i) }
