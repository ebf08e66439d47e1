package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Config are files that a ConfigMap holds. Nothing in them is secret.
type Config struct {
	// Path is the directory that they are mounted at.
	Path string
	// Files are their contents by name.
	Files map[string]pulumi.StringInput
}

func (a Args) configName() string { return a.Name + "-config" }

func newConfig(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	data := pulumi.StringMap{}
	maps.Copy(data, args.Config.Files)
	return corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{Metadata: args.named(args.configName()), Data: data}, opts...)
}

// checksum is that of all files with their names.
func (c Config) checksum() pulumi.StringOutput {
	files := pulumi.StringMap{}
	maps.Copy(files, c.Files)
	return files.ToStringMapOutput().ApplyT(func(files map[string]string) string {
		sum := sha256.New()
		for _, name := range slices.Sorted(maps.Keys(files)) {
			// The lengths keep names and contents apart.
			fmt.Fprintf(sum, "%d %s %d %s", len(name), name, len(files[name]), files[name])
		}
		return hex.EncodeToString(sum.Sum(nil))
	}).(pulumi.StringOutput)
}
