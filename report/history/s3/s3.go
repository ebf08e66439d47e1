// Package s3 keeps runs in a bucket, one object a run, as report/history's
// folder does. It is a package of its own so that what only reads reports links
// no AWS SDK.
//
// Encryption, versions and how long objects stay are the bucket's settings:
// nothing here deletes.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"gatehouse/report/history"
	"gatehouse/report/readiness"
)

// Scheme begins the names of histories in a bucket.
const Scheme = "s3://"

// Store keeps runs below a prefix of a bucket. Reading needs s3:ListBucket on
// the bucket and s3:GetObject on the objects, keeping needs s3:PutObject.
type Store struct {
	client         *s3.Client
	bucket, prefix string
}

// Open is the history at s3://BUCKET or s3://BUCKET/PREFIX. Nothing is asked of
// AWS yet.
func Open(cfg aws.Config, ref string) (*Store, error) {
	at, err := url.Parse(ref)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the history: %w", err)
	case at.Scheme != "s3" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "":
		return nil, fmt.Errorf("open the history: %q is no bucket: want s3://BUCKET/PREFIX", ref)
	}
	prefix := strings.Trim(at.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil // another's server has no names for buckets
	})
	return &Store{client: client, bucket: at.Host, prefix: prefix}, nil
}

// Put writes the object on condition that there is none.
func (s *Store) Put(ctx context.Context, run readiness.Run) error {
	key, content, err := history.Encode(run)
	if err == nil {
		err = s.put(ctx, s.prefix+key, content, run)
	}
	if err != nil {
		return fmt.Errorf("keep run %s in %s: %w", run.ID, s.name(), err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, content []byte, run readiness.Run) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, Body: bytes.NewReader(content), ContentType: aws.String("application/gzip"),
		IfNoneMatch: aws.String("*"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	// 412: it is there. 409: another is writing it at this moment.
	if code := status(err); code != http.StatusPreconditionFailed && code != http.StatusConflict {
		return s.explain("s3:PutObject", err)
	}
	object, unread := s.get(ctx, key)
	if errors.Is(unread, history.ErrNotFound) {
		return err // the other failed too
	}
	if unread != nil {
		return unread
	}
	defer object.Body.Close()
	if !history.Same(object.Body, run) {
		return history.ErrExists
	}
	return nil
}

// List looks at names alone, so that a damaged object is in it too. An object
// that is not a run's is not.
func (s *Store) List(ctx context.Context, environment string, since time.Time) ([]readiness.Ref, error) {
	if err := history.CheckEnvironment(environment); err != nil {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	since = since.Truncate(time.Second)
	prefix := s.prefix
	if environment != "" {
		prefix += environment + "/"
	}
	var refs []readiness.Ref
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the history in %s: %w", s.name(), s.explain("s3:ListBucket", err))
		}
		for _, object := range page.Contents {
			key := strings.TrimPrefix(aws.ToString(object.Key), s.prefix)
			if ref, ours := history.ParseKey(key); ours && !ref.Started.Before(since) {
				refs = append(refs, ref)
			}
		}
	}
	history.NewestFirst(refs)
	return refs, nil
}

// Get reads one run, and checks what came against the object's checksum.
func (s *Store) Get(ctx context.Context, id string) (readiness.Run, error) {
	run, err := s.read(ctx, id)
	if err != nil {
		return readiness.Run{}, fmt.Errorf("read run %q of the history in %s: %w", id, s.name(), err)
	}
	return run, nil
}

func (s *Store) read(ctx context.Context, id string) (readiness.Run, error) {
	ref, err := history.ParseID(id)
	if err != nil {
		return readiness.Run{}, err
	}
	object, err := s.get(ctx, s.prefix+history.Key(ref))
	if err != nil {
		return readiness.Run{}, err
	}
	defer object.Body.Close()
	return history.Decode(id, object.Body)
}

func (s *Store) get(ctx context.Context, key string) (*s3.GetObjectOutput, error) {
	object, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
	if err != nil {
		return nil, s.explain("s3:GetObject", err)
	}
	return object, nil
}

func (s *Store) name() string { return Scheme + s.bucket + "/" + strings.TrimSuffix(s.prefix, "/") }

// explain says what an answer of S3 means here; action is what had to be
// allowed.
func (s *Store) explain(action string, err error) error {
	if err == nil {
		return nil
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "NoSuchKey":
		return history.ErrNotFound
	case "NoSuchBucket":
		return fmt.Errorf("there is no bucket %s; create it, or name another: %w", s.bucket, err)
	case "AccessDenied", "Forbidden":
		return fmt.Errorf("not allowed: %s on arn:aws:s3:::%s is needed (to read what is absent, s3:ListBucket too): %w", action, s.resource(action), err)
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
		return fmt.Errorf("bucket %s is in another region; set AWS_REGION: %w", s.bucket, err)
	case "NotImplemented":
		return fmt.Errorf("this server cannot write on a condition (If-None-Match), so that runs could be replaced: %w", err)
	}
	return err
}

// resource is what an action is about, behind arn:aws:s3:::.
func (s *Store) resource(action string) string {
	if action == "s3:ListBucket" {
		return s.bucket
	}
	return s.bucket + "/" + s.prefix + "*"
}

// status is the HTTP status of an answer that is an error, else 0.
func status(err error) int {
	var answer interface{ HTTPStatusCode() int }
	if errors.As(err, &answer) {
		return answer.HTTPStatusCode()
	}
	return 0
}
