package kubernetes

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"gatehouse/checks/evidence"
)

const defaultClass = "storageclass.kubernetes.io/is-default-class"

func (c *Collector) storageClasses(ctx context.Context) ([]evidence.KubeStorageClass, error) {
	found := []evidence.KubeStorageClass{}
	err := all(ctx, c, "storageclasses.storage.k8s.io", c.typed.StorageV1().StorageClasses().List, func(list *storagev1.StorageClassList) {
		for _, s := range list.Items {
			found = append(found, evidence.KubeStorageClass{
				Name: s.Name, Default: s.Annotations[defaultClass] == "true", Provisioner: s.Provisioner, Parameters: s.Parameters,
				Mounts: s.MountOptions, Expands: value(s.AllowVolumeExpansion, false),
				Binding: string(value(s.VolumeBindingMode, storagev1.VolumeBindingImmediate)),
				Reclaim: string(value(s.ReclaimPolicy, corev1.PersistentVolumeReclaimDelete)),
			})
		}
	})
	return found, err
}

func (c *Collector) claims(ctx context.Context) ([]evidence.KubeClaim, error) {
	found := []evidence.KubeClaim{}
	list := c.typed.CoreV1().PersistentVolumeClaims(everywhere).List
	err := all(ctx, c, "persistentvolumeclaims", list, func(list *corev1.PersistentVolumeClaimList) {
		for i := range list.Items {
			p := &list.Items[i]
			found = append(found, evidence.KubeClaim{
				KubeObject: named(p), Class: value(p.Spec.StorageClassName, ""), Phase: string(p.Status.Phase), Volume: p.Spec.VolumeName,
			})
		}
	})
	return found, err
}
