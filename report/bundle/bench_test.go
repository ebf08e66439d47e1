package bundle_test

import (
	"bytes"
	"fmt"
	"testing"

	"gatehouse/report/bundle"
	"gatehouse/report/bundle/signing"
	"gatehouse/report/readiness"
)

// BenchmarkVerify verifies 64 MiB of evidence in 130 pieces; what it allocates
// must not grow with them.
func BenchmarkVerify(b *testing.B) {
	private, trusted := goodSigner(b)
	var pieces []readiness.Evidence
	for i := range 130 {
		content := bytes.Repeat([]byte{byte(i)}, 64<<20/130)
		pieces = append(pieces, readiness.Evidence{ID: fmt.Sprintf("aws.piece-%d", i), Content: content, SHA256: sum(content)})
	}
	content := write(b, bundle.Contents{Report: results(b, started, pieces), Evidence: pieces}, private)
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if v, err := bundle.Verify(bytes.NewReader(content), []signing.Key{trusted}, now); err != nil || !v.Verified {
			b.Fatal(v.Problems, err)
		}
	}
}
