package pod

import (
	"path"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Mount is a directory of a container. Exactly one of ConfigMap, Secret, Claim
// and Empty says what is in it; containers that mount the same one share it.
type Mount struct {
	// Path is the directory in the container.
	Path string
	// SubPath takes only that part of what is mounted. A file mounted so does
	// not change when its ConfigMap or Secret does.
	SubPath string
	// SubPathExpr is a SubPath with variables of the container's Env in it,
	// $(NAME), so that pods see different parts of one volume.
	SubPathExpr string
	// ConfigMap and Secret are names; their keys become files, read-only.
	ConfigMap, Secret string
	// Claim is the name of a PersistentVolumeClaim.
	Claim string
	// Empty is a scratch directory of at most that size, e.g. "1Gi". It ends
	// with the pod.
	Empty string
	// ReadOnly is whether a Claim may not be written to.
	ReadOnly bool
}

// tmp is where every container may write.
const tmp = "/tmp"

// volume is the name of what is mounted. Scratch directories are told apart by
// their path, since nothing else tells them.
func (m Mount) volume() string {
	switch {
	case m.ConfigMap != "":
		return "config-" + m.ConfigMap
	case m.Secret != "":
		return "secret-" + m.Secret
	case m.Claim != "":
		return "claim-" + m.Claim
	default:
		slug := strings.NewReplacer("/", "-", ".", "-", "_", "-").Replace(strings.Trim(path.Clean(m.Path), "/"))
		return "empty-" + strings.ToLower(slug)
	}
}

func (c Container) volumeMounts() corev1.VolumeMountArray {
	mounts := corev1.VolumeMountArray{}
	for _, m := range append([]Mount{{Path: tmp, Empty: "-"}}, c.Mounts...) {
		args := corev1.VolumeMountArgs{Name: pulumi.String(m.volume()), MountPath: pulumi.String(m.Path)}
		if m.SubPath != "" {
			args.SubPath = pulumi.String(m.SubPath)
		}
		if m.SubPathExpr != "" {
			args.SubPathExpr = pulumi.String(m.SubPathExpr)
		}
		if m.ReadOnly || m.ConfigMap != "" || m.Secret != "" {
			args.ReadOnly = pulumi.Bool(true)
		}
		mounts = append(mounts, args)
	}
	return mounts
}

// volumes are the distinct volumes of all containers, in the order in which
// they are first mounted, /tmp's first.
func (s Spec) volumes() corev1.VolumeArray {
	found := corev1.VolumeArray{}
	seen := map[string]bool{}
	for _, m := range append([]Mount{{Path: tmp, Empty: s.TmpSize}}, s.mounts()...) {
		if name := m.volume(); !seen[name] {
			seen[name] = true
			found = append(found, m.source())
		}
	}
	return found
}

func (s Spec) mounts() []Mount {
	var all []Mount
	for _, c := range s.containers() {
		all = append(all, c.Mounts...)
	}
	return all
}

func (m Mount) source() corev1.VolumeArgs {
	args := corev1.VolumeArgs{Name: pulumi.String(m.volume())}
	switch {
	case m.ConfigMap != "":
		args.ConfigMap = corev1.ConfigMapVolumeSourceArgs{Name: pulumi.String(m.ConfigMap)}
	case m.Secret != "":
		// Readable by our group and nobody else.
		args.Secret = corev1.SecretVolumeSourceArgs{SecretName: pulumi.String(m.Secret), DefaultMode: pulumi.Int(0o440)}
	case m.Claim != "":
		args.PersistentVolumeClaim = corev1.PersistentVolumeClaimVolumeSourceArgs{ClaimName: pulumi.String(m.Claim)}
	default:
		args.EmptyDir = corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(m.Empty)}
	}
	return args
}
