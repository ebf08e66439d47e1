package plugins

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/test/suite"
)

// byHand makes the Job that `kubectl create job --from=cronjob/plugin-installer`
// makes, with the variables of the guide, and waits for its end.
func (s *scene) byHand(t *testing.T, job, name, version string) {
	t.Helper()
	client := s.cluster(t)
	cron, err := client.BatchV1().CronJobs("backstage").Get(t.Context(), "plugin-installer", metav1.GetOptions{})
	require.NoError(t, err)
	made := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: job, Labels: cron.Spec.JobTemplate.Labels}, Spec: cron.Spec.JobTemplate.Spec}
	container := &made.Spec.Template.Spec.Containers[0]
	container.Env = append(container.Env, corev1.EnvVar{Name: "PLUGIN_NAME", Value: name}, corev1.EnvVar{Name: "PLUGIN_VERSION", Value: version})
	_, err = client.BatchV1().Jobs("backstage").Create(t.Context(), made, metav1.CreateOptions{})
	require.NoError(t, err)
	var last *batchv1.Job
	suite.Eventually(t, "the Job "+job, func(ctx context.Context) bool {
		last, err = client.BatchV1().Jobs("backstage").Get(ctx, job, metav1.GetOptions{})
		require.NoError(t, err)
		return last.Status.Succeeded+last.Status.Failed > 0
	})
	require.EqualValues(t, 1, last.Status.Succeeded, "%s", s.logs(t, job))
}

// logs is what the pods of a Job said.
func (s *scene) logs(t *testing.T, job string) string {
	t.Helper()
	client := s.cluster(t)
	pods, err := client.CoreV1().Pods("backstage").List(t.Context(), metav1.ListOptions{LabelSelector: "job-name=" + job})
	require.NoError(t, err)
	text := ""
	for _, pod := range pods.Items {
		content, err := client.CoreV1().Pods("backstage").GetLogs(pod.Name, &corev1.PodLogOptions{}).DoRaw(t.Context())
		require.NoError(t, err)
		text += string(content)
	}
	return text
}
