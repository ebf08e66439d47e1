package awstest

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Call is what a request asks of AWS.
type Call struct {
	// Service is as the signature names it, which is IAM's prefix: "rds",
	// "elasticfilesystem".
	Service string
	// Action is the operation's name, or "GET /path" when the table of [rest]
	// does not have it.
	Action string
	// form is whether the answer must be the XML of a query service.
	form bool
}

// String is the action as IAM writes it.
func (c Call) String() string { return c.Service + ":" + c.Action }

var scope = regexp.MustCompile(`Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request`)

// callOf reads a request of any of AWS's protocols. The body can be read again.
func callOf(r *http.Request) Call {
	var c Call
	if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		c.Service = m[1]
	}
	if target := r.Header.Get("X-Amz-Target"); target != "" { // JSON services
		c.Action = target[strings.LastIndex(target, ".")+1:]
		return c
	}
	if _, action, is := strings.Cut(r.URL.Path, "/operation/"); is { // RPC v2
		c.Action = action
		return c
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") { // query services
		body, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		c.Action, c.form = form.Get("Action"), true
		return c
	}
	c.Action = r.Method + " " + r.URL.Path
	for _, row := range rest {
		if row.service == c.Service && row.method == r.Method && row.path.MatchString(r.URL.Path) && r.URL.Query().Has(row.query) == (row.query != "") {
			c.Action = row.action
			break
		}
	}
	return c
}

// row is an operation of a REST service: query is the parameter that tells it
// from others of the same path, as S3 does.
type row struct {
	service, method string
	path            *regexp.Regexp
	query, action   string
}

func get(service, path, action string) row {
	return row{service, http.MethodGet, regexp.MustCompile("^" + strings.ReplaceAll(path, "{}", "[^/]+") + "/?$"), "", action}
}

func post(service, path, action string) row {
	r := get(service, path, action)
	r.method = http.MethodPost
	return r
}

func bucket(query, action string) row {
	r := get("s3", "/{}", action)
	r.query = query
	return r
}

// rest are the operations that the collectors use, in the paths of AWS's
// service models.
var rest = []row{
	get("eks", "/clusters", "ListClusters"),
	get("eks", "/clusters/{}", "DescribeCluster"),
	get("eks", "/cluster-versions", "DescribeClusterVersions"),
	get("eks", "/clusters/{}/node-groups", "ListNodegroups"),
	get("eks", "/clusters/{}/node-groups/{}", "DescribeNodegroup"),
	get("eks", "/clusters/{}/access-entries", "ListAccessEntries"),
	// The principal's ARN has slashes of its own.
	get("eks", "/clusters/{}/access-entries/.+/access-policies", "ListAssociatedAccessPolicies"),
	get("eks", "/clusters/{}/access-entries/.+", "DescribeAccessEntry"),
	get("eks", "/clusters/{}/addons", "ListAddons"),

	get("elasticfilesystem", "/2015-02-01/file-systems", "DescribeFileSystems"),
	get("elasticfilesystem", "/2015-02-01/file-systems/{}/backup-policy", "DescribeBackupPolicy"),
	get("elasticfilesystem", "/2015-02-01/file-systems/{}/lifecycle-configuration", "DescribeLifecycleConfiguration"),
	get("elasticfilesystem", "/2015-02-01/mount-targets", "DescribeMountTargets"),

	get("backup", "/backup/plans", "ListBackupPlans"),
	get("backup", "/backup/plans/{}", "GetBackupPlan"),
	get("backup", "/backup/plans/{}/selections", "ListBackupSelections"),
	get("backup", "/backup-vaults/{}", "DescribeBackupVault"),
	get("backup", "/backup-vaults/{}/recovery-points", "ListRecoveryPointsByBackupVault"),
	get("backup", "/restore-jobs", "ListRestoreJobs"),

	bucket("versioning", "GetBucketVersioning"),
	bucket("lifecycle", "GetBucketLifecycleConfiguration"),
	bucket("encryption", "GetBucketEncryption"),
	bucket("publicAccessBlock", "GetPublicAccessBlock"),
	bucket("object-lock", "GetObjectLockConfiguration"),
	bucket("tagging", "GetBucketTagging"),
	bucket("list-type", "ListObjectsV2"),

	get("route53", "/2013-04-01/hostedzone", "ListHostedZones"),
	get("route53", "/2013-04-01/hostedzone/{}", "GetHostedZone"),
	get("route53", "/2013-04-01/hostedzone/{}/rrset", "ListResourceRecordSets"),
	get("route53", "/2013-04-01/hostedzone/{}/dnssec", "GetDNSSEC"),
	get("route53", "/2013-04-01/healthcheck", "ListHealthChecks"),
	get("route53", "/2013-04-01/healthcheck/{}/status", "GetHealthCheckStatus"),
	get("route53", "/2013-04-01/tags/healthcheck/{}", "ListTagsForResource"),

	get("cloudfront", "/2020-05-31/distribution", "ListDistributions"),
	get("cloudfront", "/2020-05-31/distribution/{}", "GetDistribution"),
	get("cloudfront", "/2020-05-31/distribution/{}/config", "GetDistributionConfig"),

	get("guardduty", "/detector", "ListDetectors"),
	get("guardduty", "/detector/{}", "GetDetector"),
	post("guardduty", "/detector/{}/findings", "ListFindings"),
	post("guardduty", "/detector/{}/findings/get", "GetFindings"),
	get("access-analyzer", "/analyzer", "ListAnalyzers"),
}
