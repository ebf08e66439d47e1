package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/checks/evidence"
)

// The ConfigMap that the keeper tells its results in, and its keys: one a task.
const backupStatus = "backup-status"

var backupTasks = []string{"base", "configuration", "database", "drill"}

func (c *Collector) backups(ctx context.Context) (evidence.KubeBackups, error) {
	whole := evidence.KubeBackups{Found: []evidence.KubeObject{}, Tasks: []evidence.KubeTask{}}
	parts, err := inPortal(c, "get configmap "+backupStatus, func(namespace string, take func(evidence.KubeBackups)) error {
		m, err := c.typed.CoreV1().ConfigMaps(namespace).Get(ctx, backupStatus, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return c.problem("get configmap "+backupStatus+" in namespace "+namespace, err)
		}
		found := evidence.KubeBackups{Found: []evidence.KubeObject{named(m)}}
		var problems []error
		for _, name := range slices.Sorted(maps.Keys(m.Data)) {
			if !slices.Contains(backupTasks, name) {
				continue // notes of the keeper to itself
			}
			var task evidence.KubeTask
			if err := json.Unmarshal([]byte(m.Data[name]), &task); err != nil || task.Finished.IsZero() {
				problems = append(problems, invalid("%s of configmap %s/%s is not what the keeper writes", name, namespace, backupStatus))
				continue
			}
			task.Name = name
			found.Tasks = append(found.Tasks, task)
		}
		take(found)
		return errors.Join(problems...)
	})
	for _, part := range parts {
		whole.Found, whole.Tasks = append(whole.Found, part.Found...), append(whole.Tasks, part.Tasks...)
	}
	return whole, err
}
