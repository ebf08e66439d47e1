package input

// place is where a key or an element of a document is written. The places of a
// document are a list in the order of the text, each followed by those below
// it: a tenth of the memory of a tree of nodes, and cut into the parts of a list
// without copying.
type place struct {
	key  string
	line int32
	// size counts the place and all below it.
	size int32
}

// element is the key of an element of a list. No file with it in a key is read
// as YAML, and in JSON nobody writes it.
const element = "\x00"

// places gathers places while a document is read.
type places []place

// open notes a place; what is noted before its close is below it.
func (p *places) open(key string, line int) int {
	*p = append(*p, place{key: key, line: int32(line)})
	return len(*p) - 1
}

func (p *places) close(i int) {
	(*p)[i].size = int32(len(*p) - i)
}

// child finds the place of a key or an index, and the places below it. A key may
// be there several times, since << takes in what other keys overrule: the last
// one counts.
func (p places) child(step any) (line int, below places, found bool) {
	for i, n := 0, 0; i < len(p); i, n = i+int(p[i].size), n+1 {
		if p[i].key == step || p[i].key == element && n == step {
			line, below, found = int(p[i].line), p[i+1:i+int(p[i].size)], true
		}
	}
	return line, below, found
}

// line is the line of what is at a path, or of its nearest ancestor; root is the
// line of the whole.
func (p places) line(root int, path []any) int {
	for _, step := range path {
		line, below, found := p.child(step)
		if !found {
			break
		}
		root, p = line, below
	}
	return root
}
