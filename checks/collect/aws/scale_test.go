package aws_test

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/sandboxtest"
)

func emulated(endpoint string) sdk.Config {
	return sdk.Config{Region: "us-west-2", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
}

// Many resources come page by page, and what is read before a page fails is
// kept.
func TestTwoThousandResources(t *testing.T) {
	const many, page = 2000, 100
	var calls atomic.Int64
	refuseFrom := int64(math.MaxInt64)
	endpoint := silent(t, func(w http.ResponseWriter, r *http.Request, c awstest.Call, _ http.Handler) {
		if calls.Add(1) >= refuseFrom {
			awstest.Deny()(w, r, c, nil)
			return
		}
		from, _ := strconv.Atoi(r.URL.Query().Get("nextToken"))
		answer, points := map[string]any{}, []any{}
		for i := from; i < from+page; i++ {
			points = append(points, map[string]any{"ResourceArn": fmt.Sprintf("arn:aws:s3:::bucket-%d", i), "ResourceType": "S3", "Status": "COMPLETED"})
		}
		if answer["RecoveryPoints"] = points; from+page < many {
			answer["NextToken"] = strconv.Itoa(from + page)
		}
		awstest.JSON(answer)(w, r, c, nil)
	})
	began := time.Now()
	points, problems := read(t.Context(), t, at(endpoint), evidence.AWSRecoveryPoints)
	t.Logf("%d recovery points in %s by %d calls", len(points), time.Since(began).Round(time.Millisecond), calls.Load())
	require.Empty(t, problems)
	require.Len(t, points, many)
	require.EqualValues(t, many/page, calls.Load())

	calls.Store(0)
	refuseFrom = 6
	points, problems = read(t.Context(), t, at(endpoint), evidence.AWSRecoveryPoints)
	require.Len(t, points, 5*page, "the pages before the refusal are kept")
	require.Equal(t, evidence.Denied, problems[0].Kind)
}

func newDatabase(t *testing.T, client *rds.Client) {
	t.Helper()
	_, err := client.CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: sdk.String("d"), Engine: sdk.String("postgres"), DBInstanceClass: sdk.String("db.t4g.medium"),
		MasterUsername: sdk.String("master"), MasterUserPassword: sdk.String("not-a-secret"), AllocatedStorage: sdk.Int32(20),
	})
	require.NoError(t, err)
}

// A primary's replicas are read each by itself: one that may not be read is a
// problem beside the others.
func TestReplicasThatCannotBeReadAreAProblem(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator; run without -short")
	}
	endpoint, _ := sandboxtest.OwnAWS(t)
	client := rds.NewFromConfig(emulated(endpoint))
	newDatabase(t, client)
	for i := range 2 {
		_, err := client.CreateDBInstanceReadReplica(t.Context(), &rds.CreateDBInstanceReadReplicaInput{
			DBInstanceIdentifier: sdk.String(fmt.Sprintf("d-%d", i)), SourceDBInstanceIdentifier: sdk.String("d"),
		})
		require.NoError(t, err)
	}
	databases, problems := read(t.Context(), t, at(endpoint), evidence.AWSDatabases)
	require.Empty(t, problems)
	require.Len(t, databases, 3)
	require.Equal(t, "d", databases[0].ID)

	proxy := awstest.Proxy(t, endpoint)
	proxy.Set(t, "rds:DescribeDBInstances", awstest.Replace("<ReadReplicaDBInstanceIdentifiers>", "<ReadReplicaDBInstanceIdentifiers><ReadReplicaDBInstanceIdentifier>gone</ReadReplicaDBInstanceIdentifier>"))
	databases, problems = read(t.Context(), t, at(proxy.URL), evidence.AWSDatabases)
	require.Len(t, databases, 3, "what could be read is kept")
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].Message, "DBInstanceNotFound")
}

// With 80 ms on each call, as from afar, all readers together take little more
// than the longest of them. The figures are logged; the machine decides them.
func TestLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator; run without -short")
	}
	proxy := awstest.Proxy(t, sandboxtest.AWS(t))
	run := func() ([]readiness.Evidence, int, time.Duration) {
		c, err := aws.New(t.Context(), at(proxy.URL))
		require.NoError(t, err)
		defer c.Close()
		var names []evidence.Name
		for _, r := range c.Readers() {
			names = append(names, r.Name)
		}
		began := time.Now()
		_, records := collect.Gather(t.Context(), collect.Plan{Needs: names, Readers: c.Readers(), Now: time.Now}, collect.Limits{Each: time.Minute})
		require.Len(t, records, len(names))
		return records, len(names), time.Since(began)
	}
	run() // the emulator loads each service when it is asked for first
	proxy.Set(t, "*", awstest.Delay(80*time.Millisecond))
	before := proxy.Calls("*")
	records, queries, wall := run()
	longest, slowest, sum := 0.0, "", 0.0
	for _, r := range records {
		if sum += r.Seconds; r.Seconds > longest {
			longest, slowest = r.Seconds, r.ID
		}
	}
	t.Logf("%d queries, %d calls: %s; the longest is %s with %.2f s, one after another %.2f s",
		queries, proxy.Calls("*")-before, wall.Round(time.Millisecond), slowest, longest, sum)
}
