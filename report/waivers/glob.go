package waivers

import "unicode/utf8"

// match tells whether pattern covers the whole of text: * stands for any
// characters (/ and : too), ? for one. It goes back to the last star only, so
// that no pattern takes more than len(pattern)·len(text) steps.
func match(pattern, text string) bool {
	star, retry := -1, 0 // the pattern after the last star, and where in text it is tried next
	p, t := 0, 0
	for t < len(text) {
		_, width := utf8.DecodeRuneInString(text[t:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			p++
			star, retry = p, t
		case p < len(pattern) && pattern[p] == '?':
			p, t = p+1, t+width
		case p < len(pattern) && pattern[p] == text[t]:
			p, t = p+1, t+1
		case star >= 0:
			_, width := utf8.DecodeRuneInString(text[retry:])
			retry += width
			p, t = star, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
