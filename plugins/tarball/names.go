package tarball

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxElement is NAME_MAX of Linux and of EFS, in bytes.
const maxElement = 255

// names are those that one package has used so far.
type names struct {
	limits Limits
	// dirs are the folders that are known to be good, as they are spelled.
	dirs map[string]bool
	// spelled has, by folded name, how it is spelled.
	spelled map[string]spelling
}

type spelling struct {
	path string
	dir  bool
}

// strip checks a name of the archive and drops its first element. It is "" for
// the package's own folder.
//
// What only Windows reserves (CON, aux.js, a colon) is accepted: plugins run on
// Linux, and honest packages have such files.
func (n *names) strip(name string, dir bool) (string, error) {
	switch {
	case !utf8.ValidString(name):
		return "", refuse(BadName, name, "its name is no UTF-8")
	case strings.ContainsFunc(name, hidden):
		return "", refuse(HiddenCharacter, name, "its name has a character that is not seen")
	case strings.Contains(name, `\`):
		return "", refuse(Backslash, name, "its name has a backslash")
	case strings.HasPrefix(name, "/"):
		return "", refuse(AbsolutePath, name, "its name begins at the root")
	}
	if dir {
		name = strings.TrimSuffix(name, "/")
	}
	elements := strings.Split(name, "/")
	for _, element := range elements {
		switch {
		case element == "..":
			return "", refuse(Traversal, name, "its name leads out of the folder")
		case element == "" || element == ".":
			return "", refuse(BadName, name, "its name has an element that is empty or a dot")
		case len(element) > maxElement:
			return "", refuse(NameTooLong, name, "an element of its name has more than %d bytes", maxElement)
		}
	}
	below := elements[1:]
	stripped := strings.Join(below, "/")
	switch {
	case len(below) == 0 && !dir:
		return "", refuse(BadName, name, "it is beside the package's folder")
	case len(stripped) > n.limits.Name:
		return "", refuse(NameTooLong, name, "its name has more than %d bytes", n.limits.Name)
	case len(below) > n.limits.Depth:
		return "", refuse(TooDeep, name, "its name has more than %d elements", n.limits.Depth)
	}
	return stripped, nil
}

// add takes a name and the folders above it, or says which it collides with.
func (n *names) add(entry, name string, dir bool) error {
	if dir && n.dirs[name] {
		return nil
	}
	if above := path.Dir(name); above != "." {
		if err := n.add(entry, above, true); err != nil {
			return err
		}
	}
	key := fold(name)
	other, taken := n.spelled[key]
	switch {
	case taken && other.path == name && !dir && !other.dir:
		return refuse(Duplicate, entry, "there are two of it")
	case taken && other.path == name:
		return refuse(Collision, entry, "%q is a file and a folder", short(name))
	case taken:
		return refuse(Collision, entry, "%q and %q are one name on some systems", short(other.path), short(name))
	}
	n.spelled[key] = spelling{name, dir}
	if dir {
		n.dirs[name] = true
	}
	return nil
}

// hidden are NUL and the other control characters, those that change how text is
// shown (right-to-left marks, zero width) and separators of lines.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// fold is one spelling for all that a file system without letter case, or with
// Unicode's canonical equivalence, takes for one name (The Unicode Standard, 3.13,
// D145).
func fold(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return norm.NFD.String(cases.Fold().String(norm.NFD.String(name)))
		}
	}
	return strings.ToLower(name)
}
