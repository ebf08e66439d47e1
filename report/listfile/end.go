package listfile

import (
	"bytes"
	"fmt"

	"gopkg.in/yaml.v3"
)

// Ends are the last lines of the items of the list in a file, whose nodes they
// are, in their order. Comments and empty lines between two items belong to
// neither; deeper ones count, because they may be the lines of a text.
func Ends(content []byte, items []*yaml.Node) []int {
	lines := bytes.Split(content, []byte("\n"))
	ends := make([]int, len(items))
	for i, item := range items {
		end := len(lines)
		if i+1 < len(items) {
			end = min(end, items[i+1].Line-1)
		}
		for end > item.Line && between(lines[end-1], item.Column-1) {
			end--
		}
		ends[i] = max(end, item.Line)
	}
	return ends
}

// between tells whether a line is none of an item whose keys are indented so far.
func between(line []byte, indent int) bool {
	text := bytes.TrimLeft(line, " \t")
	blank := len(bytes.TrimSpace(text)) == 0
	return blank || text[0] == '#' && len(line)-len(text) < indent
}

// Cut takes the lines from first to last out of a file, which are those of one
// item. It refuses an item that does not begin with a dash on its first line.
func Cut(content []byte, first, last int) ([]byte, error) {
	lines := bytes.SplitAfter(content, []byte("\n"))
	if first < 1 || last < first || last > len(lines) || !bytes.HasPrefix(bytes.TrimSpace(lines[first-1]), []byte("-")) {
		return nil, fmt.Errorf("take out the item on line %d: it does not begin with a dash there; take it out by hand", first)
	}
	return bytes.Join(append(lines[:first-1:first-1], lines[last:]...), nil), nil
}
