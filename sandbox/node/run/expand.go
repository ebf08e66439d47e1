package run

import "strings"

// expand replaces $(NAME) by the variable's value and $$ by $, as a kubelet does.
// missing are the names that are not set; their references stay as they are.
func expand(text string, variables map[string]string) (_ string, missing []string) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "$")
		b.WriteString(before)
		if !found {
			return b.String(), missing
		}
		switch {
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			text = rest[1:]
			continue
		case strings.HasPrefix(rest, "("):
			name, after, closed := strings.Cut(rest[1:], ")")
			if closed {
				value, set := variables[name]
				if !set {
					value = "$(" + name + ")"
					missing = append(missing, name)
				}
				b.WriteString(value)
				text = after
				continue
			}
		}
		b.WriteByte('$')
		text = rest
	}
}
