package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
)

type lambdac = api.Client

// lambdaRows are functions and who may call them.
func lambdaRows() []Resource {
	return []Resource{
		{
			Token: "aws:lambda/function:Function", Args: lambda.FunctionArgs{}, State: lambda.Function{},
			Name: "name", NameMax: 64, Replace: []string{"name", "packageType"},
			Rename: map[string]string{"name": "FunctionName", "code": "-", "arn": "FunctionArn", "sourceCodeSize": "CodeSize", "codeSha256": "CodeSha256", "fileSystemConfig": "FileSystemConfigs"},
			Unseen: map[string]string{
				"publish": "it is an order, not a property", "skipDestroy": "it is an order, not a property", "reservedConcurrentExecutions": "it is no part of the configuration",
				"loggingConfig": "the emulator ignores it", "snapStart": "the emulator ignores it", "kmsKeyArn": "the emulator ignores it", "ephemeralStorage.size": "the emulator ignores it",
			},
			Tag: tagger((*lambdac).TagResource, (*lambdac).UntagResource, "Resource", byARN),
			Create: func(ctx context.Context, r *request) (string, error) {
				code, err := zipped(r.in["code"])
				if err != nil {
					return "", err
				}
				_, err = send(ctx, r, (*lambdac).CreateFunction, func(_ *request, in *api.CreateFunctionInput) {
					in.Code = &types.FunctionCode{ZipFile: code}
				})
				return r.str("name"), err
			},
			Read: readFunction,
			Update: func(ctx context.Context, r *request) error {
				if r.changed("code") {
					code, err := zipped(r.in["code"])
					if err != nil {
						return err
					}
					if _, err := call(ctx, r, (*lambdac).UpdateFunctionCode, &api.UpdateFunctionCodeInput{FunctionName: &r.id, ZipFile: code}); err != nil {
						return err
					}
				}
				_, err := send(ctx, r, (*lambdac).UpdateFunctionConfiguration)
				return err
			},
			Delete: remove((*lambdac).DeleteFunction, "FunctionName"),
		},
		{
			Token: "aws:lambda/permission:Permission", Args: lambda.PermissionArgs{}, State: lambda.Permission{},
			Name: "statementId", NameMax: 100, Replace: []string{"*"},
			Rename: map[string]string{"function": "FunctionName", "principalOrgId": "PrincipalOrgID"},
			Create: func(ctx context.Context, r *request) (string, error) {
				_, err := send(ctx, r, (*lambdac).AddPermission)
				return permissionID(r), err
			},
			Find: func(_ context.Context, r *request) (string, error) { return permissionID(r), nil },
			Read: readPermission,
			Delete: func(ctx context.Context, r *request) error {
				function, sid := permissionParts(r)
				_, err := call(ctx, r, (*lambdac).RemovePermission, &api.RemovePermissionInput{FunctionName: &function, StatementId: &sid})
				return err
			},
		},
	}
}

// zipped returns the bytes of a function's code.
func zipped(code any) ([]byte, error) {
	a, ok := code.(*archive.Archive)
	if !ok {
		return nil, fmt.Errorf("read code of function: want an archive, not %T", code)
	}
	b, err := a.Bytes(archive.ZIPArchive)
	if err != nil {
		return nil, fmt.Errorf("pack code of function: %w", err)
	}
	return b, nil
}

func readFunction(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*lambdac).GetFunction, &api.GetFunctionInput{FunctionName: &r.id})
	if err != nil {
		return nil, err
	}
	tags := props{}
	for k, v := range out.Tags {
		tags[k] = v
	}
	arn := aws.ToString(out.Configuration.FunctionArn)
	return r.see(*out.Configuration, props{
		"tags": tags, "lastModified": nil,
		"invokeArn": "arn:aws:apigateway:" + r.region + ":lambda:path/2015-03-31/functions/" + arn + "/invocations",
	}), nil
}

// A permission's ID is FUNCTION/STATEMENT; the function may be an ARN.
func permissionID(r *request) string { return r.str("function") + "/" + r.str("statementId") }

func permissionParts(r *request) (function, statement string) {
	i := strings.LastIndex(r.id, "/")
	return r.id[:max(i, 0)], r.id[i+1:]
}

// readPermission finds the statement in the function's policy.
func readPermission(ctx context.Context, r *request) (props, error) {
	function, sid := permissionParts(r)
	out, err := call(ctx, r, (*lambdac).GetPolicy, &api.GetPolicyInput{FunctionName: &function})
	if err != nil {
		return nil, err
	}
	var policy struct {
		Statement []struct{ Sid, Action string }
	}
	if err := json.Unmarshal([]byte(aws.ToString(out.Policy)), &policy); err != nil {
		return nil, fmt.Errorf("read policy of function: %w", err)
	}
	for _, s := range policy.Statement {
		if s.Sid == sid {
			return props{"statementId": sid, "action": s.Action, "function": function}, nil
		}
	}
	return nil, errGone
}
