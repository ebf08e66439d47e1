package aws

import (
	"fmt"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/guardduty"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
)

// sandboxAccount is the account ID of the emulator.
const sandboxAccount = "123456789012"

// clients are the AWS SDK clients of one region, bound to the emulator. The fields are exported so that clientOf can
// find them by type.
type clients struct {
	endpoint, region string

	ACM         *acm.Client
	Backup      *backup.Client
	Budgets     *budgets.Client
	CloudFront  *cloudfront.Client
	CloudTrail  *cloudtrail.Client
	EC2         *ec2.Client
	ECR         *ecr.Client
	EFS         *efs.Client
	EKS         *eks.Client
	ElastiCache *elasticache.Client
	GuardDuty   *guardduty.Client
	IAM         *iam.Client
	KMS         *kms.Client
	Lambda      *lambda.Client
	Logs        *cloudwatchlogs.Client
	RDS         *rds.Client
	Route53     *route53.Client
	S3          *s3.Client
	Secrets     *secretsmanager.Client
	Shield      *shield.Client
	SNS         *sns.Client
	WAF         *wafv2.Client
}

// newClients binds all clients to a loopback endpoint with fake credentials. Retries are few and quick: an emulator
// on this machine either answers or is broken.
func newClients(endpoint, region string) *clients {
	cfg := aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(endpoint),
		HTTPClient:   loopbackClient(),
		Credentials:  credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 3, 500*time.Millisecond })
		},
	}
	return &clients{
		endpoint: endpoint, region: region,
		ACM:         acm.NewFromConfig(cfg),
		Backup:      backup.NewFromConfig(cfg),
		Budgets:     budgets.NewFromConfig(cfg),
		CloudFront:  cloudfront.NewFromConfig(cfg),
		CloudTrail:  cloudtrail.NewFromConfig(cfg),
		EC2:         ec2.NewFromConfig(cfg),
		ECR:         ecr.NewFromConfig(cfg),
		EFS:         efs.NewFromConfig(cfg),
		EKS:         eks.NewFromConfig(cfg),
		ElastiCache: elasticache.NewFromConfig(cfg),
		GuardDuty:   guardduty.NewFromConfig(cfg),
		IAM:         iam.NewFromConfig(cfg),
		KMS:         kms.NewFromConfig(cfg),
		Lambda:      lambda.NewFromConfig(cfg),
		Logs:        cloudwatchlogs.NewFromConfig(cfg),
		RDS:         rds.NewFromConfig(cfg),
		Route53:     route53.NewFromConfig(cfg),
		S3:          s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		Secrets:     secretsmanager.NewFromConfig(cfg),
		Shield:      shield.NewFromConfig(cfg),
		SNS:         sns.NewFromConfig(cfg),
		WAF:         wafv2.NewFromConfig(cfg),
	}
}

// clientOf returns the client of a service by its type.
func clientOf[C any](c *clients) *C {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Type() == reflect.TypeFor[*C]() {
			return f.Interface().(*C)
		}
	}
	panic(fmt.Sprintf("no client of type %s: add it to clients", reflect.TypeFor[C]()))
}
