package tarball_test

import (
	"archive/tar"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

func TestWalkRefusesNames(t *testing.T) {
	for name, reason := range map[string]tarball.Reason{
		"":                                    tarball.BadName,
		"package":                             tarball.BadName,
		"package/":                            tarball.BadName,
		"package//a":                          tarball.BadName,
		"package/./a":                         tarball.BadName,
		"./package/a":                         tarball.BadName,
		"package/\xff":                        tarball.BadName,
		"package/a\nb":                        tarball.HiddenCharacter,
		"package/a\x7f":                       tarball.HiddenCharacter,
		"package/a\u202ejs.exe":               tarball.HiddenCharacter,
		"package/a\u200b":                     tarball.HiddenCharacter,
		"package/a\u2028":                     tarball.HiddenCharacter,
		`package\a`:                           tarball.Backslash,
		`package/..\..\a`:                     tarball.Backslash,
		"/etc/passwd":                         tarball.AbsolutePath,
		"//a":                                 tarball.AbsolutePath,
		"../a":                                tarball.Traversal,
		"package/..":                          tarball.Traversal,
		"package/../../etc/cron.d/a":          tarball.Traversal,
		"package/" + strings.Repeat("n", 256): tarball.NameTooLong,
		"package/" + strings.Repeat(strings.Repeat("n", 98)+"/", 3) + "nnnn": tarball.NameTooLong,
		"package/1/2/3/4/5/6": tarball.TooDeep,
	} {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			files, err := walk(tarballtest.Gzip(t, raw(t, name)))
			require.Equal(t, name, refused(t, err, reason))
			require.Empty(t, files)
		})
	}
}

// raw is a tar with one file whose name no writer would accept.
func raw(t *testing.T, name string) []byte {
	t.Helper()
	if len(name) > 100 {
		return tarballtest.Tar(t, []tar.Header{{Name: name}}, "x")
	}
	content := tarballtest.Tar(t, []tar.Header{{Name: "n", Typeflag: tar.TypeReg}}, "x")
	return patch(content, 0, func(header []byte) {
		clear(header[:100])
		copy(header, name)
	})
}

func TestWalkRefusesNamesThatCollide(t *testing.T) {
	for name, c := range map[string]struct {
		names  []string
		reason tarball.Reason
	}{
		"twice":                 {[]string{"p/a", "p/a"}, tarball.Duplicate},
		"twice, by other roots": {[]string{"p/a", "q/a"}, tarball.Duplicate},
		"letter case":           {[]string{"p/README", "p/readme"}, tarball.Collision},
		"letter case, sharp s":  {[]string{"p/straße", "p/STRASSE"}, tarball.Collision},
		"Kelvin":                {[]string{"p/\u212a", "p/k"}, tarball.Collision},
		"composed":              {[]string{"p/\u00e9", "p/e\u0301"}, tarball.Collision},
		"folders":               {[]string{"p/Lib/a", "p/lib/b"}, tarball.Collision},
		"file, then folder":     {[]string{"p/a", "p/a/b"}, tarball.Collision},
		"folder, then file":     {[]string{"p/a/b", "p/a"}, tarball.Collision},
	} {
		t.Run(name, func(t *testing.T) {
			var entries []tar.Header
			for _, name := range c.names {
				entries = append(entries, tar.Header{Name: name})
			}
			_, err := walk(tarballtest.Gzip(t, tarballtest.Tar(t, entries)))
			refused(t, err, c.reason)
		})
	}
}
