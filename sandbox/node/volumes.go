package node

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	storagelisters "k8s.io/client-go/listers/storage/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// Annotations of the contract between the volume binder, the scheduler and a
// provisioner.
const (
	selectedNode  = "volume.kubernetes.io/selected-node"
	provisionedBy = "pv.kubernetes.io/provisioned-by"
)

// bindVolumes stands in for every CSI provisioner, until ctx ends: it gives a
// PersistentVolumeClaim the PersistentVolume that it waits for, and removes
// that one when the claim is gone. The controller manager does the rest.
func bindVolumes(ctx context.Context, client kubernetes.Interface, dir string) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	classes := factory.Storage().V1().StorageClasses().Lister()
	claims := factory.Core().V1().PersistentVolumeClaims()
	volumes := factory.Core().V1().PersistentVolumes()
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[cache.ObjectName]())
	enqueue := func(object any) {
		if key, err := cache.ObjectToName(object); err == nil {
			queue.Add(key)
		}
	}
	for _, informer := range []cache.SharedIndexInformer{claims.Informer(), volumes.Informer()} {
		handler := cache.ResourceEventHandlerFuncs{AddFunc: enqueue, UpdateFunc: func(_, object any) { enqueue(object) }}
		if _, err := informer.AddEventHandler(handler); err != nil {
			return fmt.Errorf("bind volumes: %w", err)
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	stop := context.AfterFunc(ctx, queue.ShutDown)
	defer stop()
	for {
		key, down := queue.Get()
		if down {
			return ctx.Err()
		}
		var err error
		if key.Namespace == "" { // only volumes have none
			err = release(ctx, client, volumes.Lister(), key.Name, dir)
		} else {
			err = provision(ctx, client, claims.Lister(), classes, key, dir)
		}
		if err != nil && !apierrors.IsAlreadyExists(err) && !apierrors.IsNotFound(err) {
			queue.AddRateLimited(key)
		} else {
			queue.Forget(key)
		}
		queue.Done(key)
	}
}

// provision makes the volume of a claim that waits for one. The class may come
// after the claim, so that a missing one is an error of its own kind.
func provision(ctx context.Context, client kubernetes.Interface, claims corelisters.PersistentVolumeClaimLister,
	classes storagelisters.StorageClassLister, key cache.ObjectName, dir string,
) error {
	claim, err := claims.PersistentVolumeClaims(key.Namespace).Get(key.Name)
	if err != nil || !waits(claim) {
		return err
	}
	class, err := classes.Get(*claim.Spec.StorageClassName)
	if err != nil {
		return fmt.Errorf("storage class of %s: %s", key, err) //nolint:errorlint // wrapped, it would read as a claim that is gone
	}
	if !due(claim, class) {
		return nil
	}
	_, err = client.CoreV1().PersistentVolumes().Create(ctx, volume(claim, class, dir), metav1.CreateOptions{})
	return err
}

// release removes a volume of ours whose claim is gone, with what is in its folder.
func release(ctx context.Context, client kubernetes.Interface, volumes corelisters.PersistentVolumeLister, name, dir string) error {
	volume, err := volumes.Get(name)
	if err != nil || volume.Annotations[provisionedBy] == "" || volume.Status.Phase != corev1.VolumeReleased ||
		volume.Spec.PersistentVolumeReclaimPolicy != corev1.PersistentVolumeReclaimDelete {
		return err
	}
	if dir != "" && volume.Name == "pvc-"+string(volume.Spec.ClaimRef.UID) { // as this package names them
		if err := os.RemoveAll(filepath.Join(dir, volume.Name)); err != nil {
			return err
		}
	}
	return client.CoreV1().PersistentVolumes().Delete(ctx, name, metav1.DeleteOptions{})
}

func waits(claim *corev1.PersistentVolumeClaim) bool {
	return claim.Status.Phase == corev1.ClaimPending && claim.DeletionTimestamp == nil &&
		claim.Spec.VolumeName == "" && claim.Spec.Selector == nil &&
		claim.Spec.StorageClassName != nil && *claim.Spec.StorageClassName != ""
}

// due says whether the claim's volume may be made now, or only once the
// scheduler has chosen a node for its first pod.
func due(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) bool {
	return class.Provisioner != "kubernetes.io/no-provisioner" && (class.VolumeBindingMode == nil ||
		*class.VolumeBindingMode == storagev1.VolumeBindingImmediate || claim.Annotations[selectedNode] != "")
}

// volume is a folder of this machine. A CSI volume would wait for an attacher.
func volume(claim *corev1.PersistentVolumeClaim, class *storagev1.StorageClass, dir string) *corev1.PersistentVolume {
	name := "pvc-" + string(claim.UID)
	reclaim := corev1.PersistentVolumeReclaimDelete
	if class.ReclaimPolicy != nil {
		reclaim = *class.ReclaimPolicy
	}
	return &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: class.Provisioner}},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:                      corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    claim.Spec.VolumeMode,
			StorageClassName:              class.Name,
			MountOptions:                  class.MountOptions,
			PersistentVolumeReclaimPolicy: reclaim,
			PersistentVolumeSource:        corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: filepath.Join(dir, name)}},
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID, ResourceVersion: claim.ResourceVersion,
			},
		},
	}
}
