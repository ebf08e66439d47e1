package pod

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// podSecurity and containerSecurity are what the restricted Pod Security
// Standard asks for and a read-only root besides. No spec can say otherwise.
func podSecurity() corev1.PodSecurityContextArgs {
	return corev1.PodSecurityContextArgs{
		RunAsNonRoot: pulumi.Bool(true), RunAsUser: pulumi.Int(User), RunAsGroup: pulumi.Int(User), FsGroup: pulumi.Int(User),
		// A shared volume of many files is not walked at every start.
		FsGroupChangePolicy: pulumi.String("OnRootMismatch"),
		SeccompProfile:      corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

func containerSecurity() corev1.SecurityContextArgs {
	return corev1.SecurityContextArgs{
		RunAsNonRoot: pulumi.Bool(true), Privileged: pulumi.Bool(false), AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem: pulumi.Bool(true),
		Capabilities:           corev1.CapabilitiesArgs{Drop: pulumi.ToStringArray([]string{"ALL"})},
		SeccompProfile:         corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}
