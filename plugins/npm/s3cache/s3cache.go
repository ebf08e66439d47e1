// Package s3cache keeps npm tarballs in a bucket, one object a tarball, as
// npm.Folder does in a folder. It is a package of its own so that what only reads
// manifests links no AWS SDK.
//
// What comes from the bucket is hashed by npm.Client. Encryption and how long
// objects stay are the bucket's settings: nothing here deletes.
package s3cache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"gatehouse/plugins"
	"gatehouse/plugins/npm"
)

// Cache keeps tarballs below a prefix of a bucket. It needs s3:GetObject and
// s3:PutObject on the objects, and s3:ListBucket on the bucket to be told that one
// is absent.
type Cache struct {
	client         *s3.Client
	bucket, prefix string
}

// Open is the cache at s3://BUCKET or s3://BUCKET/PREFIX. Nothing is asked of AWS
// yet.
func Open(cfg aws.Config, ref string) (*Cache, error) {
	at, err := url.Parse(ref)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the cache of tarballs: %w", err)
	case at.Scheme != "s3" || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "":
		return nil, fmt.Errorf("open the cache of tarballs: %q is no bucket: want s3://BUCKET/PREFIX", ref)
	}
	prefix := strings.Trim(at.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil // another's server has no names for buckets
	})
	return &Cache{client: client, bucket: at.Host, prefix: prefix}, nil
}

// Open reads a tarball. Whether it is the right one is the reader's to find out.
func (c *Cache) Open(ctx context.Context, integrity plugins.Integrity) (io.ReadCloser, error) {
	if integrity.IsZero() {
		return nil, npm.ErrNotCached
	}
	object, err := c.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &c.bucket, Key: c.key(integrity)})
	if err != nil {
		return nil, fmt.Errorf("read a tarball from %s: %w", c.name(), c.explain("s3:GetObject", err))
	}
	return object.Body, nil
}

// Put writes the object in one request, so that it is there whole or not at all.
func (c *Cache) Put(ctx context.Context, integrity plugins.Integrity, path string) error {
	if err := c.put(ctx, integrity, path); err != nil {
		return fmt.Errorf("keep a tarball in %s: %w", c.name(), err)
	}
	return nil
}

func (c *Cache) put(ctx context.Context, integrity plugins.Integrity, path string) error {
	if integrity.IsZero() {
		return fmt.Errorf("%w: it has no SHA-512 to be kept by", npm.ErrIntegrity)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = c.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &c.bucket, Key: c.key(integrity), Body: file, ContentType: aws.String("application/gzip"),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	return c.explain("s3:PutObject", err)
}

func (c *Cache) key(integrity plugins.Integrity) *string {
	return aws.String(c.prefix + npm.CacheKey(integrity))
}

func (c *Cache) name() string {
	return "s3://" + c.bucket + "/" + strings.TrimSuffix(c.prefix, "/")
}

// explain says what an answer of S3 means here; action is what had to be allowed.
func (c *Cache) explain(action string, err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch api.ErrorCode() {
	case "NoSuchKey":
		return npm.ErrNotCached
	case "NoSuchBucket":
		return fmt.Errorf("there is no bucket %s; create it, or name another: %w", c.bucket, err)
	case "AccessDenied", "Forbidden":
		return fmt.Errorf("not allowed: %s on arn:aws:s3:::%s/%s* is needed (to read what is absent, s3:ListBucket too): %w", action, c.bucket, c.prefix, err)
	case "PermanentRedirect", "AuthorizationHeaderMalformed":
		return fmt.Errorf("bucket %s is in another region; set AWS_REGION: %w", c.bucket, err)
	}
	return err
}
