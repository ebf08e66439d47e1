package judge

import "gatehouse/checks/evidence"

// Whole is [Read] for what must be read in full, because what is missing from it
// decides: all is false when a part of it could not be read. Then what was read
// is so, and nothing may be made of what is not there.
func Whole[T any](c *Case, q evidence.Query[T]) (value T, all bool) {
	value = Read(c, q)
	_, problems := Try(c, q)
	return value, len(problems) == 0
}
