package bucket

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// abortUploadDays is when the parts of an unfinished upload are deleted; they
// cost money and nobody sees them.
const abortUploadDays = 7

// Lifecycle says how long objects are kept, in days; 0 means never.
type Lifecycle struct {
	// ExpireDays deletes objects.
	ExpireDays int
	// ColdDays moves objects to STANDARD_IA; S3 takes 30 at the least.
	ColdDays int
	// NoncurrentDays deletes versions that were replaced or deleted.
	NoncurrentDays int
	// Prefixes are parts of the bucket that expire sooner, by prefix.
	Prefixes map[string]int
}

type (
	rule  = s3.BucketLifecycleConfigurationV2RuleArgs
	rules = s3.BucketLifecycleConfigurationV2RuleArray
)

// rules are S3's rules, in an order that does not depend on the map's.
func (l Lifecycle) rules() rules {
	all := newRule("all", "")
	all.AbortIncompleteMultipartUpload = s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
		DaysAfterInitiation: pulumi.Int(abortUploadDays),
	}
	if l.NoncurrentDays > 0 {
		all.NoncurrentVersionExpiration = s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(l.NoncurrentDays),
		}
	}
	if l.ColdDays > 0 {
		all.Transitions = s3.BucketLifecycleConfigurationV2RuleTransitionArray{
			s3.BucketLifecycleConfigurationV2RuleTransitionArgs{
				Days: pulumi.Int(l.ColdDays), StorageClass: pulumi.String("STANDARD_IA"),
			},
		}
	}
	// A rule either expires objects or removes what is left of expired ones.
	all.Expiration = s3.BucketLifecycleConfigurationV2RuleExpirationArgs{ExpiredObjectDeleteMarker: pulumi.Bool(true)}
	if l.ExpireDays > 0 {
		all.Expiration = expireAfter(l.ExpireDays)
	}
	found := rules{all}
	for _, prefix := range slices.Sorted(maps.Keys(l.Prefixes)) {
		part := newRule("expire-"+strings.Trim(strings.ReplaceAll(prefix, "/", "-"), "-"), prefix)
		part.Expiration = expireAfter(l.Prefixes[prefix])
		found = append(found, part)
	}
	return found
}

func newRule(id, prefix string) rule {
	return rule{
		Id: pulumi.String(id), Status: pulumi.String("Enabled"),
		Filter: s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String(prefix)},
	}
}

func expireAfter(days int) s3.BucketLifecycleConfigurationV2RuleExpirationArgs {
	return s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(days)}
}
