package bundle

import (
	"io"
	"time"

	"gatehouse/report/bundle/signing"
)

// VerifySmall is Verify for bundles of few bytes.
func VerifySmall(r io.Reader, keys []signing.Key, now time.Time, parts int, part, total int64) (Verification, error) {
	return verify(r, keys, now, limits{parts: parts, part: part, total: total, report: part, meta: part})
}
