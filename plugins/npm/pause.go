package npm

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

const (
	// first is the longest first pause; each one after is twice as long.
	first = 500 * time.Millisecond
	// longest is the longest pause of our own, and the longest that a registry may
	// ask for: whoever waits for more is better told.
	longest = 30 * time.Second
)

// pause is how long to wait after a try, counted from 0: half is certain and half
// is chance, so that many who failed together do not come back together. What the
// registry asks for is waited at least.
func (c *Client) pause(try int, asked time.Duration) time.Duration {
	most := longest
	if try < 6 { // 500 ms · 2⁶ is above the longest
		most = min(longest, first<<try)
	}
	return max(asked, time.Duration(float64(most)*(0.5+c.options.Random()/2)))
}

// retryAfter reads the header (RFC 9110, 10.2.3): seconds or a date. What is
// neither counts as nothing.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), math.MaxInt64/int64(time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
