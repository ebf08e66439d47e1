package bucket

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// accessLogPrefix begins the keys of S3's server access logs.
const accessLogPrefix = "s3/"

// loadBalancerPrefix begins the keys of network load balancers' access logs.
const loadBalancerPrefix = "nlb/"

// Delivery is an AWS service that writes into a bucket, and on whose behalf it
// may: without the source, another account could have its logs written here
// (the confused deputy).
type Delivery struct {
	// service is the principal.
	service string
	// id begins the statements' IDs.
	id string
	// keys is the pattern of the objects.
	keys string
	// source is the pattern of the ARN that the service writes for.
	source string
	// reads says that the service looks at the bucket's owner first and gives
	// it full control of what it writes.
	reads bool
}

// AccessLogs lets S3 write the server access logs of the buckets whose names
// begin with prefix.
func AccessLogs(partition, prefix string) Delivery {
	return Delivery{
		service: "logging.s3.amazonaws.com", id: "AccessLogs", keys: accessLogPrefix + "*",
		source: fmt.Sprintf("arn:%s:s3:::%s*", partition, prefix),
	}
}

// LoadBalancerLogs lets network load balancers of the account and region write
// their access logs ("Access logs for your Network Load Balancer").
func LoadBalancerLogs(partition, region, account string) Delivery {
	return Delivery{
		service: "delivery.logs.amazonaws.com", id: "LoadBalancerLogs", keys: loadBalancerPrefix + "AWSLogs/" + account + "/*",
		source: fmt.Sprintf("arn:%s:logs:%s:%s:*", partition, region, account), reads: true,
	}
}

// Trail lets CloudTrail write for the trail of that name ("Amazon S3 bucket
// policy for CloudTrail").
func Trail(partition, region, account, trail string) Delivery {
	return Delivery{
		service: "cloudtrail.amazonaws.com", id: "Trail", keys: "AWSLogs/" + account + "/*",
		source: fmt.Sprintf("arn:%s:cloudtrail:%s:%s:trail/%s", partition, region, account, trail), reads: true,
	}
}

func (d Delivery) statements(args Args, arn pulumi.StringInput) []iampolicy.Statement {
	service := []iampolicy.Principal{iampolicy.AWSService(d.service)}
	ours := []iampolicy.Condition{
		iampolicy.Is("aws:SourceAccount", args.AccountID),
		iampolicy.When("ArnLike", "aws:SourceArn", d.source),
	}
	write := iampolicy.Statement{
		ID: d.id + "Write", Effect: iampolicy.Allow, Principals: service, Actions: []string{"s3:PutObject"},
		Resources: []pulumi.StringInput{pulumi.Sprintf("%s/%s", arn, d.keys)}, Conditions: ours,
	}
	if !d.reads {
		return []iampolicy.Statement{write}
	}
	write.Conditions = append(ours, iampolicy.Is("s3:x-amz-acl", "bucket-owner-full-control"))
	return []iampolicy.Statement{{
		ID: d.id + "Look", Effect: iampolicy.Allow, Principals: service, Actions: []string{"s3:GetBucketAcl"},
		Resources: []pulumi.StringInput{arn}, Conditions: ours,
	}, write}
}
