// Package s3 keeps an audit trail in a bucket, one object a record, as
// plugins/trail's folder does. It is a package of its own so that what only reads
// records links no AWS SDK.
//
// With Object Lock no one can change or remove a record before its time. Nothing
// here deletes.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"gatehouse/plugins/trail"
)

// Scheme begins the names of audit trails in a bucket.
const Scheme = "s3://"

// Retention is how long Object Lock keeps each record. The zero value leaves it to
// the bucket's default.
type Retention struct {
	// Mode is COMPLIANCE (nobody can shorten it, not even the account's root) or
	// GOVERNANCE (who has s3:BypassGovernanceRetention can).
	Mode types.ObjectLockMode
	// Period is counted from the moment of writing.
	Period time.Duration
}

func (r Retention) check() error {
	switch {
	case r == Retention{}:
		return nil
	case r.Mode != types.ObjectLockModeCompliance && r.Mode != types.ObjectLockModeGovernance:
		return fmt.Errorf("%q is no mode of Object Lock: want COMPLIANCE or GOVERNANCE", r.Mode)
	case r.Period < 24*time.Hour:
		return fmt.Errorf("a retention of %s is too short: want a day or more", r.Period)
	}
	return nil
}

// Log keeps records below a prefix of a bucket. Reading needs s3:ListBucketVersions
// on the bucket, s3:GetObject and s3:GetObjectVersion on the objects; writing needs
// s3:PutObject too, and s3:PutObjectRetention with a Retention.
type Log struct {
	client         *s3.Client
	bucket, prefix string
	retention      Retention
	now            func() time.Time
}

var _ trail.Log = (*Log)(nil)

// Open is the audit trail at s3://BUCKET or s3://BUCKET/PREFIX; now is the clock
// that retention is counted from. Nothing is asked of AWS yet.
func Open(cfg aws.Config, ref string, retention Retention, now func() time.Time) (*Log, error) {
	at, err := url.Parse(ref)
	if err == nil && (at.Scheme != "s3" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "") {
		err = fmt.Errorf("%q is no bucket: want s3://BUCKET/PREFIX", ref)
	}
	if err == nil {
		err = retention.check()
	}
	if err != nil {
		return nil, fmt.Errorf("open the audit trail: %w", err)
	}
	prefix := strings.Trim(at.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil // another's server has no names for buckets
		// 409: another is writing the object at this moment; it may yet fail.
		o.Retryer = retry.AddWithErrorCodes(o.Retryer, "ConditionalRequestConflict")
	})
	return &Log{client: client, bucket: at.Host, prefix: prefix, retention: retention, now: now}, nil
}

func (l *Log) String() string { return Scheme + l.bucket + "/" + strings.TrimSuffix(l.prefix, "/") }

// Create writes the object on condition that there is none.
func (l *Log) Create(ctx context.Context, sequence int64, content []byte) error {
	key := l.prefix + trail.Place{Sequence: sequence}.Name()
	put := &s3.PutObjectInput{
		Bucket: &l.bucket, Key: &key, Body: bytes.NewReader(content), ContentType: aws.String("application/json"),
		IfNoneMatch: aws.String("*"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	}
	if l.retention != (Retention{}) {
		put.ObjectLockMode = l.retention.Mode
		put.ObjectLockRetainUntilDate = aws.Time(l.now().Add(l.retention.Period).UTC())
	}
	_, err := l.client.PutObject(ctx, put)
	switch status(err) {
	case http.StatusPreconditionFailed, http.StatusConflict: // it is there, or another still writes it
		return trail.ErrExists
	}
	return l.explain("s3:PutObject", err)
}

// Read reads the version that was written first, and checks what came against the
// object's checksum.
func (l *Log) Read(ctx context.Context, place trail.Place) ([]byte, error) {
	key := l.prefix + place.Name()
	get := &s3.GetObjectInput{Bucket: &l.bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled}
	if place.Version != "" {
		get.VersionId = &place.Version
	}
	object, err := l.client.GetObject(ctx, get)
	if err != nil {
		return nil, l.explain("s3:GetObject and s3:GetObjectVersion", err)
	}
	defer object.Body.Close()
	content, err := io.ReadAll(io.LimitReader(object.Body, trail.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return content, nil
}

// explain says what an answer of S3 means here; action is what had to be allowed.
func (l *Log) explain(action string, err error) error {
	var api smithy.APIError
	if err == nil || !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "NoSuchBucket":
		return fmt.Errorf("there is no bucket %s; create it, or name another: %w", l.bucket, err)
	case "AccessDenied", "Forbidden":
		return fmt.Errorf("not allowed: %s on arn:aws:s3:::%s is needed: %w", action, l.resource(action), err)
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
		return fmt.Errorf("bucket %s is in another region; set AWS_REGION: %w", l.bucket, err)
	case "NotImplemented":
		return fmt.Errorf("this server cannot write on a condition (If-None-Match), so that records could be replaced: %w", err)
	case "InvalidRequest":
		if l.retention != (Retention{}) {
			return fmt.Errorf("bucket %s has no Object Lock, which the retention needs; make one that has: %w", l.bucket, err)
		}
	}
	return err
}

// resource is what an action is about, behind arn:aws:s3:::.
func (l *Log) resource(action string) string {
	if action == "s3:ListBucketVersions" {
		return l.bucket
	}
	return l.bucket + "/" + l.prefix + "*"
}

// status is the HTTP status of an answer that is an error, else 0.
func status(err error) int {
	var answer interface{ HTTPStatusCode() int }
	if errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}
