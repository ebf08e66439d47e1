// Package s3source reads an export of advisories from a bucket. It is a package of its
// own so that what reads none from there links no AWS SDK.
package s3source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"gatehouse/plugins/gate/advisory/database"
)

// Object is an export in a bucket: all.zip as OSV has it. It needs s3:GetObject.
type Object struct {
	client      *s3.Client
	bucket, key string
}

var _ database.Remote = (*Object)(nil)

// Open is the object at s3://BUCKET/KEY. Nothing is asked of AWS yet.
func Open(cfg aws.Config, ref string) (*Object, error) {
	at, err := url.Parse(ref)
	if err != nil || at.Scheme != "s3" || at.Host == "" || strings.Trim(at.Path, "/") == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, fmt.Errorf("read advisories from a bucket: %q is no object: want s3://BUCKET/KEY", ref)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil // another's server has no names for buckets
	})
	return &Object{client: client, bucket: at.Host, key: strings.TrimPrefix(at.Path, "/")}, nil
}

// Get reads the object. The SDK has tried again already when an error says that AWS
// does not answer.
func (o *Object) Get(ctx context.Context, seen database.Tag) (io.ReadCloser, database.Tag, error) {
	in := &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key}
	if seen.ETag != "" {
		in.IfNoneMatch = &seen.ETag
	}
	object, err := o.client.GetObject(ctx, in)
	if err != nil {
		var answer *awshttp.ResponseError
		if errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusNotModified {
			return nil, database.Tag{}, database.ErrUnchanged
		}
		return nil, database.Tag{}, fmt.Errorf("read s3://%s/%s: %w", o.bucket, o.key, o.explain(err))
	}
	return object.Body, database.Tag{ETag: aws.ToString(object.ETag)}, nil
}

// explain says what an answer of S3 means here.
func (o *Object) explain(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "NoSuchKey":
		return fmt.Errorf("it is not there: put OSV's npm export (all.zip) there: %w", err)
	case "NoSuchBucket":
		return fmt.Errorf("there is no such bucket; create it, or name another: %w", err)
	case "AccessDenied", "Forbidden":
		return fmt.Errorf("not allowed: s3:GetObject on arn:aws:s3:::%s/%s is needed: %w", o.bucket, o.key, err)
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
		return fmt.Errorf("the bucket is in another region; set AWS_REGION: %w", err)
	}
	return err
}
