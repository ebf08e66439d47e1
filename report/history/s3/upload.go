package s3

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Upload writes an evidence bundle to s3://BUCKET/KEY. An object that is there is
// never replaced: evidence stays as it was. It needs s3:PutObject.
func Upload(ctx context.Context, cfg aws.Config, ref string, content []byte) error {
	store, err := Open(cfg, ref)
	if err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	key := strings.TrimSuffix(store.prefix, "/")
	if key == "" {
		return fmt.Errorf("write the bundle: %q names no object: want s3://BUCKET/KEY", ref)
	}
	_, err = store.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &store.bucket, Key: &key, Body: bytes.NewReader(content), ContentType: aws.String("application/x-tar"),
		IfNoneMatch: aws.String("*"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	switch status(err) {
	case http.StatusPreconditionFailed, http.StatusConflict:
		return fmt.Errorf("write the bundle to %s: something is there, and stays as it is; name another key", ref)
	}
	if err := store.explain("s3:PutObject", err); err != nil {
		return fmt.Errorf("write the bundle to %s: %w", ref, err)
	}
	return nil
}
