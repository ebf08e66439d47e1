package gate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Only what newer evidence may settle is worth another try; with something beside it
// that nothing settles it is not.
func TestWhatAnotherTryMaySettle(t *testing.T) {
	later := func(spoil func(*scene)) bool {
		s := newScene(t)
		spoil(s)
		for _, step := range s.check().Steps {
			if step.Name == "vulnerabilities" {
				return step.Later
			}
			require.False(t, step.Later, step.Name)
		}
		t.Fatal("the step is not there")
		return false
	}
	stale := func(s *scene) { s.sources.Now = now.AddDate(0, 0, 10) }
	require.True(t, later(stale), "what is known is old")
	require.True(t, later(func(s *scene) { s.sources.Now = now.AddDate(0, 0, -7) }), "a clock is wrong")
	require.True(t, later(func(s *scene) { s.advisory["MAL-0000-0.json"].Data = []byte(`{`) }), "a copy is damaged")
	require.True(t, later(func(s *scene) { s.policy.Vulnerabilities.MaxAge = time.Hour }))
	require.False(t, later(func(*scene) {}))
	require.False(t, later(func(s *scene) { stale(s); file("node_modules/left-pad/package.json", `{}`)(s) }), "one of them is no package")
	require.False(t, later(func(s *scene) { s.policy.Vulnerabilities.MaxAge = time.Hour; s.accept("vulnerabilities", "stale") }), "somebody accepts it")
}
