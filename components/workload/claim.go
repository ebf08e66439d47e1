package workload

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// Claim is a volume that outlives the pods.
type Claim struct {
	// Name is the PersistentVolumeClaim's, by which Jobs can mount it too.
	Name string
	// Class is the storage class, Mode how it may be mounted.
	Class string
	Mode  Mode
	// SizeGiB is how much is asked for. EFS does not hold anybody to it.
	SizeGiB int
	// Path is where the workload sees it, ReadOnly whether it only reads.
	Path     string
	ReadOnly bool
	// SubPathExpr is the part of the volume that a pod sees, of variables of its
	// container ([pod.Mount]); "" for all of it.
	SubPathExpr string
}

// mount is how the main container sees the volume.
func (c Claim) mount() pod.Mount {
	return pod.Mount{Path: c.Path, Claim: c.Name, ReadOnly: c.ReadOnly, SubPathExpr: c.SubPathExpr}
}

// Mode is how often a volume may be mounted.
type Mode string

// The modes: by one node, or by many.
const (
	ByOneNode   Mode = "ReadWriteOnce"
	ByManyNodes Mode = "ReadWriteMany"
)

func newClaim(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*corev1.PersistentVolumeClaim, error) {
	claim := args.Claim
	return corev1.NewPersistentVolumeClaim(ctx, name+"-"+claim.Name, &corev1.PersistentVolumeClaimArgs{
		Metadata: args.named(claim.Name),
		Spec: corev1.PersistentVolumeClaimSpecArgs{
			AccessModes:      pulumi.ToStringArray([]string{string(claim.Mode)}),
			StorageClassName: pulumi.String(claim.Class),
			Resources: corev1.VolumeResourceRequirementsArgs{
				Requests: pulumi.StringMap{"storage": pulumi.Sprintf("%dGi", claim.SizeGiB)},
			},
		},
	}, opts...)
}
