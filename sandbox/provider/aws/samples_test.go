package aws

import "slices"

const (
	trustEC2  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	readLogs  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::portal-logs/*"]}]}`
	keyPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}`
)

// samples are in order of dependence; they are deleted in reverse.
func samples() []sample {
	return slices.Concat(networkSamples(), storageSamples(), identitySamples(), dataSamples(), clusterSamples(), auditSamples(), edgeSamples())
}

func networkSamples() []sample {
	return []sample{
		{token: "aws:ec2/vpc:Vpc", name: "vpc", in: props{
			"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "enableDnsSupport": true,
			"tags": props{"Name": "portal"},
		}, change: props{"enableDnsHostnames": false, "tags": props{"Name": "portal", "owner": "team"}}},
		{token: "aws:ec2/subnet:Subnet", name: "subnet", in: props{
			"vpcId": "${vpc.id}", "cidrBlock": "10.0.1.0/24", "availabilityZone": "us-west-2a", "mapPublicIpOnLaunch": false,
		}, change: props{"mapPublicIpOnLaunch": true}},
		{token: "aws:ec2/subnet:Subnet", name: "subnetb", in: props{
			"vpcId": "${vpc.id}", "cidrBlock": "10.0.2.0/24", "availabilityZone": "us-west-2b",
		}},
		{token: "aws:ec2/internetGateway:InternetGateway", name: "igw", in: props{"vpcId": "${vpc.id}"}},
		{token: "aws:ec2/eip:Eip", name: "eip", in: props{"domain": "vpc"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:ec2/natGateway:NatGateway", name: "nat", in: props{"allocationId": "${eip.id}", "subnetId": "${subnet.id}"}},
		{token: "aws:ec2/routeTable:RouteTable", name: "table", in: props{"vpcId": "${vpc.id}"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:ec2/routeTable:RouteTable", name: "inline", in: props{
			"vpcId": "${vpc.id}", "routes": []any{props{"cidrBlock": "0.0.0.0/0", "natGatewayId": "${nat.id}"}},
		}, change: props{"routes": []any{props{"cidrBlock": "0.0.0.0/0", "gatewayId": "${igw.id}"}}}},
		{token: "aws:ec2/route:Route", name: "route", in: props{
			"routeTableId": "${table.id}", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "${igw.id}",
		}},
		{token: "aws:ec2/routeTableAssociation:RouteTableAssociation", name: "association", in: props{"routeTableId": "${table.id}", "subnetId": "${subnet.id}"}},
		{token: "aws:ec2/securityGroup:SecurityGroup", name: "group", in: props{"vpcId": "${vpc.id}", "description": "nodes"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:ec2/securityGroup:SecurityGroup", name: "ruled", in: props{
			"vpcId": "${vpc.id}", "description": "endpoints",
			"ingress": []any{props{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": []any{"10.0.0.0/16"}, "description": "https"}},
			"egress":  []any{props{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": []any{"0.0.0.0/0"}}},
		}, change: props{"ingress": []any{props{"protocol": "tcp", "fromPort": 8443, "toPort": 8443, "securityGroups": []any{"${group.id}"}}}}},
		{token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", name: "locked", in: props{"vpcId": "${vpc.id}"}},
		{token: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name: "ingress", in: props{
			"securityGroupId": "${group.id}", "ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "referencedSecurityGroupId": "${ruled.id}", "description": "postgres",
		}},
		{token: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", name: "egress", in: props{
			"securityGroupId": "${group.id}", "ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/16",
		}, change: props{"toPort": 444}},
		{token: "aws:ec2/networkAcl:NetworkAcl", name: "acl", in: props{
			"vpcId": "${vpc.id}", "subnetIds": []any{"${subnetb.id}"},
			"ingress": []any{props{"action": "allow", "cidrBlock": "10.0.0.0/16", "protocol": "-1", "ruleNo": 100, "fromPort": 0, "toPort": 0}},
			"egress":  []any{props{"action": "allow", "cidrBlock": "0.0.0.0/0", "protocol": "6", "ruleNo": 100, "fromPort": 443, "toPort": 443}},
		}, change: props{"ingress": []any{props{"action": "deny", "cidrBlock": "10.0.0.0/16", "protocol": "-1", "ruleNo": 90, "fromPort": 0, "toPort": 0}}}},
		{token: "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", name: "defaultacl", in: props{"defaultNetworkAclId": "${vpc.defaultNetworkAclId}"}},
		{token: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "s3endpoint", in: props{
			"vpcId": "${vpc.id}", "serviceName": "com.amazonaws.us-west-2.s3", "vpcEndpointType": "Gateway", "routeTableIds": []any{"${table.id}"},
		}},
		{token: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "ecrendpoint", in: props{
			"vpcId": "${vpc.id}", "serviceName": "com.amazonaws.us-west-2.ecr.api", "vpcEndpointType": "Interface", "privateDnsEnabled": true,
			"subnetIds": []any{"${subnet.id}", "${subnetb.id}"}, "securityGroupIds": []any{"${group.id}"},
		}, change: props{"subnetIds": []any{"${subnet.id}"}}},
		{token: "aws:ebs/encryptionByDefault:EncryptionByDefault", name: "disks", in: props{"enabled": true}},
		{token: "aws:ebs/defaultKmsKey:DefaultKmsKey", name: "diskkey", in: props{"keyArn": "arn:aws:kms:us-west-2:123456789012:key/x"}},
		{token: "aws:ec2/launchTemplate:LaunchTemplate", name: "template", in: props{
			"updateDefaultVersion": true, "vpcSecurityGroupIds": []any{"${group.id}"}, "ebsOptimized": "true",
			"metadataOptions":     props{"httpTokens": "required", "httpEndpoint": "enabled", "httpPutResponseHopLimit": 2},
			"blockDeviceMappings": []any{props{"deviceName": "/dev/xvda", "ebs": props{"volumeSize": 50, "volumeType": "gp3", "encrypted": "true", "deleteOnTermination": "true"}}},
			"tagSpecifications":   []any{props{"resourceType": "instance", "tags": props{"Name": "node"}}},
			"monitoring":          props{"enabled": true},
		}, change: props{"metadataOptions": props{"httpTokens": "required", "httpEndpoint": "enabled", "httpPutResponseHopLimit": 1}}},
		{token: "aws:ec2clientvpn/endpoint:Endpoint", name: "vpn", in: props{
			"clientCidrBlock": "10.9.0.0/22", "serverCertificateArn": "arn:aws:acm:us-west-2:123456789012:certificate/x",
			"authenticationOptions": []any{props{"type": "certificate-authentication"}}, "connectionLogOptions": props{"enabled": false},
		}},
		{token: "aws:ec2clientvpn/networkAssociation:NetworkAssociation", name: "vpnnet", in: props{"clientVpnEndpointId": "${vpn.id}", "subnetId": "${subnet.id}"}},
		{token: "aws:ec2clientvpn/authorizationRule:AuthorizationRule", name: "vpnrule", in: props{"clientVpnEndpointId": "${vpn.id}", "targetNetworkCidr": "10.0.0.0/16"}},
	}
}

func storageSamples() []sample {
	return []sample{
		{token: "aws:kms/key:Key", name: "key", in: props{
			"description": "data", "enableKeyRotation": true, "deletionWindowInDays": 30, "policy": keyPolicy, "multiRegion": false,
		}, change: props{"description": "all data", "enableKeyRotation": false}},
		{token: "aws:kms/alias:Alias", name: "keyalias", in: props{"name": "alias/portal-data", "targetKeyId": "${key.keyId}"}},
		{token: "aws:s3/bucketV2:BucketV2", name: "logs", in: props{"forceDestroy": true}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:s3/bucketV2:BucketV2", name: "audit", in: props{"bucket": "portal-audit", "objectLockEnabled": true}},
		{token: "aws:s3/bucketVersioningV2:BucketVersioningV2", name: "versions", in: props{"bucket": "${logs.id}", "versioningConfiguration": props{"status": "Enabled"}}},
		{token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name: "block", in: props{
			"bucket": "${logs.id}", "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
		}, change: props{"restrictPublicBuckets": false}},
		{token: "aws:s3/bucketPolicy:BucketPolicy", name: "bucketpolicy", in: props{"bucket": "${logs.id}", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::x"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Effect":"Allow","Principal":{"Service":["logging.s3.amazonaws.com"]},"Action":["s3:PutObject"],"Resource":["arn:aws:s3:::${logs.bucket}/*"]}]}`}},
		{token: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", name: "sse", in: props{
			"bucket": "${logs.id}", "rules": []any{props{"bucketKeyEnabled": true, "applyServerSideEncryptionByDefault": props{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "${key.arn}"}}},
		}},
		{token: "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", name: "lifecycle", in: props{
			"bucket": "${logs.id}", "rules": []any{props{
				"id": "expire", "status": "Enabled", "filter": props{"prefix": "logs/"}, "expiration": props{"days": 90},
				"noncurrentVersionExpiration": props{"noncurrentDays": 30}, "abortIncompleteMultipartUpload": props{"daysAfterInitiation": 7},
				"transitions": []any{props{"days": 30, "storageClass": "STANDARD_IA"}},
			}},
		}},
		{token: "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", name: "lock", in: props{
			"bucket": "${audit.id}", "objectLockEnabled": "Enabled", "rule": props{"defaultRetention": props{"mode": "COMPLIANCE", "days": 365}},
		}},
		{token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls", name: "owner", in: props{"bucket": "${logs.id}", "rule": props{"objectOwnership": "BucketOwnerEnforced"}}},
		{token: "aws:s3/bucketLoggingV2:BucketLoggingV2", name: "logging", in: props{"bucket": "${audit.id}", "targetBucket": "${logs.id}", "targetPrefix": "audit/"}},
		{token: "aws:efs/fileSystem:FileSystem", name: "files", in: props{
			"encrypted": true, "kmsKeyId": "${key.arn}", "performanceMode": "generalPurpose", "throughputMode": "elastic",
			"lifecyclePolicies": []any{props{"transitionToIa": "AFTER_30_DAYS"}},
		}},
		{token: "aws:efs/mountTarget:MountTarget", name: "mount", in: props{"fileSystemId": "${files.id}", "subnetId": "${subnet.id}", "securityGroups": []any{"${group.id}"}}},
		{token: "aws:efs/accessPoint:AccessPoint", name: "access", in: props{
			"fileSystemId": "${files.id}", "posixUser": props{"uid": 1000, "gid": 1000},
			"rootDirectory": props{"path": "/plugins", "creationInfo": props{"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}},
		}},
		{token: "aws:efs/fileSystemPolicy:FileSystemPolicy", name: "filepolicy", in: props{"fileSystemId": "${files.id}", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`}},
		{token: "aws:efs/backupPolicy:BackupPolicy", name: "filebackup", in: props{"fileSystemId": "${files.id}", "backupPolicy": props{"status": "ENABLED"}}},
	}
}

func identitySamples() []sample {
	return []sample{
		{token: "aws:iam/role:Role", name: "role", in: props{"assumeRolePolicy": trustEC2, "description": "nodes", "maxSessionDuration": 3600}, change: props{"description": "all nodes", "tags": props{"a": "b"}}},
		{token: "aws:iam/policy:Policy", name: "policy", in: props{"policy": readLogs, "description": "read"}, change: props{"policy": keyPolicy}},
		{token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name: "attachment", in: props{"role": "${role.name}", "policyArn": "${policy.arn}"}},
		{token: "aws:iam/rolePolicy:RolePolicy", name: "inlinepolicy", in: props{"role": "${role.name}", "policy": readLogs}, change: props{"policy": keyPolicy}},
		{token: "aws:iam/instanceProfile:InstanceProfile", name: "profile", in: props{"role": "${role.name}"}},
		{token: "aws:iam/serviceLinkedRole:ServiceLinkedRole", name: "linked", in: props{"awsServiceName": "elasticache.amazonaws.com"}},
		{token: "aws:iam/openIdConnectProvider:OpenIdConnectProvider", name: "oidc", in: props{
			"url": "https://oidc.eks.us-west-2.amazonaws.com/id/ABC", "clientIdLists": []any{"sts.amazonaws.com"}, "thumbprintLists": []any{"9e99a48a9960b14926bb7f3b02e22da2b0ab7280"},
		}},
		{token: "aws:secretsmanager/secret:Secret", name: "secret", in: props{"description": "oauth", "kmsKeyId": "${key.arn}", "recoveryWindowInDays": 7}, change: props{"description": "oauth client"}},
		{token: "aws:secretsmanager/secretVersion:SecretVersion", name: "value", in: props{"secretId": "${secret.id}", "secretString": "not-a-real-secret"}},
		{token: "aws:secretsmanager/secretPolicy:SecretPolicy", name: "secretpolicy", in: props{"secretArn": "${secret.arn}", "policy": keyPolicy}},
		{token: "aws:lambda/function:Function", name: "rotator", in: props{
			"role": "${role.arn}", "runtime": "python3.12", "handler": "index.handler", "timeout": 30, "memorySize": 128,
			"code": archiveOf("index.py", "def handler(event, context): pass"), "environment": props{"variables": props{"A": "b"}},
			"vpcConfig": props{"subnetIds": []any{"${subnet.id}"}, "securityGroupIds": []any{"${group.id}"}},
		}, change: props{"timeout": 60}},
		{token: "aws:lambda/permission:Permission", name: "mayrotate", in: props{"function": "${rotator.name}", "action": "lambda:InvokeFunction", "principal": "secretsmanager.amazonaws.com"}},
		{token: "aws:secretsmanager/secretRotation:SecretRotation", name: "rotation", in: props{"secretId": "${secret.id}", "rotationLambdaArn": "${rotator.arn}", "rotationRules": props{"automaticallyAfterDays": 30}}},
	}
}

func dataSamples() []sample {
	return []sample{
		{token: "aws:sns/topic:Topic", name: "topic", in: props{"kmsMasterKeyId": "${key.id}", "displayName": "alerts"}, change: props{"displayName": "all alerts"}},
		{token: "aws:sns/topicSubscription:TopicSubscription", name: "subscription", in: props{"topic": "${topic.arn}", "protocol": "email", "endpoint": "oncall@example.com"}},
		{token: "aws:sns/topicPolicy:TopicPolicy", name: "topicpolicy", in: props{"arn": "${topic.arn}", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.rds.amazonaws.com"},"Action":"sns:Publish","Resource":"*"}]}`}},
		{token: "aws:rds/subnetGroup:SubnetGroup", name: "dbsubnets", in: props{"subnetIds": []any{"${subnet.id}", "${subnetb.id}"}, "description": "data"}, change: props{"description": "isolated data"}},
		{token: "aws:rds/parameterGroup:ParameterGroup", name: "dbparameters", in: props{
			"family": "postgres16", "parameters": []any{props{"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"}, props{"name": "log_min_duration_statement", "value": "500"}},
		}, change: props{"parameters": []any{props{"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"}, props{"name": "log_min_duration_statement", "value": "250"}}}},
		{token: "aws:rds/optionGroup:OptionGroup", name: "dboptions", in: props{"engineName": "mysql", "majorEngineVersion": "5.6", "optionGroupDescription": "none"}},
		{token: "aws:rds/eventSubscription:EventSubscription", name: "dbevents", in: props{"snsTopic": "${topic.arn}", "sourceType": "db-instance", "eventCategories": []any{"failover", "failure"}, "enabled": true}, change: props{"eventCategories": []any{"failover"}}},
		{token: "aws:rds/instance:Instance", name: "db", in: props{
			"engine": "postgres", "engineVersion": "16.4", "instanceClass": "db.m6g.large", "allocatedStorage": 100, "maxAllocatedStorage": 1000, "dbName": "backstage", "username": "portal",
			"manageMasterUserPassword": true, "multiAz": true, "storageEncrypted": true, "kmsKeyId": "${key.arn}", "storageType": "gp3",
			"dbSubnetGroupName": "${dbsubnets.name}", "parameterGroupName": "${dbparameters.name}", "vpcSecurityGroupIds": []any{"${group.id}"},
			"backupRetentionPeriod": 14, "backupWindow": "03:00-04:00", "maintenanceWindow": "sun:05:00-sun:06:00", "deletionProtection": false, "copyTagsToSnapshot": true,
			"iamDatabaseAuthenticationEnabled": true, "performanceInsightsEnabled": true, "enabledCloudwatchLogsExports": []any{"postgresql", "upgrade"},
			"publiclyAccessible": false, "autoMinorVersionUpgrade": true, "applyImmediately": true, "skipFinalSnapshot": true, "monitoringInterval": 60, "monitoringRoleArn": "${role.arn}",
		}, change: props{"backupRetentionPeriod": 30, "instanceClass": "db.m6g.xlarge"}},
		{token: "aws:rds/instance:Instance", name: "replica", in: props{
			"replicateSourceDb": "${db.identifier}", "instanceClass": "db.m6g.large", "skipFinalSnapshot": true, "publiclyAccessible": false, "storageEncrypted": true,
		}},
		{token: "aws:elasticache/subnetGroup:SubnetGroup", name: "cachesubnets", in: props{"subnetIds": []any{"${subnet.id}", "${subnetb.id}"}}},
		{token: "aws:elasticache/parameterGroup:ParameterGroup", name: "cacheparameters", in: props{"family": "redis7", "parameters": []any{props{"name": "maxmemory-policy", "value": "allkeys-lru"}}}},
		{token: "aws:elasticache/user:User", name: "cacheuser", in: props{"userId": "portal", "userName": "portal", "engine": "REDIS", "accessString": "on ~* +@all", "passwords": []any{"not-a-real-password"}}},
		{token: "aws:elasticache/user:User", name: "cachewatcher", in: props{
			"userId": "monitor", "userName": "monitor", "engine": "redis", "accessString": "on ~monitor:* -@all +ping",
			"authenticationMode": props{"type": "password", "passwords": []any{"not-a-real-password"}},
		}, change: props{"accessString": "on ~monitor:* -@all +ping +info", "authenticationMode": props{"type": "password", "passwords": []any{"another-unreal-password"}}}},
		{token: "aws:elasticache/userGroup:UserGroup", name: "cacheusers", in: props{"userGroupId": "portal", "engine": "REDIS", "userIds": []any{"${cacheuser.userId}"}}},
		{token: "aws:elasticache/replicationGroup:ReplicationGroup", name: "cache", in: props{
			"description": "sessions", "engine": "redis", "engineVersion": "7.1", "nodeType": "cache.m6g.large", "numNodeGroups": 3, "replicasPerNodeGroup": 1, "automaticFailoverEnabled": true,
			"multiAzEnabled": true, "atRestEncryptionEnabled": true, "transitEncryptionEnabled": true, "kmsKeyId": "${key.arn}", "subnetGroupName": "${cachesubnets.name}",
			"securityGroupIds": []any{"${group.id}"}, "parameterGroupName": "${cacheparameters.name}", "userGroupIds": []any{"${cacheusers.userGroupId}"},
			"snapshotRetentionLimit": 7, "snapshotWindow": "03:00-05:00", "maintenanceWindow": "sun:05:00-sun:06:00", "port": 6379, "applyImmediately": true,
		}, change: props{"snapshotRetentionLimit": 14}},
		{token: "aws:backup/vault:Vault", name: "vault", in: props{"kmsKeyArn": "${key.arn}"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:backup/vaultLockConfiguration:VaultLockConfiguration", name: "vaultlock", in: props{"backupVaultName": "${vault.name}", "minRetentionDays": 7, "maxRetentionDays": 365}},
		{token: "aws:backup/vaultPolicy:VaultPolicy", name: "vaultpolicy", in: props{"backupVaultName": "${vault.name}", "policy": keyPolicy}},
		{token: "aws:backup/plan:Plan", name: "plan", in: props{"rules": []any{props{"ruleName": "daily", "targetVaultName": "${vault.name}", "schedule": "cron(0 3 * * ? *)", "lifecycle": props{"deleteAfter": 35}}}}},
		{token: "aws:backup/selection:Selection", name: "selection", in: props{"planId": "${plan.id}", "iamRoleArn": "${role.arn}", "resources": []any{"*"}}},
		{token: "aws:backup/restoreTestingPlan:RestoreTestingPlan", name: "restore", in: props{"name": "restore_test", "scheduleExpression": "cron(0 6 1 * ? *)", "recoveryPointSelection": props{"algorithm": "LATEST_WITHIN_WINDOW", "includeVaults": []any{"*"}, "recoveryPointTypes": []any{"SNAPSHOT"}}}},
		{token: "aws:backup/restoreTestingSelection:RestoreTestingSelection", name: "restorerds", in: props{"name": "rds", "restoreTestingPlanName": "restore_test", "protectedResourceType": "RDS", "iamRoleArn": "${role.arn}"}},
		{token: "aws:backup/regionSettings:RegionSettings", name: "settings", in: props{"resourceTypeOptInPreference": props{"RDS": true}}},
	}
}

func clusterSamples() []sample {
	return []sample{
		{token: "aws:eks/cluster:Cluster", name: "cluster", in: props{
			"roleArn": "${role.arn}", "version": "1.34", "enabledClusterLogTypes": []any{"api", "audit"},
			"vpcConfig":        props{"subnetIds": []any{"${subnet.id}", "${subnetb.id}"}, "endpointPrivateAccess": true, "endpointPublicAccess": true, "publicAccessCidrs": []any{"203.0.113.0/24"}},
			"accessConfig":     props{"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false},
			"encryptionConfig": props{"provider": props{"keyArn": "${key.arn}"}, "resources": []any{"secrets"}},
			"upgradePolicy":    props{"supportType": "STANDARD"},
		}, change: props{"enabledClusterLogTypes": []any{"api", "audit", "authenticator"}}},
		{token: "aws:eks/nodeGroup:NodeGroup", name: "nodes", in: props{
			"clusterName": "${cluster.name}", "nodeRoleArn": "${role.arn}", "subnetIds": []any{"${subnet.id}"}, "instanceTypes": []any{"m6i.large"},
			"scalingConfig": props{"minSize": 2, "maxSize": 6, "desiredSize": 2}, "labels": props{"pool": "apps"}, "updateConfig": props{"maxUnavailable": 1},
			"taints": []any{props{"key": "build", "value": "true", "effect": "NO_SCHEDULE"}},
		}, change: props{"scalingConfig": props{"minSize": 3, "maxSize": 6, "desiredSize": 3}, "labels": props{"pool": "system"}}},
		{token: "aws:eks/addon:Addon", name: "cni", in: props{"clusterName": "${cluster.name}", "addonName": "vpc-cni"}},
		{token: "aws:eks/accessEntry:AccessEntry", name: "admin", in: props{"clusterName": "${cluster.name}", "principalArn": "${role.arn}"}},
		{token: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", name: "adminpolicy", in: props{
			"clusterName": "${cluster.name}", "principalArn": "${role.arn}", "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "accessScope": props{"type": "cluster"},
		}},
		{token: "aws:eks/podIdentityAssociation:PodIdentityAssociation", name: "pods", in: props{"clusterName": "${cluster.name}", "namespace": "portal", "serviceAccount": "backstage", "roleArn": "${role.arn}"}},
		{token: "aws:ecr/repository:Repository", name: "repository", in: props{
			"name": "portal/backstage", "imageTagMutability": "IMMUTABLE", "imageScanningConfiguration": props{"scanOnPush": true}, "forceDelete": true,
			"encryptionConfigurations": []any{props{"encryptionType": "KMS", "kmsKey": "${key.arn}"}},
		}, change: props{"imageTagMutability": "MUTABLE"}},
		{token: "aws:ecr/lifecyclePolicy:LifecyclePolicy", name: "images", in: props{"repository": "${repository.name}", "policy": `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}`}},
		{token: "aws:ecr/repositoryPolicy:RepositoryPolicy", name: "pullers", in: props{"repository": "${repository.name}", "policy": `{"Version":"2012-10-17","Statement":[{"Sid":"pull","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["ecr:BatchGetImage"]}]}`}},
		{token: "aws:ecr/registryPolicy:RegistryPolicy", name: "registry", in: props{"policy": `{"Version":"2012-10-17","Statement":[{"Sid":"replicate","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["ecr:ReplicateImage"],"Resource":["arn:aws:ecr:us-west-2:123456789012:repository/*"]}]}`}},
		{token: "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", name: "scanning", in: props{"scanType": "ENHANCED", "rules": []any{props{"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": []any{props{"filter": "*", "filterType": "WILDCARD"}}}}}},
		{token: "aws:ecr/pullThroughCacheRule:PullThroughCacheRule", name: "mirror", in: props{"ecrRepositoryPrefix": "ecr-public", "upstreamRegistryUrl": "public.ecr.aws"}},
	}
}

func auditSamples() []sample {
	return []sample{
		{token: "aws:cloudwatch/logGroup:LogGroup", name: "loggroup", in: props{"retentionInDays": 90, "kmsKeyId": "${key.arn}"}, change: props{"retentionInDays": 365}},
		{token: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", name: "logpolicy", in: props{"policyName": "waf", "policyDocument": keyPolicy}},
		{token: "aws:cloudwatch/metricAlarm:MetricAlarm", name: "alarm", in: props{"comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1}},
		{token: "aws:cloudwatch/eventRule:EventRule", name: "rule", in: props{"scheduleExpression": "rate(1 day)"}},
		{token: "aws:cloudwatch/eventTarget:EventTarget", name: "target", in: props{"rule": "${rule.name}", "arn": "${topic.arn}"}},
		{token: "aws:ec2/flowLog:FlowLog", name: "flows", in: props{
			"vpcId": "${vpc.id}", "trafficType": "ALL", "logDestinationType": "cloud-watch-logs", "logDestination": "${loggroup.arn}", "iamRoleArn": "${role.arn}", "maxAggregationInterval": 60,
		}},
		{token: "aws:cloudtrail/trail:Trail", name: "trail", in: props{
			"s3BucketName": "${logs.bucket}", "enableLogFileValidation": true, "isMultiRegionTrail": true, "includeGlobalServiceEvents": true, "kmsKeyId": "${key.arn}", "s3KeyPrefix": "trail",
			"eventSelectors": []any{props{"readWriteType": "All", "includeManagementEvents": true}},
		}, change: props{"isMultiRegionTrail": false, "tags": props{"a": "b"}}},
		{token: "aws:guardduty/detector:Detector", name: "detector", in: props{"enable": true, "findingPublishingFrequency": "FIFTEEN_MINUTES"}, change: props{"findingPublishingFrequency": "ONE_HOUR"}},
		{token: "aws:guardduty/detectorFeature:DetectorFeature", name: "feature", in: props{"detectorId": "${detector.id}", "name": "S3_DATA_EVENTS", "status": "ENABLED"}, change: props{"status": "DISABLED"}},
		{token: "aws:budgets/budget:Budget", name: "budget", in: props{
			"budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "1000", "limitUnit": "USD",
			"notifications": []any{props{"comparisonOperator": "GREATER_THAN", "notificationType": "ACTUAL", "threshold": 80, "thresholdType": "PERCENTAGE", "subscriberEmailAddresses": []any{"a@example.com"}}},
		}, change: props{"limitAmount": "2000"}},
	}
}

func edgeSamples() []sample {
	waf := func(action string) []any {
		metric := func(name string) props {
			return props{"cloudwatchMetricsEnabled": true, "metricName": name, "sampledRequestsEnabled": true}
		}
		return []any{
			props{
				"name": "common", "priority": 1, "overrideAction": props{"none": props{}}, "visibilityConfig": metric("common"),
				"statement": props{"managedRuleGroupStatement": props{"name": "AWSManagedRulesCommonRuleSet", "vendorName": "AWS"}},
			},
			props{
				"name": "rate", "priority": 2, "action": props{action: props{}}, "visibilityConfig": metric("rate"),
				"statement": props{"rateBasedStatement": props{"limit": 2000, "aggregateKeyType": "IP"}},
			},
		}
	}
	visible := props{"cloudwatchMetricsEnabled": true, "metricName": "portal", "sampledRequestsEnabled": true}
	return []sample{
		{token: "aws:route53/zone:Zone", name: "zone", in: props{"name": "portal.example.com", "comment": "portal"}, change: props{"comment": "the portal", "tags": props{"a": "b"}}},
		{token: "aws:acm/certificate:Certificate", name: "certificate", in: props{"domainName": "portal.example.com", "subjectAlternativeNames": []any{"*.portal.example.com"}, "validationMethod": "DNS"}, change: props{"tags": props{"a": "b"}}},
		{token: "aws:route53/record:Record", name: "validation", in: props{
			"zoneId": "${zone.zoneId}", "name": "_x.portal.example.com", "type": "CNAME", "ttl": 60, "records": []any{"_y.acm-validations.aws"},
		}, change: props{"ttl": 300}},
		{token: "aws:acm/certificateValidation:CertificateValidation", name: "validated", in: props{"certificateArn": "${certificate.arn}", "validationRecordFqdns": []any{"${validation.fqdn}"}}},
		{token: "aws:route53/healthCheck:HealthCheck", name: "health", in: props{"type": "HTTPS", "fqdn": "portal.example.com", "port": 443, "resourcePath": "/healthcheck", "requestInterval": 30, "failureThreshold": 3}, change: props{"failureThreshold": 5}},
		{token: "aws:wafv2/ipSet:IpSet", name: "ips", in: props{"scope": "REGIONAL", "ipAddressVersion": "IPV4", "addresses": []any{"203.0.113.0/24"}}, change: props{"addresses": []any{"203.0.113.0/25"}}},
		{token: "aws:wafv2/ruleGroup:RuleGroup", name: "rulegroup", in: props{"scope": "REGIONAL", "capacity": 10, "visibilityConfig": visible}},
		{token: "aws:wafv2/webAcl:WebAcl", name: "waf", in: props{"scope": "REGIONAL", "defaultAction": props{"allow": props{}}, "visibilityConfig": visible, "rules": waf("block")}, change: props{"rules": waf("count")}},
		{token: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", name: "waflogs", in: props{"resourceArn": "${waf.arn}", "logDestinationConfigs": []any{"arn:aws:logs:us-west-2:123456789012:log-group:aws-waf-logs-portal"}}},
		{token: "aws:wafv2/webAclAssociation:WebAclAssociation", name: "wafassociation", in: props{"webAclArn": "${waf.arn}", "resourceArn": "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/portal/1"}},
		{token: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", name: "headers", in: props{"securityHeadersConfig": props{"contentTypeOptions": props{"override": true}}}},
		{token: "aws:cloudfront/cachePolicy:CachePolicy", name: "caching", in: props{"parametersInCacheKeyAndForwardedToOrigin": props{"cookiesConfig": props{"cookieBehavior": "none"}, "headersConfig": props{"headerBehavior": "none"}, "queryStringsConfig": props{"queryStringBehavior": "none"}}}},
		{token: "aws:cloudfront/originRequestPolicy:OriginRequestPolicy", name: "forwarding", in: props{"cookiesConfig": props{"cookieBehavior": "all"}, "headersConfig": props{"headerBehavior": "allViewer"}, "queryStringsConfig": props{"queryStringBehavior": "all"}}},
		{token: "aws:cloudfront/originAccessControl:OriginAccessControl", name: "oac", in: props{"originAccessControlOriginType": "s3", "signingBehavior": "always", "signingProtocol": "sigv4", "description": "assets"}, change: props{"description": "all assets"}},
		{token: "aws:cloudfront/function:Function", name: "edgefunction", in: props{"code": "function handler(e) { return e.request }", "runtime": "cloudfront-js-2.0"}},
		{token: "aws:cloudfront/distribution:Distribution", name: "cdn", in: props{
			"enabled": true, "comment": "portal", "isIpv6Enabled": true, "priceClass": "PriceClass_100", "aliases": []any{"portal.example.com"}, "webAclId": "${waf.arn}",
			"origins":              []any{props{"originId": "ingress", "domainName": "origin.portal.example.com", "customOriginConfig": props{"httpPort": 80, "httpsPort": 443, "originProtocolPolicy": "https-only", "originSslProtocols": []any{"TLSv1.2"}}}},
			"defaultCacheBehavior": props{"targetOriginId": "ingress", "viewerProtocolPolicy": "redirect-to-https", "allowedMethods": []any{"GET", "HEAD"}, "cachedMethods": []any{"GET", "HEAD"}, "cachePolicyId": "${caching.id}", "responseHeadersPolicyId": "${headers.id}"},
			"restrictions":         props{"geoRestriction": props{"restrictionType": "none"}},
			"viewerCertificate":    props{"acmCertificateArn": "${certificate.arn}", "sslSupportMethod": "sni-only", "minimumProtocolVersion": "TLSv1.2_2021"},
		}, change: props{"comment": "the portal"}},
		{token: "aws:route53/record:Record", name: "alias", in: props{
			"zoneId": "${zone.zoneId}", "name": "portal.example.com", "type": "A", "aliases": []any{props{"name": "${cdn.domainName}", "zoneId": "${cdn.hostedZoneId}", "evaluateTargetHealth": false}},
		}},
		{token: "aws:shield/protection:Protection", name: "shield", in: props{"name": "portal", "resourceArn": "${cdn.arn}"}},
	}
}
