package s3

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"gatehouse/plugins/trail"
)

// List looks at every version: a record that somebody "deleted" (a marker over it)
// or wrote over is still there, is read as it was written first, and is said to have
// been touched.
func (l *Log) List(ctx context.Context) (trail.Listing, error) {
	first := map[string]types.ObjectVersion{}
	extra := map[string]int{}
	markers := map[string]bool{}
	pages := s3.NewListObjectVersionsPaginator(l.client, &s3.ListObjectVersionsInput{Bucket: &l.bucket, Prefix: &l.prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return trail.Listing{}, l.explain("s3:ListBucketVersions", err)
		}
		// The versions of one key come newest first.
		for _, version := range page.Versions {
			name := l.name(version.Key)
			if _, more := first[name]; more {
				extra[name]++
			}
			first[name] = version
		}
		for _, marker := range page.DeleteMarkers {
			markers[l.name(marker.Key)] = true
		}
	}
	return listing(first, extra, markers), nil
}

func (l *Log) name(key *string) string { return strings.TrimPrefix(aws.ToString(key), l.prefix) }

func listing(first map[string]types.ObjectVersion, extra map[string]int, markers map[string]bool) trail.Listing {
	var found trail.Listing
	strange := func(kind trail.Kind, sequence int64, format string, values ...any) {
		found.Strange = append(found.Strange, trail.Problem{Kind: kind, Sequence: sequence, Detail: fmt.Sprintf(format, values...)})
	}
	for name, version := range first {
		sequence, ours := trail.ParseName(name)
		if !ours {
			strange(trail.Foreign, 0, "%q is no record", name)
			continue
		}
		found.Places = append(found.Places, trail.Place{Sequence: sequence, Version: aws.ToString(version.VersionId)})
		if extra[name] > 0 {
			strange(trail.Replaced, sequence, "record %d was written over %d times; its first version counts", sequence, extra[name])
		}
		if markers[name] {
			strange(trail.Removed, sequence, "record %d was deleted; its version is still there and counts", sequence)
		}
	}
	for name := range markers {
		sequence, ours := trail.ParseName(name)
		if _, there := first[name]; ours && !there {
			strange(trail.Removed, sequence, "record %d was deleted with all its versions", sequence)
		}
	}
	slices.SortFunc(found.Places, func(a, b trail.Place) int { return cmp.Compare(a.Sequence, b.Sequence) })
	slices.SortFunc(found.Strange, func(a, b trail.Problem) int {
		return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(a.Detail, b.Detail))
	})
	return found
}
