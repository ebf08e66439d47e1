package html_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
)

// inOrder checks that a text says things one after the other.
func inOrder(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		_, after, found := strings.Cut(text, want)
		require.True(t, found, "%q is not there, or too early", want)
		text = after
	}
}

func TestWhatCountsComesFirst(t *testing.T) {
	root := parse(t, write(t, readinesstest.Rich()))
	inOrder(t, text(find(t, root, "map")), "portal", "platform", "cluster", "data", "edge", "network", "foundation")
	inOrder(t, text(find(t, root, "access")), "role/platform-admin", "Group platform-admins", "role/gatehouse-auditor", "developer-portal/backstage")
	inOrder(t, text(find(t, root, "deployed")), "foundation: 1", "data: 1", "portal: 2", "of no layer: 1")
	inOrder(t, text(find(t, root, "outcome")), "Not ready", "Fail", "Why not", "DB-3", "What next", "K8S-5", "This run")
	inOrder(t, text(find(t, root, "policies")), "aws-rds-storage-encrypted", "kubernetes-pods-non-root", "aws-s3-bucket-versioned")
}

// The drawing stands higher for more, and has a gap where nothing applied.
func TestTheTrendIsDrawn(t *testing.T) {
	percent := func(n int) *int { return &n }
	r := readinesstest.Rich()
	points := r.Trend[:5]
	points[0].Percent, points[1].Percent, points[2].Percent, points[3].Percent, points[4].Percent = percent(0), percent(100), nil, percent(50), percent(25)
	points[1].Ready = true
	r.Trend = points
	root := parse(t, write(t, r))
	lines := elements(root, "polyline")
	require.Len(t, lines, 2)
	require.Equal(t, "44,148 208,16", attribute(lines[0], "points"))
	require.Equal(t, "536,82 700,115", attribute(lines[1], "points"))
	circles := elements(root, "circle")
	require.Len(t, circles, 4)
	require.Equal(t, "ready", attribute(circles[1], "class"))
	require.Equal(t, "2026-11-17 10:15: 100 %, ready", text(circles[1]))
	require.Len(t, elements(find(t, root, "trend"), "tr"), 6, "the table has the run that the drawing has not")

	r.Trend = []readiness.Point{{Ref: points[0].Ref, Percent: percent(400)}}
	circles = elements(parse(t, write(t, r)), "circle")
	require.Len(t, circles, 1, "one run is one point")
	require.Equal(t, "16", attribute(circles[0], "cy"), "it stays in the drawing")
}
