package bucket_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/bucket"
	"gatehouse/components/componenttest"
)

const (
	account = "111122223333"
	keyARN  = "arn:aws:kms:us-west-2:111122223333:key/1"
)

func run(t *testing.T, change func(*bucket.Args)) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		args := bucket.Args{
			Partition: "aws", AccountID: account, KeyARN: pulumi.String(keyARN), Logs: pulumi.String("logs"),
			Lifecycle: bucket.Lifecycle{ExpireDays: 90, ColdDays: 30, NoncurrentDays: 14}, Protect: true,
		}
		change(&args)
		_, err := bucket.New(ctx, "gate-backups", args)
		return err
	})
}

func unchanged(*bucket.Args) {}

func token(kind, name string) string { return "aws:s3/" + kind + ":" + name }

func TestABucketIsClosed(t *testing.T) {
	seen := run(t, unchanged)
	made := seen.One(t, token("bucketV2", "BucketV2"))
	require.True(t, made.Protect)
	require.Equal(t, false, made.Input("forceDestroy"))
	block := seen.One(t, token("bucketPublicAccessBlock", "BucketPublicAccessBlock"))
	for _, setting := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
		require.Equal(t, true, block.Input(setting), setting)
	}
	encryption := seen.One(t, token("bucketServerSideEncryptionConfigurationV2", "BucketServerSideEncryptionConfigurationV2"))
	require.Equal(t, "aws:kms", encryption.Input("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"))
	require.Equal(t, keyARN, encryption.Input("rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"))
	require.Equal(t, true, encryption.Input("rules[0].bucketKeyEnabled"))
	require.Equal(t, "Enabled", seen.One(t, token("bucketVersioningV2", "BucketVersioningV2")).Input("versioningConfiguration.status"))
	require.Equal(t, "BucketOwnerEnforced", seen.One(t, token("bucketOwnershipControls", "BucketOwnershipControls")).Input("rule.objectOwnership"))
	logging := seen.One(t, token("bucketLoggingV2", "BucketLoggingV2"))
	require.Equal(t, "logs", logging.Input("targetBucket"))
	require.Equal(t, "s3/", logging.Input("targetPrefix"), "where the logs bucket lets S3 write")
	require.Equal(t, "EventTime", logging.Input("targetObjectKeyFormat.partitionedPrefix.partitionDateSource"))
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:Bucket::gate-backups", r.Type)
	}
}

func TestThePolicyDenies(t *testing.T) {
	policy := run(t, unchanged).One(t, token("bucketPolicy", "BucketPolicy")).Policy(t, "policy")
	for _, s := range policy.Statement {
		require.Equal(t, "Deny", s.Effect, "%s: nobody is let in", s.Sid)
	}
	require.Equal(t, []string{"false"}, policy.Named(t, "PlainHTTP").Condition["Bool"]["aws:SecureTransport"])
	require.Equal(t, []string{"1.2"}, policy.Named(t, "OldTLS").Condition["NumericLessThan"]["s3:TlsVersion"])
	foreign := policy.Named(t, "OtherAccounts")
	require.Equal(t, []string{"s3:*"}, foreign.Action)
	require.Equal(t, []string{account}, foreign.Condition["StringNotEquals"]["aws:PrincipalAccount"])
	require.Len(t, foreign.Resource, 2, "the bucket and its objects")
	require.Equal(t, []string{"aws:kms"}, policy.Named(t, "OtherEncryption").Condition["StringNotEqualsIfExists"]["s3:x-amz-server-side-encryption"])
	require.Equal(t, []string{keyARN}, policy.Named(t, "OtherKey").Condition["ArnNotEqualsIfExists"]["s3:x-amz-server-side-encryption-aws-kms-key-id"])
}

func TestDeliveriesAreBoundToTheirSource(t *testing.T) {
	policy := run(t, func(a *bucket.Args) {
		a.Deliveries = []bucket.Delivery{
			bucket.AccessLogs("aws", "gate-"),
			bucket.LoadBalancerLogs("aws", "us-west-2", account),
			bucket.Trail("aws", "us-west-2", account, "gate-trail"),
		}
	}).One(t, token("bucketPolicy", "BucketPolicy")).Policy(t, "policy")
	for id, want := range map[string]struct{ service, source, objects string }{
		"AccessLogsWrite":       {"logging.s3.amazonaws.com", "arn:aws:s3:::gate-*", "/s3/*"},
		"LoadBalancerLogsWrite": {"delivery.logs.amazonaws.com", "arn:aws:logs:us-west-2:111122223333:*", "/nlb/AWSLogs/111122223333/*"},
		"TrailWrite":            {"cloudtrail.amazonaws.com", "arn:aws:cloudtrail:us-west-2:111122223333:trail/gate-trail", "/AWSLogs/111122223333/*"},
	} {
		s := policy.Named(t, id)
		require.Equal(t, map[string]any{"Service": []any{want.service}}, s.Principal)
		require.Equal(t, []string{account}, s.Condition["StringEquals"]["aws:SourceAccount"], id)
		require.Equal(t, []string{want.source}, s.Condition["ArnLike"]["aws:SourceArn"], id)
		require.Equal(t, []string{"s3:PutObject"}, s.Action, id)
		require.Contains(t, s.Resource[0], want.objects, id)
	}
	require.NotContains(t, policy.Named(t, "TrailLook").Condition["StringEquals"], "s3:x-amz-acl")
}

// TestTheNameWaitsForThePolicy: whoever is given the name must find a bucket
// that is closed already.
func TestTheNameWaitsForThePolicy(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		b, err := bucket.New(ctx, "first", bucket.Args{Partition: "aws", AccountID: account})
		if err != nil {
			return err
		}
		_, err = bucket.New(ctx, "second", bucket.Args{Partition: "aws", AccountID: account, Logs: b.Name})
		return err
	})
	logging := seen.Named(t, token("bucketLoggingV2", "BucketLoggingV2"), "second-logging")
	require.Contains(t, logging.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:aws:Bucket$aws:s3/bucketPolicy:BucketPolicy::first-policy")
}

func TestABucketForLogs(t *testing.T) {
	seen := run(t, func(a *bucket.Args) { a.KeyARN, a.Logs, a.ACLs, a.Protect = nil, nil, true, false })
	encryption := seen.One(t, token("bucketServerSideEncryptionConfigurationV2", "BucketServerSideEncryptionConfigurationV2"))
	require.Equal(t, "AES256", encryption.Input("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"))
	require.Nil(t, encryption.Input("rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId"))
	require.Equal(t, "BucketOwnerPreferred", seen.One(t, token("bucketOwnershipControls", "BucketOwnershipControls")).Input("rule.objectOwnership"))
	require.Empty(t, seen.OfType(token("bucketLoggingV2", "BucketLoggingV2")), "a bucket that logs to itself never ends")
	require.Equal(t, true, seen.One(t, token("bucketV2", "BucketV2")).Input("forceDestroy"))
	foreign := seen.One(t, token("bucketPolicy", "BucketPolicy")).Policy(t, "policy").Named(t, "OtherAccounts")
	require.Contains(t, foreign.Action, "s3:GetObject*")
	require.NotContains(t, foreign.Action, "s3:*", "CloudFront delivers from an account of AWS's")
}

func TestALockNeedsVersioning(t *testing.T) {
	seen := run(t, func(a *bucket.Args) { a.Lock = &bucket.Lock{Mode: "COMPLIANCE", Days: 365} })
	require.Equal(t, true, seen.One(t, token("bucketV2", "BucketV2")).Input("objectLockEnabled"))
	lock := seen.One(t, token("bucketObjectLockConfigurationV2", "BucketObjectLockConfigurationV2"))
	require.Equal(t, "COMPLIANCE", lock.Input("rule.defaultRetention.mode"))
	require.InDelta(t, 365, lock.Input("rule.defaultRetention.days"), 0)
	require.Contains(t, lock.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:aws:Bucket$aws:s3/bucketVersioningV2:BucketVersioningV2::gate-backups-versioning")
}

func TestLifecycle(t *testing.T) {
	lifecycle := func(l bucket.Lifecycle) componenttest.Registration {
		return run(t, func(a *bucket.Args) { a.Lifecycle = l }).
			One(t, token("bucketLifecycleConfigurationV2", "BucketLifecycleConfigurationV2"))
	}
	full := lifecycle(bucket.Lifecycle{ExpireDays: 90, ColdDays: 30, NoncurrentDays: 14, Prefixes: map[string]int{"npm/": 7, "a/b/": 5}})
	require.InDelta(t, 90, full.Input("rules[0].expiration.days"), 0)
	require.Nil(t, full.Input("rules[0].expiration.expiredObjectDeleteMarker"), "S3 refuses both in one rule")
	require.InDelta(t, 30, full.Input("rules[0].transitions[0].days"), 0)
	require.InDelta(t, 14, full.Input("rules[0].noncurrentVersionExpiration.noncurrentDays"), 0)
	require.InDelta(t, 7, full.Input("rules[0].abortIncompleteMultipartUpload.daysAfterInitiation"), 0)
	require.Equal(t, "expire-a-b", full.Input("rules[1].id"))
	require.Equal(t, "npm/", full.Input("rules[2].filter.prefix"))

	kept := lifecycle(bucket.Lifecycle{})
	require.Equal(t, true, kept.Input("rules[0].expiration.expiredObjectDeleteMarker"))
	require.Nil(t, kept.Input("rules[0].transitions"))
	require.Nil(t, kept.Input("rules[1]"))
}
