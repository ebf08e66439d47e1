package listfile_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/report/listfile"
)

// The last lines of items, whatever stands between them.
func TestEnds(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		want    []int
	}{
		"one after the other":       {"l:\n- a: 1\n  b: 2\n- a: 3\n", []int{3, 4}},
		"no newline at the end":     {"l:\n- a: 1\n  b: 2", []int{3}},
		"comments and empty lines":  {"l:\n- a: 1\n\n# next\n\n- a: 3\n\n# end\n", []int{2, 6}},
		"indented":                  {"l:\n  - a: 1\n    b: 1\n  # next\n  - a: 3\n", []int{3, 5}},
		"a text of several lines":   {"l:\n- a: |\n    one\n    # two\n- a: >\n    one\n\n    two\n", []int{4, 8}},
		"a quoted one":              {"l:\n- a: \"one\n    two\"\n  b: c\n", []int{4}},
		"two on one line":           {"l: [{a: 1}, {a: 2}]\n", []int{1, 1}},
		"the dash on its own line":  {"l:\n-\n  a: 1\n-\n  a: 2\n", []int{4, 5}},
		"carriage returns, as well": {"l:\r\n- a: 1\r\n\r\n- a: 2\r\n", []int{2, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			var document yaml.Node
			require.NoError(t, yaml.Unmarshal([]byte(c.content), &document))
			require.Equal(t, c.want, listfile.Ends([]byte(c.content), document.Content[0].Content[1].Content))
		})
	}
	require.Empty(t, listfile.Ends(nil, nil))
}
