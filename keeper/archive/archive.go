// Package archive keeps backups in an S3 bucket: encrypted with one key, each
// object checked after it was sent and again while it is read back.
//
// What the objects are is not known here. Nothing is ever deleted or
// overwritten: the bucket's lifecycle ends what is old.
package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// Archive is a bucket and the key that everything in it is encrypted with.
type Archive struct {
	// Bucket is its name, KeyARN the ARN of the KMS key.
	Bucket, KeyARN string
	// Limit ends a request that stalls; 0 means 5 minutes, in which a part of
	// 32 MiB passes through 1 Mbit/s.
	Limit time.Duration

	client *s3.Client
}

// New returns the archive in a bucket.
func New(client *s3.Client, bucket, keyARN string) *Archive {
	return &Archive{Bucket: bucket, KeyARN: keyARN, Limit: 5 * time.Minute, client: client}
}

// Object is an object as it was sent.
type Object struct {
	Key   string `json:"key"`
	Bytes int64  `json:"bytes"`
	// SHA256 is that of the whole content, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Parts is S3's own checksum of an object in parts: the SHA-256 of the
	// parts' SHA-256, in base64; "" for objects in one piece.
	Parts string `json:"parts,omitempty"`
}

// Put sends a small document. A key that is taken is an error.
func (a *Archive) Put(ctx context.Context, key string, body []byte) (Object, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Limit)
	defer cancel()
	sum := sha256.Sum256(body)
	_, err := a.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &a.Bucket, Key: &key, Body: bytes.NewReader(body),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &a.KeyARN,
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: aws.String(base64.StdEncoding.EncodeToString(sum[:])),
		IfNoneMatch: aws.String("*"),
	})
	if err != nil {
		return Object{}, a.explain("send", key, err)
	}
	return Object{Key: key, Bytes: int64(len(body)), SHA256: hex.EncodeToString(sum[:])}, nil
}

// Get reads a small document.
func (a *Archive) Get(ctx context.Context, key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Limit)
	defer cancel()
	got, err := a.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &a.Bucket, Key: &key, ChecksumMode: types.ChecksumModeEnabled}, quietly)
	if err != nil {
		return nil, a.explain("read", key, err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, a.explain("read", key, err)
	}
	return body, nil
}

// Entry is an object as a list shows it.
type Entry struct {
	Key   string
	Bytes int64
}

// List returns the objects whose keys begin with prefix, in the order of keys.
func (a *Archive) List(ctx context.Context, prefix string) ([]Entry, error) {
	var found []Entry
	pages := s3.NewListObjectsV2Paginator(a.client, &s3.ListObjectsV2Input{Bucket: &a.Bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := a.page(ctx, pages)
		if err != nil {
			return nil, a.explain("list", prefix, err)
		}
		for _, object := range page.Contents {
			found = append(found, Entry{Key: aws.ToString(object.Key), Bytes: aws.ToInt64(object.Size)})
		}
	}
	return found, nil
}

func (a *Archive) page(ctx context.Context, pages *s3.ListObjectsV2Paginator) (*s3.ListObjectsV2Output, error) {
	ctx, cancel := context.WithTimeout(ctx, a.Limit)
	defer cancel()
	return pages.NextPage(ctx)
}

// Check asks S3 whether an object is there as it was sent: whole, and encrypted
// with the archive's key.
func (a *Archive) Check(ctx context.Context, o Object) error {
	ctx, cancel := context.WithTimeout(ctx, a.Limit)
	defer cancel()
	head, err := a.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &a.Bucket, Key: &o.Key, ChecksumMode: types.ChecksumModeEnabled})
	if err != nil {
		return a.explain("check", o.Key, err)
	}
	if got := aws.ToInt64(head.ContentLength); got != o.Bytes {
		return fmt.Errorf("check %s: it has %d bytes, %d were sent; make a new backup", o.Key, got, o.Bytes)
	}
	want := o.Parts
	if want == "" {
		sum, err := hex.DecodeString(o.SHA256)
		if err != nil {
			return fmt.Errorf("check %s: its SHA-256 is not hexadecimal", o.Key)
		}
		want = base64.StdEncoding.EncodeToString(sum)
	}
	// S3 adds the number of parts: "BASE64-2".
	if got, _, _ := strings.Cut(aws.ToString(head.ChecksumSHA256), "-"); got != want {
		return fmt.Errorf("check %s: S3 has checksum %q, %q was sent; make a new backup", o.Key, got, want)
	}
	if head.ServerSideEncryption != types.ServerSideEncryptionAwsKms || aws.ToString(head.SSEKMSKeyId) != a.KeyARN {
		return fmt.Errorf("check %s: it is encrypted with %s %s instead of the key %s; correct the bucket's encryption",
			o.Key, head.ServerSideEncryption, aws.ToString(head.SSEKMSKeyId), a.KeyARN)
	}
	return nil
}

// quietly keeps the library from writing a line for every object in parts, which
// it cannot check: [Archive.Open] does.
func quietly(o *s3.Options) { o.DisableLogOutputChecksumValidationSkipped = true }

// ErrNotFound says that there is no such object.
var ErrNotFound = errors.New("there is no such object")

// explain says what a person can do about a refusal.
func (a *Archive) explain(verb, key string, err error) error {
	var refused smithy.APIError
	advice := ""
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		advice = "; S3 did not answer in time, look at the network and the endpoint"
	case !errors.As(err, &refused):
	default:
		switch refused.ErrorCode() {
		case "NoSuchKey", "NotFound":
			return fmt.Errorf("%s s3://%s/%s: %w", verb, a.Bucket, key, ErrNotFound)
		case "NoSuchBucket":
			advice = "; correct the name of the bucket"
		case "AccessDenied", "Forbidden":
			advice = "; let the role of the service account use the bucket and its key"
		case "PreconditionFailed", "ConditionalRequestConflict":
			advice = "; the key is taken: another run has written it, look at its result"
		}
	}
	return fmt.Errorf("%s s3://%s/%s: %w%s", verb, a.Bucket, key, err, advice)
}
