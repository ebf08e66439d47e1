package controlplane

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// PutNew writes those keys to the etcd on port that are not there, through its
// JSON gateway.
func (p Probe) PutNew(ctx context.Context, port int, values map[string][]byte) error {
	for key, value := range values {
		type object = map[string]any
		name := []byte(key) // byte slices become base64, as the gateway wants them
		body, err := json.Marshal(object{
			"compare": []object{{"key": name, "target": "CREATE", "result": "EQUAL", "create_revision": 0}},
			"success": []object{{"request_put": object{"key": name, "value": value}}},
		})
		if err != nil {
			return fmt.Errorf("write %s to etcd: %w", key, err)
		}
		if _, err := p.do(ctx, http.MethodPost, port, "/v3/kv/txn", bytes.NewReader(body)); err != nil {
			return fmt.Errorf("write %s to etcd: %w", key, err)
		}
	}
	return nil
}
