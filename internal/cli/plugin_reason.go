package cli

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
)

const (
	// reasonLimit is how long a cluster may take to say why the installer failed.
	reasonLimit = 10 * time.Second
	// reasonLength is how much of it is shown, in characters.
	reasonLength = 400
	// clockSkew is how far the clocks of a cluster and of this machine may differ.
	clockSkew = time.Minute
)

// installJob is the name of a Job that installs plugins (components/plugins).
var installJob = regexp.MustCompile(`^plugin-(stage|assemble|activate|build)-`)

// withReason adds to the error of an up that began then what the installer in the
// cluster says of it. What is not known of that is no error of its own.
func (f *operationFlags) withReason(cmd *cobra.Command, began time.Time, failed error) error {
	document, err := readStack(f.stack)
	if err != nil || !document.plugins().Managed() || cmd.Context().Err() != nil {
		return failed
	}
	environment, err := document.environment(cmd, f.sandbox)
	if err != nil {
		return failed
	}
	connection, err := environment.cluster()
	if err != nil {
		return failed
	}
	connection.Timeout = reasonLimit
	client, err := kubernetes.NewForConfig(connection)
	if err != nil {
		return failed
	}
	reasons := installerReasons(cmd.Context(), client, portalNamespace, began.Add(-clockSkew))
	if len(reasons) == 0 {
		return failed
	}
	return fmt.Errorf("%w\nthe installer says: %s", failed, strings.Join(reasons, "\n"))
}

// installerReasons are why Jobs of the installer have failed since a moment, one for
// each; without any, why the portal went back.
func installerReasons(ctx context.Context, client kubernetes.Interface, namespace string, since time.Time) []string {
	reasons := jobReasons(ctx, client, namespace, since)
	if len(reasons) > 0 {
		return reasons
	}
	store := status.Store{Client: client.CoreV1(), Namespace: namespace, Name: install.StatusName}
	found, err := store.Read(ctx)
	if err != nil || found.Failure.Reason == "" || found.Failure.Time.Before(since) {
		return nil
	}
	return []string{brief(found.Failure.Reason)}
}

func jobReasons(ctx context.Context, client kubernetes.Interface, namespace string, since time.Time) []string {
	jobs, err := client.BatchV1().Jobs(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil
	}
	var reasons []string
	for _, job := range jobs.Items { // by name
		end := slices.IndexFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
			return c.Type == batchv1.JobFailed && c.Status == corev1.ConditionTrue && !c.LastTransitionTime.Time.Before(since)
		})
		if end < 0 || !installJob.MatchString(job.Name) {
			continue
		}
		reason := lastWord(ctx, client, job)
		if reason == "" { // it was ended, or its pods are gone
			reason = job.Name + ": " + job.Status.Conditions[end].Message
		}
		reasons = append(reasons, brief(reason))
	}
	return reasons
}

// lastWord is what the last pod of a Job left when it failed, "" when it left none.
func lastWord(ctx context.Context, client kubernetes.Interface, job batchv1.Job) string {
	pods, err := client.CoreV1().Pods(job.Namespace).List(ctx, metav1.ListOptions{LabelSelector: batchv1.JobNameLabel + "=" + job.Name})
	if err != nil {
		return ""
	}
	slices.SortFunc(pods.Items, func(a, b corev1.Pod) int {
		return cmp.Or(b.CreationTimestamp.Compare(a.CreationTimestamp.Time), cmp.Compare(b.Name, a.Name))
	})
	for _, pod := range pods.Items {
		for _, c := range pod.Status.ContainerStatuses {
			if end := c.State.Terminated; end != nil && end.ExitCode != 0 && unlogged(end.Message) != "" {
				return unlogged(end.Message)
			}
		}
	}
	return ""
}

// unlogged is what a program has said at its end, without the lines of its log
// before that, which are JSON.
func unlogged(message string) string {
	lines := strings.Split(strings.TrimSpace(message), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "{") {
			lines = lines[i+1:]
			break
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// brief is a text in one line, cut where it is long.
func brief(text string) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) <= reasonLength {
		return string(line)
	}
	return string(line[:reasonLength-1]) + "…"
}
