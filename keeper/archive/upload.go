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
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const (
	// partBytes is the size of all parts but the last, and what an upload holds
	// in memory.
	partBytes = 32 << 20
	// maxParts is S3's limit; with it an object has 312 GiB at most.
	maxParts = 10_000
)

// Upload sends all that r gives, in parts. An object exists only when r has
// ended in io.EOF and every part has arrived: after any error, and when ctx
// ends, nothing is left of it.
func (a *Archive) Upload(ctx context.Context, key string, r io.Reader) (Object, error) {
	begun, err := a.begin(ctx, key)
	if err != nil {
		return Object{}, a.explain("send", key, err)
	}
	u := &upload{Archive: a, id: begun, key: key, whole: sha256.New(), parts: sha256.New()}
	object, err := u.run(ctx, r)
	if err == nil {
		return object, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_, abortErr := a.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &a.Bucket, Key: &key, UploadId: &u.id})
	if abortErr != nil { // the bucket's lifecycle ends it
		err = errors.Join(err, fmt.Errorf("abort the upload of %s: %w", key, abortErr))
	}
	return Object{}, err
}

func (a *Archive) begin(ctx context.Context, key string) (id string, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.Limit)
	defer cancel()
	begun, err := a.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &a.Bucket, Key: &key,
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &a.KeyARN,
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumType: types.ChecksumTypeComposite,
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(begun.UploadId), nil
}

// upload is one object on its way.
type upload struct {
	*Archive
	id, key string
	bytes   int64
	// whole sums up the content, parts the parts' sums.
	whole, parts interface {
		io.Writer
		Sum([]byte) []byte
	}
	sent []types.CompletedPart
}

func (u *upload) run(ctx context.Context, r io.Reader) (Object, error) {
	buffer := make([]byte, partBytes)
	for {
		n, err := io.ReadFull(r, buffer)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return Object{}, err // the source's own words
		}
		if n > 0 || len(u.sent) == 0 {
			if err := u.part(ctx, buffer[:n]); err != nil {
				return Object{}, err
			}
		}
		if last {
			return u.complete(ctx)
		}
	}
}

func (u *upload) part(ctx context.Context, content []byte) error {
	if len(u.sent) == maxParts {
		return fmt.Errorf("send %s: it has more than %d GiB; use snapshots for a database of that size", u.key, maxParts*partBytes>>30)
	}
	ctx, cancel := context.WithTimeout(ctx, u.Limit)
	defer cancel()
	sum := sha256.Sum256(content)
	_, _ = u.whole.Write(content)
	_, _ = u.parts.Write(sum[:])
	u.bytes += int64(len(content))
	number, checksum := aws.Int32(int32(len(u.sent)+1)), aws.String(base64.StdEncoding.EncodeToString(sum[:]))
	sent, err := u.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &u.Bucket, Key: &u.key, UploadId: &u.id, PartNumber: number, Body: bytes.NewReader(content),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: checksum,
	})
	if err != nil {
		return u.explain("send", u.key, err)
	}
	u.sent = append(u.sent, types.CompletedPart{PartNumber: number, ETag: sent.ETag, ChecksumSHA256: checksum})
	return nil
}

func (u *upload) complete(ctx context.Context) (Object, error) {
	ctx, cancel := context.WithTimeout(ctx, u.Limit)
	defer cancel()
	_, err := u.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.Bucket, Key: &u.key, UploadId: &u.id, IfNoneMatch: aws.String("*"),
		MultipartUpload: &types.CompletedMultipartUpload{Parts: u.sent},
	})
	if err != nil {
		return Object{}, u.explain("send", u.key, err)
	}
	return Object{
		Key: u.key, Bytes: u.bytes, SHA256: hex.EncodeToString(u.whole.Sum(nil)),
		Parts: base64.StdEncoding.EncodeToString(u.parts.Sum(nil)),
	}, nil
}
