package kubernetes

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var jobKind = schema.GroupKind{Group: "batch", Kind: "Job"}

// jobProgress: the job is complete; a job that failed stays so.
func jobProgress(j *batchv1.Job) progress {
	if j.Spec.Suspend != nil && *j.Spec.Suspend {
		return progress{ready: true}
	}
	for _, condition := range j.Status.Conditions {
		if condition.Status != corev1.ConditionTrue {
			continue
		}
		switch condition.Type {
		case batchv1.JobComplete:
			return progress{ready: true}
		case batchv1.JobFailed:
			return progress{failed: fmt.Sprintf("%s; a failed job is not run again unless it is annotated %s: \"true\"",
				condition.Reason, annotationReplace)}
		}
	}
	return progress{waiting: fmt.Sprintf("%d of %d pods succeeded, %d failed",
		j.Status.Succeeded, replicas(j.Spec.Completions), j.Status.Failed)}
}

// jobHasFailed reads the last known state of a Job.
func jobHasFailed(state resource.PropertyMap) bool {
	object, _ := toObject(batchv1.SchemeGroupVersion.WithKind(jobKind.Kind), state)
	last, err := readinessOf(jobKind)(object)
	return err == nil && last.failed != ""
}

// wantsReplacement says whether a failed Job is to be made anew.
func wantsReplacement(inputs resource.PropertyMap) bool {
	on, _ := stringAt(inputs, "metadata", "annotations", annotationReplace)
	return on == "true"
}
