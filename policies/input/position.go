package input

import (
	"net/url"
	"strconv"
	"strings"

	"gatehouse/report"
)

// position reads where Pulumi saw a resource registered:
// project:///components/x.go#85,2. A program that ran in a copy of the project
// lies above the copy (project:///../../../components/x.go#85): what the path
// climbs is left out, since the rest is the path within the project.
func position(text string) *report.Location {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "project" {
		return nil
	}
	file := strings.TrimPrefix(u.Path, "/")
	for strings.HasPrefix(file, "../") {
		file = file[len("../"):]
	}
	if file == "" || file == ".." {
		return nil
	}
	line, _, _ := strings.Cut(u.Fragment, ",")
	n, err := strconv.Atoi(line)
	if err != nil || n < 0 {
		n = 0
	}
	return &report.Location{File: file, Line: n}
}

// inheritPlaces gives a resource without a place that of the component it is a part of.
// Pulumi writes parents before their children.
func inheritPlaces(resources []Resource) {
	at := map[string]*report.Location{}
	for i := range resources {
		r := &resources[i]
		if r.Location == nil {
			r.Location = at[r.Parent]
		}
		at[r.URN] = r.Location
	}
}
