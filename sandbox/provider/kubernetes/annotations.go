package kubernetes

import (
	"fmt"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The annotations by which a program steers the provider, as Pulumi documents
// them.
const (
	annotationAutonamed   = "pulumi.com/autonamed"
	annotationForce       = "pulumi.com/patchForce"
	annotationSkipAwait   = "pulumi.com/skipAwait"
	annotationTimeout     = "pulumi.com/timeoutSeconds"
	annotationReplace     = "pulumi.com/replaceUnready"
	annotationPropagation = "pulumi.com/deletionPropagationPolicy"
)

// defaultAwait is how long an object is waited for when nobody says.
const defaultAwait = 10 * time.Minute

func annotated(object *unstructured.Unstructured, annotation string) bool {
	on, err := strconv.ParseBool(object.GetAnnotations()[annotation])
	return err == nil && on
}

// patience is how long to wait for an object: the resource's customTimeouts
// (in seconds, zero when not set), else its annotation, else ten minutes.
func patience(object *unstructured.Unstructured, customTimeout float64) (time.Duration, error) {
	if customTimeout > 0 {
		return time.Duration(customTimeout * float64(time.Second)), nil
	}
	text, ok := object.GetAnnotations()[annotationTimeout]
	if !ok {
		return defaultAwait, nil
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds <= 0 {
		return 0, fmt.Errorf("annotation %s: %q is not a number of seconds", annotationTimeout, text)
	}
	return time.Duration(seconds) * time.Second, nil
}

// propagation is what becomes of an object's dependents when it is deleted.
// Workloads go after their pods. Of other kinds nothing in the sandbox makes
// dependents, and asking for their deletion first would only wait for the
// garbage collector, which takes up to half a minute to learn of a new kind.
func propagation(object *unstructured.Unstructured) (metav1.DeletionPropagation, error) {
	policy := metav1.DeletionPropagation(object.GetAnnotations()[annotationPropagation])
	switch policy {
	case "":
		switch object.GroupVersionKind().Group {
		case "apps", "batch":
			return metav1.DeletePropagationForeground, nil
		}
		return metav1.DeletePropagationBackground, nil
	case metav1.DeletePropagationForeground, metav1.DeletePropagationBackground, metav1.DeletePropagationOrphan:
		return policy, nil
	}
	return "", fmt.Errorf("annotation %s: %q is none of Foreground, Background, Orphan", annotationPropagation, policy)
}
