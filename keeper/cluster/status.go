package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// StatusName is the ConfigMap that holds the last result of each task under the
// task's name, as JSON, for the readiness checks. It is made with the CronJobs;
// the keeper may only change it.
const StatusName = "backup-status"

// WriteStatus keeps a task's last result.
func (c *Cluster) WriteStatus(ctx context.Context, task string, result any) error {
	text, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("write status: %w", err)
	}
	return c.setStatus(ctx, task, string(text))
}

// setStatus sets a key of the ConfigMap, or removes it when value is nil.
func (c *Cluster) setStatus(ctx context.Context, key string, value any) error {
	if c.StatusNamespace == "" {
		return fmt.Errorf("find ConfigMap %s: give its namespace with --status-namespace", StatusName)
	}
	patch, err := json.Marshal(map[string]any{"data": map[string]any{key: value}})
	if err != nil {
		return fmt.Errorf("write status: %w", err)
	}
	_, err = c.typed.CoreV1().ConfigMaps(c.StatusNamespace).Patch(ctx, StatusName, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: "keeper"})
	if err != nil {
		return fmt.Errorf("write %s into ConfigMap %s/%s: %w", key, c.StatusNamespace, StatusName, err)
	}
	return nil
}

// status reads a key of the ConfigMap; "" when there is none.
func (c *Cluster) status(ctx context.Context, key string) (string, error) {
	if c.StatusNamespace == "" {
		return "", fmt.Errorf("find ConfigMap %s: give its namespace with --status-namespace", StatusName)
	}
	got, err := c.typed.CoreV1().ConfigMaps(c.StatusNamespace).Get(ctx, StatusName, metav1.GetOptions{})
	if err != nil {
		return "", fmt.Errorf("read ConfigMap %s/%s: %w", c.StatusNamespace, StatusName, err)
	}
	return got.Data[key], nil
}
