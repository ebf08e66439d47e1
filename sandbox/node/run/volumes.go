package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// volumes makes the folders of a pod's volumes and fills them, and returns them by
// name. It may be called again, and writes then what has changed.
func (p *pod) volumes(ctx context.Context) (map[string]string, error) {
	object := p.snapshot()
	folders := map[string]string{}
	for _, volume := range object.Spec.Volumes {
		folder, err := p.volume(ctx, object, volume)
		if err != nil {
			return nil, fmt.Errorf("volume %s: %w", volume.Name, err)
		}
		folders[volume.Name] = folder
	}
	return folders, nil
}

func (p *pod) volume(ctx context.Context, object *corev1.Pod, volume corev1.Volume) (string, error) {
	folder := filepath.Join(p.folder, "volumes", volume.Name)
	if volume.PersistentVolumeClaim != nil {
		var err error
		if folder, err = p.claim(ctx, object.Namespace, volume.PersistentVolumeClaim.ClaimName); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	var sources []corev1.VolumeProjection
	switch {
	case volume.PersistentVolumeClaim != nil, volume.EmptyDir != nil:
	case volume.ConfigMap != nil:
		c := volume.ConfigMap
		sources = append(sources, corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
			LocalObjectReference: c.LocalObjectReference, Items: c.Items, Optional: c.Optional,
		}})
	case volume.Secret != nil:
		s := volume.Secret
		sources = append(sources, corev1.VolumeProjection{Secret: &corev1.SecretProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: s.SecretName}, Items: s.Items, Optional: s.Optional,
		}})
	case volume.DownwardAPI != nil:
		sources = append(sources, corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{Items: volume.DownwardAPI.Items}})
	case volume.Projected != nil:
		sources = volume.Projected.Sources
	default:
		return "", errors.New("the sandbox has no volumes of this kind")
	}
	for _, source := range sources {
		files, err := p.project(ctx, object, source)
		if err != nil {
			return "", err
		}
		for name, content := range files {
			if err := place(folder, name, content); err != nil {
				return "", err
			}
		}
	}
	return folder, nil
}

// claim is the folder of a claim's volume.
func (p *pod) claim(ctx context.Context, namespace, name string) (string, error) {
	claim, err := p.host.Client.CoreV1().PersistentVolumeClaims(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return "", err
	}
	if claim.Status.Phase != corev1.ClaimBound {
		return "", fmt.Errorf("claim %s is not bound yet", name)
	}
	volume, err := p.host.Client.CoreV1().PersistentVolumes().Get(ctx, claim.Spec.VolumeName, metav1.GetOptions{})
	if err != nil {
		return "", err
	}
	if volume.Spec.HostPath == nil || volume.Annotations[provisionedBy] == "" {
		return "", fmt.Errorf("claim %s: its volume is not one that the sandbox made", name)
	}
	return volume.Spec.HostPath.Path, nil
}

// provisionedBy is the annotation of the volumes that a provisioner made.
const provisionedBy = "pv.kubernetes.io/provisioned-by"

// project returns the files of a source, by path.
func (p *pod) project(ctx context.Context, object *corev1.Pod, source corev1.VolumeProjection) (map[string][]byte, error) {
	core := p.host.Client.CoreV1()
	switch {
	case source.ConfigMap != nil:
		s := source.ConfigMap
		found, err := core.ConfigMaps(object.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
		if err != nil {
			return nil, unless(s.Optional, err)
		}
		all := found.BinaryData
		if all == nil {
			all = map[string][]byte{}
		}
		for key, value := range found.Data {
			all[key] = []byte(value)
		}
		return pick(all, s.Items, s.Optional)
	case source.Secret != nil:
		s := source.Secret
		found, err := core.Secrets(object.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
		if err != nil {
			return nil, unless(s.Optional, err)
		}
		return pick(found.Data, s.Items, s.Optional)
	case source.DownwardAPI != nil:
		files := map[string][]byte{}
		for _, item := range source.DownwardAPI.Items {
			if item.FieldRef == nil {
				return nil, fmt.Errorf("file %s: the sandbox has only fields of the downward API", item.Path)
			}
			value, err := field(object, item.FieldRef.FieldPath, p.hostIP)
			if err != nil {
				return nil, err
			}
			files[item.Path] = []byte(value)
		}
		return files, nil
	case source.ServiceAccountToken != nil:
		token, err := p.token(ctx, object, *source.ServiceAccountToken)
		return map[string][]byte{source.ServiceAccountToken.Path: token}, err
	default:
		return nil, errors.New("the sandbox has no projected volumes of this kind")
	}
}

// unless returns err, but nil for something optional that is missing.
func unless(optional *bool, err error) error {
	if optional != nil && *optional && apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// pick returns the items of the data, all of it without items.
func pick(all map[string][]byte, items []corev1.KeyToPath, optional *bool) (map[string][]byte, error) {
	if len(items) == 0 {
		return all, nil
	}
	picked := map[string][]byte{}
	for _, item := range items {
		value, there := all[item.Key]
		if !there && (optional == nil || !*optional) {
			return nil, fmt.Errorf("there is no key %s", item.Key)
		}
		if there {
			picked[item.Path] = value
		}
	}
	return picked, nil
}

// place writes a file of a volume unless it has that content.
func place(folder, name string, content []byte) error {
	if !filepath.IsLocal(name) {
		return fmt.Errorf("file %q lies outside of the volume", name)
	}
	path := filepath.Join(folder, name)
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return renameio.WriteFile(path, content, 0o600)
}
