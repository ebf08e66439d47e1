package npm

import (
	"slices"

	"golang.org/x/mod/semver"
)

// nearest are the two versions below and the two above the one that is wanted.
func nearest(wanted string, all []string) []string {
	all = slices.DeleteFunc(slices.Clone(all), func(v string) bool { return !semver.IsValid("v" + v) })
	if semver.Prerelease("v"+wanted) == "" {
		releases := slices.DeleteFunc(slices.Clone(all), func(v string) bool { return semver.Prerelease("v"+v) != "" })
		if len(releases) > 0 {
			all = releases
		}
	}
	compare := func(a, b string) int { return semver.Compare("v"+a, "v"+b) }
	slices.SortFunc(all, compare)
	at, _ := slices.BinarySearchFunc(all, wanted, compare)
	return all[max(0, at-2):min(len(all), at+2)]
}
