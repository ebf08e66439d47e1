package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Open reads an object back. Reading ends in io.EOF only if all of it came and
// it is what was sent; otherwise in an error that says what is wrong. Whoever
// uses what was read before the end must be able to throw it away.
func (a *Archive) Open(ctx context.Context, o Object) (io.ReadCloser, error) {
	got, err := a.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &a.Bucket, Key: &o.Key}, quietly)
	if err != nil {
		return nil, a.explain("read", o.Key, err)
	}
	return &checked{body: got.Body, object: o, sum: sha256.New()}, nil
}

// checked reads an object and compares it with what was sent.
type checked struct {
	body   io.ReadCloser
	object Object
	sum    hash.Hash
	read   int64
}

// Read reads on, and at the end says whether it was the right thing.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	c.read += int64(n)
	_, _ = c.sum.Write(p[:n])
	if err == nil {
		return n, nil
	}
	sum := hex.EncodeToString(c.sum.Sum(nil))
	switch {
	case c.read != c.object.Bytes:
		return n, fmt.Errorf("read %s: it is cut off: %d bytes came, %d were sent; use another backup", c.object.Key, c.read, c.object.Bytes)
	case !errors.Is(err, io.EOF):
		return n, fmt.Errorf("read %s: %w", c.object.Key, err)
	case sum != c.object.SHA256:
		return n, fmt.Errorf("read %s: its SHA-256 is %s, not the %s that was sent: the object is damaged; use another backup", c.object.Key, sum, c.object.SHA256)
	}
	return n, io.EOF
}

// Close ends the download.
func (c *checked) Close() error { return c.body.Close() }
