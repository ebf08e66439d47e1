package kubernetes

import (
	"context"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"gatehouse/checks/evidence"
)

const revision = "deployment.kubernetes.io/revision"

func (c *Collector) workloads(ctx context.Context) ([]evidence.KubeWorkload, error) {
	type taker = func(evidence.KubeWorkload)
	apps, batch := c.typed.AppsV1(), c.typed.BatchV1()
	return together(
		func(take taker) error {
			return all(ctx, c, "deployments.apps", apps.Deployments(everywhere).List, func(list *appsv1.DeploymentList) {
				for i := range list.Items {
					take(deployment(&list.Items[i]))
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "statefulsets.apps", apps.StatefulSets(everywhere).List, func(list *appsv1.StatefulSetList) {
				for i := range list.Items {
					take(statefulSet(&list.Items[i]))
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "daemonsets.apps", apps.DaemonSets(everywhere).List, func(list *appsv1.DaemonSetList) {
				for i := range list.Items {
					take(daemonSet(&list.Items[i]))
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "cronjobs.batch", batch.CronJobs(everywhere).List, func(list *batchv1.CronJobList) {
				for i := range list.Items {
					j := &list.Items[i]
					w := workload("CronJob", j, &j.Spec.JobTemplate.Spec.Template)
					w.Suspended = value(j.Spec.Suspend, false)
					take(w)
				}
			})
		},
		func(take taker) error {
			return all(ctx, c, "jobs.batch", batch.Jobs(everywhere).List, func(list *batchv1.JobList) {
				for i := range list.Items {
					take(job(&list.Items[i]))
				}
			})
		},
	)
}

// workload is what all kinds have.
func workload(kind string, o metav1.Object, template *corev1.PodTemplateSpec) evidence.KubeWorkload {
	_, owner := controller(o)
	return evidence.KubeWorkload{
		KubeObject: named(o), Kind: kind, Owner: owner, Labels: o.GetLabels(), Created: o.GetCreationTimestamp().Time,
		Template: podSpec(&template.Spec, true), PodLabels: template.Labels, Observed: true,
	}
}

func deployment(d *appsv1.Deployment) evidence.KubeWorkload {
	w := workload("Deployment", d, &d.Spec.Template)
	w.Desired = int(value(d.Spec.Replicas, 1))
	w.Ready, w.Updated, w.Available = int(d.Status.ReadyReplicas), int(d.Status.UpdatedReplicas), int(d.Status.AvailableReplicas)
	w.Observed = d.Status.ObservedGeneration >= d.Generation
	w.Strategy, w.History = string(d.Spec.Strategy.Type), int(value(d.Spec.RevisionHistoryLimit, 10))
	w.Revision, _ = strconv.Atoi(d.Annotations[revision])
	if r := d.Spec.Strategy.RollingUpdate; r != nil {
		w.MaxUnavailable, w.MaxSurge = number(r.MaxUnavailable), number(r.MaxSurge)
	}
	for _, each := range d.Status.Conditions {
		w.Conditions = append(w.Conditions, evidence.KubeCondition{
			Type: string(each.Type), Status: string(each.Status), Reason: each.Reason, Message: each.Message, Since: each.LastTransitionTime.Time,
		})
	}
	return w
}

func statefulSet(s *appsv1.StatefulSet) evidence.KubeWorkload {
	w := workload("StatefulSet", s, &s.Spec.Template)
	w.Desired = int(value(s.Spec.Replicas, 1))
	w.Ready, w.Updated, w.Available = int(s.Status.ReadyReplicas), int(s.Status.UpdatedReplicas), int(s.Status.AvailableReplicas)
	w.Observed, w.Strategy = s.Status.ObservedGeneration >= s.Generation, string(s.Spec.UpdateStrategy.Type)
	return w
}

func daemonSet(s *appsv1.DaemonSet) evidence.KubeWorkload {
	w := workload("DaemonSet", s, &s.Spec.Template)
	w.Desired, w.Ready = int(s.Status.DesiredNumberScheduled), int(s.Status.NumberReady)
	w.Updated, w.Available = int(s.Status.UpdatedNumberScheduled), int(s.Status.NumberAvailable)
	w.Observed, w.Strategy = s.Status.ObservedGeneration >= s.Generation, string(s.Spec.UpdateStrategy.Type)
	return w
}

func job(j *batchv1.Job) evidence.KubeWorkload {
	w := workload("Job", j, &j.Spec.Template)
	w.Suspended = value(j.Spec.Suspend, false)
	w.Desired, w.Ready = int(value(j.Spec.Completions, 1)), int(j.Status.Succeeded)
	for _, each := range j.Status.Conditions {
		w.Conditions = append(w.Conditions, evidence.KubeCondition{
			Type: string(each.Type), Status: string(each.Status), Reason: each.Reason, Message: each.Message, Since: each.LastTransitionTime.Time,
		})
	}
	return w
}

func number(n *intstr.IntOrString) string {
	if n == nil {
		return ""
	}
	return n.String()
}
