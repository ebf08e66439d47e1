package kubernetes

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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

// unready says whether a Job is not complete now. The state may be older: an update
// that was interrupted saw no end. A Job that is gone is none; where the API server
// cannot tell, the state does.
func (p *Provider) unready(ctx context.Context, req plugin.DiffRequest) bool {
	if p.cluster != nil {
		namespace, name := splitID(req.ID)
		t, err := p.cluster.target(batchv1.SchemeGroupVersion.WithKind(jobKind.Kind), namespace, name)
		if err == nil {
			var live *unstructured.Unstructured
			if live, err = t.get(ctx); err == nil {
				return live != nil && !jobIs(live).ready
			}
		}
	}
	object, _ := toObject(batchv1.SchemeGroupVersion.WithKind(jobKind.Kind), req.OldOutputs)
	return jobIs(object).failed != ""
}

// jobIs judges a Job; one that cannot be read is neither ready nor failed.
func jobIs(object *unstructured.Unstructured) progress {
	state, err := readinessOf(jobKind)(object)
	if err != nil {
		return progress{}
	}
	return state
}

// wantsReplacement says whether a failed Job is to be made anew.
func wantsReplacement(inputs resource.PropertyMap) bool {
	on, _ := stringAt(inputs, "metadata", "annotations", annotationReplace)
	return on == "true"
}
