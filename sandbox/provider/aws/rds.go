package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
)

type rdsc = api.Client

// rdsRows are database instances and their groups.
func rdsRows() []Resource {
	rdsTags := listTags((*rdsc).ListTagsForResource, "ResourceName", byARN)
	tagRDS := tagger((*rdsc).AddTagsToResource, (*rdsc).RemoveTagsFromResource, "ResourceName", byARN)
	return []Resource{
		{
			Token: "aws:rds/instance:Instance", Args: rds.InstanceArgs{}, State: rds.Instance{},
			Name:    "identifier",
			Replace: []string{"identifier", "identifierPrefix", "engine", "storageEncrypted", "kmsKeyId", "username", "dbName", "availabilityZone", "snapshotIdentifier", "characterSetName", "timezone"},
			Rename: map[string]string{
				"identifier": "DBInstanceIdentifier", "instanceClass": "DBInstanceClass", "password": "MasterUserPassword", "username": "MasterUsername",
				"parameterGroupName": "DBParameterGroupName", "iamDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
				"enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports", "performanceInsightsEnabled": "EnablePerformanceInsights",
				"performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId", "backupWindow": "PreferredBackupWindow",
				"maintenanceWindow": "PreferredMaintenanceWindow", "caCertIdentifier": "CACertificateIdentifier",
				"resourceId": "DbiResourceId", "status": "DBInstanceStatus", "tags": "Tags",
			},
			Secret: []string{"password"},
			Unseen: map[string]string{
				"identifierPrefix": "AWS keeps the whole name only", "password": "AWS never tells it", "applyImmediately": "it is an order, not a property",
				"allowMajorVersionUpgrade": "it is an order, not a property", "deleteAutomatedBackups": "it is an order, not a property",
				"caCertIdentifier": "the emulator ignores it", "databaseInsightsMode": "the emulator ignores it",
				"performanceInsightsRetentionPeriod": "the emulator ignores it", "performanceInsightsKmsKeyId": "the emulator ignores it",
				"engineLifecycleSupport": "the emulator ignores it", "monitoringRoleArn": "the emulator ignores it", "monitoringInterval": "the emulator ignores it",
				"performanceInsightsEnabled": "the emulator ignores it",
				"dedicatedLogVolume":         "the emulator ignores it", "networkType": "the emulator ignores it", "storageThroughput": "the emulator ignores it",
				"manageMasterUserPassword": "AWS tells the secret instead", "masterUserSecretKmsKeyId": "AWS tells it in the secret",
				"replicateSourceDb": "AWS tells a replica's source by its own rules", "engineVersion": "AWS completes it to a minor version",
			},
			Tag:    tagRDS,
			Create: createInstance,
			Read:   merged(readInstance, rdsTags),
			Update: update((*rdsc).ModifyDBInstance, "DBInstanceIdentifier", func(r *request, in *api.ModifyDBInstanceInput) {
				in.ApplyImmediately = aws.Bool(true)
				if !r.changed("manageMasterUserPassword") { // said again, the emulator makes another secret
					in.ManageMasterUserPassword = nil
				}
				add, drop := listChange(stringList(r.was["enabledCloudwatchLogsExports"]), r.list("enabledCloudwatchLogsExports"))
				if len(add)+len(drop) > 0 {
					in.CloudwatchLogsExportConfiguration = &types.CloudwatchLogsExportConfiguration{EnableLogTypes: add, DisableLogTypes: drop}
				}
			}),
			Delete: remove((*rdsc).DeleteDBInstance, "DBInstanceIdentifier", func(r *request, in *api.DeleteDBInstanceInput) {
				final := r.str("finalSnapshotIdentifier")
				in.SkipFinalSnapshot = aws.Bool(r.flag("skipFinalSnapshot") || final == "")
				if final != "" && !*in.SkipFinalSnapshot {
					in.FinalDBSnapshotIdentifier = &final
				}
			}),
		},
		{
			Token: "aws:rds/subnetGroup:SubnetGroup", Args: rds.SubnetGroupArgs{}, State: rds.SubnetGroup{},
			Name: "name", Replace: []string{"name", "namePrefix"},
			Rename: map[string]string{"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription", "arn": "DBSubnetGroupArn"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
			Tag:    tagRDS,
			Create: create((*rdsc).CreateDBSubnetGroup, "", func(_ *request, in *api.CreateDBSubnetGroupInput) {
				if in.DBSubnetGroupDescription == nil {
					in.DBSubnetGroupDescription = aws.String("Managed by Pulumi")
				}
			}),
			Read:   merged(readSubnetGroup, rdsTags),
			Update: renew, // the emulator's ModifyDBSubnetGroup loses the group
			Delete: remove((*rdsc).DeleteDBSubnetGroup, "DBSubnetGroupName"),
		},
		{
			Token: "aws:rds/parameterGroup:ParameterGroup", Args: rds.ParameterGroupArgs{}, State: rds.ParameterGroup{},
			Name: "name", Replace: []string{"name", "namePrefix", "family", "description"},
			Rename: map[string]string{"name": "DBParameterGroupName", "family": "DBParameterGroupFamily", "arn": "DBParameterGroupArn", "parameters": "-"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only", "skipDestroy": "it is an order, not a property"},
			Tag:    tagRDS,
			Create: then(create((*rdsc).CreateDBParameterGroup, "", func(_ *request, in *api.CreateDBParameterGroupInput) {
				if in.Description == nil {
					in.Description = aws.String("Managed by Pulumi")
				}
			}), setParameters),
			Read:   merged(readParameterGroup, rdsTags),
			Update: setParameters,
			Delete: remove((*rdsc).DeleteDBParameterGroup, "DBParameterGroupName"),
		},
		{
			Token: "aws:rds/optionGroup:OptionGroup", Args: rds.OptionGroupArgs{}, State: rds.OptionGroup{},
			Name: "name", Replace: []string{"name", "namePrefix", "engineName", "majorEngineVersion", "optionGroupDescription"},
			Rename: map[string]string{"name": "OptionGroupName", "arn": "OptionGroupArn"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only", "options": "the emulator ignores them", "skipDestroy": "it is an order, not a property"},
			Tag:    tagRDS,
			Create: create((*rdsc).CreateOptionGroup, "", func(_ *request, in *api.CreateOptionGroupInput) {
				if in.OptionGroupDescription == nil {
					in.OptionGroupDescription = aws.String("Managed by Pulumi")
				}
			}),
			Read:   merged(read((*rdsc).DescribeOptionGroups, "OptionGroupName", "OptionGroupsList"), rdsTags),
			Delete: remove((*rdsc).DeleteOptionGroup, "OptionGroupName"),
		},
		{
			Token: "aws:rds/eventSubscription:EventSubscription", Args: rds.EventSubscriptionArgs{}, State: rds.EventSubscription{},
			Name: "name", Replace: []string{"name", "namePrefix"},
			Rename: map[string]string{"name": "SubscriptionName", "snsTopic": "SnsTopicArn", "arn": "EventSubscriptionArn", "customerAwsId": "CustomerAwsId"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
			Tag:    tagRDS,
			Create: create((*rdsc).CreateEventSubscription, ""),
			Read:   merged(readSubscription, rdsTags),
			Update: renew,
			Delete: remove((*rdsc).DeleteEventSubscription, "SubscriptionName"),
		},
	}
}

// createInstance makes a primary or a read replica.
func createInstance(ctx context.Context, r *request) (string, error) {
	if source := r.str("replicateSourceDb"); source != "" {
		_, err := send(ctx, r, (*rdsc).CreateDBInstanceReadReplica, func(_ *request, in *api.CreateDBInstanceReadReplicaInput) {
			in.SourceDBInstanceIdentifier = &source
		})
		if err != nil {
			return r.str("identifier"), err
		}
		// The call cannot say it, and the emulator copies the source's.
		_, err = call(ctx, r, (*rdsc).ModifyDBInstance, &api.ModifyDBInstanceInput{
			DBInstanceIdentifier:  aws.String(r.str("identifier")),
			BackupRetentionPeriod: aws.Int32(r.num("backupRetentionPeriod")),
			ApplyImmediately:      aws.Bool(true),
		})
		return r.str("identifier"), err
	}
	_, err := send(ctx, r, (*rdsc).CreateDBInstance)
	return r.str("identifier"), err
}

// readInstance observes an instance. DBInstance spells some names in another way than the calls do.
func readInstance(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*rdsc).DescribeDBInstances, &api.DescribeDBInstancesInput{DBInstanceIdentifier: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.DBInstances) == 0 {
		return nil, errGone
	}
	db := out.DBInstances[0]
	more := props{
		"arn": aws.ToString(db.DBInstanceArn), "identifier": r.id,
		"engineVersionActual":              aws.ToString(db.EngineVersion),
		"iamDatabaseAuthenticationEnabled": aws.ToBool(db.IAMDatabaseAuthenticationEnabled),
		"performanceInsightsEnabled":       aws.ToBool(db.PerformanceInsightsEnabled),
		"enabledCloudwatchLogsExports":     anyList(db.EnabledCloudwatchLogsExports),
		"replicas":                         anyList(db.ReadReplicaDBInstanceIdentifiers),
		"endpoint":                         nil,
		"latestRestorableTime":             nil, // it goes on by itself; that is no drift
	}
	if e := db.Endpoint; e != nil {
		port := text(float64(aws.ToInt32(e.Port)))
		more["address"], more["endpoint"] = aws.ToString(e.Address), aws.ToString(e.Address)+":"+port
		more["port"], more["hostedZoneId"] = float64(aws.ToInt32(e.Port)), aws.ToString(e.HostedZoneId)
		if more["hostedZoneId"] == "" {
			more["hostedZoneId"] = "Z1PVIF0B656C1W"
		}
	}
	if g := db.DBSubnetGroup; g != nil {
		more["dbSubnetGroupName"] = aws.ToString(g.DBSubnetGroupName)
	}
	if g := db.DBParameterGroups; len(g) > 0 {
		more["parameterGroupName"] = aws.ToString(g[0].DBParameterGroupName)
	}
	if g := db.OptionGroupMemberships; len(g) > 0 {
		more["optionGroupName"] = aws.ToString(g[0].OptionGroupName)
	}
	groups := []string{}
	for _, g := range db.VpcSecurityGroups {
		groups = append(groups, aws.ToString(g.VpcSecurityGroupId))
	}
	more["vpcSecurityGroupIds"] = anyList(groups)
	if s := db.MasterUserSecret; s != nil {
		more["masterUserSecrets"] = []any{props{"kmsKeyId": aws.ToString(s.KmsKeyId), "secretArn": aws.ToString(s.SecretArn), "secretStatus": aws.ToString(s.SecretStatus)}}
	}
	return r.see(db, more), nil
}

// setParameters sends the parameters that changed; AWS takes 20 a call.
func setParameters(ctx context.Context, r *request) error {
	list, _ := r.in["parameters"].([]any)
	for len(list) > 0 {
		n := min(len(list), 20)
		in := &api.ModifyDBParameterGroupInput{DBParameterGroupName: &r.id}
		for _, p := range list[:n] {
			parameter := types.Parameter{ApplyMethod: types.ApplyMethodImmediate}
			if err := fill(&parameter, p.(props), map[string]string{"name": "ParameterName", "value": "ParameterValue"}); err != nil {
				return err
			}
			in.Parameters = append(in.Parameters, parameter)
		}
		if _, err := call(ctx, r, (*rdsc).ModifyDBParameterGroup, in); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func readParameterGroup(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*rdsc).DescribeDBParameterGroups, &api.DescribeDBParameterGroupsInput{DBParameterGroupName: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.DBParameterGroups) == 0 {
		return nil, errGone
	}
	set, err := call(ctx, r, (*rdsc).DescribeDBParameters, &api.DescribeDBParametersInput{DBParameterGroupName: &r.id, Source: aws.String("user")})
	if err != nil {
		return nil, err
	}
	parameters := []any{}
	for _, p := range set.Parameters {
		parameters = append(parameters, props{"name": aws.ToString(p.ParameterName), "value": aws.ToString(p.ParameterValue), "applyMethod": string(p.ApplyMethod)})
	}
	return r.see(out.DBParameterGroups[0], props{"parameters": parameters}), nil
}

func readSubscription(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*rdsc).DescribeEventSubscriptions, &api.DescribeEventSubscriptionsInput{SubscriptionName: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.EventSubscriptionsList) == 0 {
		return nil, errGone
	}
	s := out.EventSubscriptionsList[0]
	return r.see(s, props{"name": r.id, "eventCategories": anyList(s.EventCategoriesList), "sourceIds": anyList(s.SourceIdsList)}), nil
}

// readSubnetGroup observes a subnet group and the IDs of its subnets.
func readSubnetGroup(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*rdsc).DescribeDBSubnetGroups, &api.DescribeDBSubnetGroupsInput{DBSubnetGroupName: &r.id})
	if err != nil {
		return nil, err
	}
	if len(out.DBSubnetGroups) == 0 {
		return nil, errGone
	}
	subnets := []any{}
	for _, s := range out.DBSubnetGroups[0].Subnets {
		subnets = append(subnets, aws.ToString(s.SubnetIdentifier))
	}
	return r.see(out.DBSubnetGroups[0], props{"subnetIds": subnets}), nil
}
