package render_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render"
)

// BenchmarkFormats10000 writes a run with 10,000 findings in each format.
func BenchmarkFormats10000(b *testing.B) {
	r := readinesstest.Many(10000)
	for _, format := range render.ReadinessNames() {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, render.ReadinessFormats[format](io.Discard, r, render.Options{}))
			}
		})
	}
}
