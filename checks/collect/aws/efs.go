package aws

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"

	"gatehouse/checks/evidence"
)

func readersOfEFS(c *Collector) []evidence.Reader {
	client := efs.NewFromConfig(c.config)
	statement := c.statement("elasticfilesystem:DescribeFileSystems, DescribeMountTargets, DescribeBackupPolicy", c.target.Filesystem)
	return []evidence.Reader{
		evidence.Read(evidence.AWSFileSystem, statement, func(ctx context.Context) (evidence.FileSystem, error) {
			return c.fileSystem(ctx, client)
		}),
	}
}

func (c *Collector) fileSystem(ctx context.Context, client *efs.Client) (evidence.FileSystem, error) {
	id := c.target.Filesystem
	if id == "" {
		return evidence.FileSystem{}, missing("EFS file system", "filesystem")
	}
	out, err := client.DescribeFileSystems(ctx, &efs.DescribeFileSystemsInput{FileSystemId: &id})
	if err != nil {
		return evidence.FileSystem{}, err
	}
	if len(out.FileSystems) != 1 {
		return evidence.FileSystem{}, evidence.Problem{Kind: evidence.Invalid, Message: "elasticfilesystem:DescribeFileSystems did not answer with the one file system " + id}
	}
	described := out.FileSystems[0]
	e := evidence.FileSystem{ID: id, State: string(described.LifeCycleState), Encrypted: aws.ToBool(described.Encrypted), Targets: []evidence.MountTarget{}}
	policy, policyErr := client.DescribeBackupPolicy(ctx, &efs.DescribeBackupPolicyInput{FileSystemId: &id})
	switch {
	case hasCode(policyErr, "PolicyNotFound"):
		policyErr = nil
	case policyErr == nil && policy.BackupPolicy != nil:
		e.Backup = string(policy.BackupPolicy.Status)
	}
	err = pages(ctx, efs.NewDescribeMountTargetsPaginator(client, &efs.DescribeMountTargetsInput{FileSystemId: &id}), func(page *efs.DescribeMountTargetsOutput) {
		for _, m := range page.MountTargets {
			e.Targets = append(e.Targets, evidence.MountTarget{
				ID: aws.ToString(m.MountTargetId), State: string(m.LifeCycleState), Zone: aws.ToString(m.AvailabilityZoneName),
			})
		}
	})
	return e, errors.Join(policyErr, err)
}
