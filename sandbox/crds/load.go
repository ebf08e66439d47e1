package crds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

// manager is the field manager of what is loaded here. Whoever applies one of
// the definitions as a managed resource shows up beside it.
const manager = "gatehouse-sandbox"

// hashAnnotation holds the hash of what was loaded.
const hashAnnotation = "gatehouse.sandbox/hash"

// atOnce is how many definitions are applied at a time.
const atOnce = 8

// Load applies the definitions of a bundle to the API server and returns when
// each of them is established, with the number of all and of those that were
// loaded now. It is safe to repeat: those that are there already, with the same
// content, are left alone.
func Load(ctx context.Context, config *rest.Config, bundle string) (all, now int, err error) {
	definitions, err := readBundle(bundle)
	if err != nil {
		return 0, 0, err
	}
	config = rest.CopyConfig(config)
	config.QPS = -1 // the server is ours alone: no pacing
	config.WarningHandler = rest.NoWarnings{}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return 0, 0, fmt.Errorf("load the CustomResourceDefinitions: %w", err)
	}
	loaded, err := loadedHashes(ctx, config)
	if err != nil {
		return 0, 0, fmt.Errorf("load the CustomResourceDefinitions: %w", err)
	}
	missing, err := onlyMissing(definitions, loaded)
	if err != nil {
		return 0, 0, err
	}
	resource := client.Resource(definitionsResource())
	// First all, then the wait: by the end most are established already.
	apply := func(ctx context.Context, definition *unstructured.Unstructured) error {
		_, err := resource.Apply(ctx, definition.GetName(), definition, metav1.ApplyOptions{FieldManager: manager, Force: true})
		return err
	}
	await := func(ctx context.Context, definition *unstructured.Unstructured) error {
		return wait.PollUntilContextCancel(ctx, 200*time.Millisecond, true, func(ctx context.Context) (bool, error) {
			live, err := resource.Get(ctx, definition.GetName(), metav1.GetOptions{})
			return err == nil && established(live), err
		})
	}
	for _, step := range []func(context.Context, *unstructured.Unstructured) error{apply, await} {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, definition := range missing {
			group.Go(func() error {
				if err := step(ctx, definition); err != nil {
					return fmt.Errorf("load %s: %w", definition.GetName(), err)
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return 0, 0, err
		}
	}
	return len(definitions), len(missing), nil
}

// onlyMissing returns the definitions that are not loaded, or with another
// content, each annotated with its hash.
func onlyMissing(definitions []*unstructured.Unstructured, loaded map[string]string) ([]*unstructured.Unstructured, error) {
	var missing []*unstructured.Unstructured
	for _, definition := range definitions {
		hash, err := hashOf(definition)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", definition.GetName(), err)
		}
		if loaded[definition.GetName()] != hash {
			definition.SetAnnotations(map[string]string{hashAnnotation: hash})
			missing = append(missing, definition)
		}
	}
	return missing, nil
}

func established(definition *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(definition.Object, "status", "conditions")
	for _, each := range conditions {
		condition, _ := each.(map[string]any)
		if condition["type"] == "Established" && condition["status"] == "True" {
			return true
		}
	}
	return false
}

// loadedHashes returns, by name, the hash of each definition that is in the API
// server; empty for one that somebody else put there.
func loadedHashes(ctx context.Context, config *rest.Config) (map[string]string, error) {
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	list, err := client.Resource(definitionsResource()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	hashes := map[string]string{}
	for _, item := range list.Items {
		hashes[item.Name] = item.Annotations[hashAnnotation]
	}
	return hashes, nil
}

func hashOf(definition *unstructured.Unstructured) (string, error) {
	text, err := json.Marshal(definition) // with sorted keys
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}

func definitionsResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
}
