package componenttest

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// answered is what AWS would answer to a function: without a row, its own
// arguments.
func answered(token string, args resource.PropertyMap) resource.PropertyMap {
	if token != "aws:secretsmanager/getRandomPassword:getRandomPassword" {
		return args
	}
	drawn := strings.Repeat("a", int(args["passwordLength"].NumberValue()))
	if !args["excludePunctuation"].IsBool() || !args["excludePunctuation"].BoolValue() {
		drawn = "!" + drawn[1:]
	}
	return resource.PropertyMap{"randomPassword": resource.NewStringProperty(drawn)}
}

// computed adds what AWS would compute for a resource and programs read inside
// a structure, where a missing value is an error and not just empty. To add a
// type, add a row.
func computed(token string, outputs resource.PropertyMap) {
	object := func(properties resource.PropertyMap) resource.PropertyValue {
		return resource.NewObjectProperty(properties)
	}
	list := func(items ...resource.PropertyValue) resource.PropertyValue { return resource.NewArrayProperty(items) }
	text := resource.NewStringProperty

	switch token {
	case "aws:eks/cluster:Cluster":
		outputs["endpoint"] = text("https://0123456789.gr7.us-west-2.eks.amazonaws.com")
		outputs["certificateAuthority"] = object(resource.PropertyMap{"data": text("Y2VydGlmaWNhdGU=")})
		outputs["identities"] = list(object(resource.PropertyMap{"oidcs": list(object(resource.PropertyMap{
			"issuer": text("https://oidc.eks.us-west-2.amazonaws.com/id/0123456789"),
		}))}))
		network := outputs["vpcConfig"].ObjectValue().Copy()
		network["clusterSecurityGroupId"] = text("sg-cluster")
		outputs["vpcConfig"] = object(network)
	case "aws:rds/instance:Instance":
		outputs["endpoint"] = text(outputs["identifier"].StringValue() + ".0123456789.us-west-2.rds.amazonaws.com:5432")
		outputs["masterUserSecrets"] = list(object(resource.PropertyMap{
			"secretArn": text("arn:aws:secretsmanager:us-west-2:123456789012:secret:rds!db-0123456789"),
		}))
	case "aws:elasticache/replicationGroup:ReplicationGroup":
		outputs["configurationEndpointAddress"] = text("clustercfg.cache.0123456789.usw2.cache.amazonaws.com")
	case "aws:acm/certificate:Certificate":
		outputs["domainValidationOptions"] = list(object(resource.PropertyMap{
			"resourceRecordName":  text("_0123456789." + outputs["domainName"].StringValue()),
			"resourceRecordType":  text("CNAME"),
			"resourceRecordValue": text("_0123456789.acm-validations.aws"),
		}))
	case "aws:ec2/launchTemplate:LaunchTemplate":
		outputs["latestVersion"] = resource.NewNumberProperty(1)
	}
}
