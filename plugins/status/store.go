package status

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	typed "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/util/retry"
)

// Store is the ConfigMap. To read it takes the verb get on it; to write it get and
// update, and create where nobody else makes it.
type Store struct {
	Client    typed.ConfigMapsGetter
	Namespace string
	// Name is the ConfigMap's.
	Name string
	// FieldManager is the name under which it is written.
	FieldManager string
}

// DamagedError means that the ConfigMap is not as [Store.Update] wrote it.
type DamagedError struct {
	// Name is NAMESPACE/NAME of the ConfigMap.
	Name string
	// Err says what is wrong with it.
	Err error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("ConfigMap %s is damaged: %v: the next change of a plugin writes it anew", e.Name, e.Err)
}

// Unwrap is what is wrong.
func (e *DamagedError) Unwrap() error { return e.Err }

// retries are for several writers at once: each try takes two requests.
var retries = wait.Backoff{Duration: 20 * time.Millisecond, Factor: 1.5, Jitter: 0.5, Steps: 12, Cap: 2 * time.Second}

// Read is the status. Where there is no ConfigMap, or an empty one, it is that of a
// portal which never had a plugin. One that was changed by hand is a [*DamagedError]:
// nothing of it can be relied on.
func (s Store) Read(ctx context.Context) (Status, error) {
	_, status, err := s.read(ctx)
	return status, err
}

// Update changes the status and gives it as it is written: without secrets, in order.
// The change may be called several times, each time with what is there then: of two
// at once both are made. One that fails changes nothing. A damaged ConfigMap is
// repaired: the change begins with the zero status, because nothing of it can be
// relied on.
func (s Store) Update(ctx context.Context, change func(*Status) error) (updated Status, err error) {
	again := func(err error) bool { return apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) }
	err = retry.OnError(retries, again, func() error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		updated, err = s.update(ctx, change)
		return err
	})
	if err != nil {
		return Status{}, fmt.Errorf("update the status of the plugins: %w", err)
	}
	return updated, nil
}

func (s Store) read(ctx context.Context) (*core.ConfigMap, Status, error) {
	config, err := s.Client.ConfigMaps(s.Namespace).Get(ctx, s.Name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		status, err := decode(nil)
		return nil, status, err
	}
	if err != nil {
		return nil, Status{}, fmt.Errorf("read ConfigMap %s/%s: %w", s.Namespace, s.Name, err)
	}
	status, err := decode(config.Data)
	if err == nil && len(config.BinaryData) > 0 {
		err = errors.New("it has binary data, which is not ours")
	}
	if err != nil {
		return config, Status{}, &DamagedError{s.Namespace + "/" + s.Name, err}
	}
	return config, status, nil
}

func (s Store) update(ctx context.Context, change func(*Status) error) (Status, error) {
	config, status, err := s.read(ctx)
	var damaged *DamagedError
	if err != nil && !errors.As(err, &damaged) {
		return Status{}, err
	}
	if err := change(&status); err != nil {
		return Status{}, err
	}
	if status, err = status.settled(); err != nil {
		return Status{}, err
	}
	data, err := encode(status)
	if err != nil {
		return Status{}, err
	}
	client := s.Client.ConfigMaps(s.Namespace)
	switch {
	case config == nil:
		config = &core.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: s.Name, Namespace: s.Namespace}, Data: data}
		_, err = client.Create(ctx, config, metav1.CreateOptions{FieldManager: s.FieldManager})
	case damaged == nil && maps.Equal(config.Data, data):
		return status, nil
	default:
		// It has the version that was read: a change meanwhile is a conflict.
		config.Data, config.BinaryData = data, nil
		_, err = client.Update(ctx, config, metav1.UpdateOptions{FieldManager: s.FieldManager})
	}
	if apierrors.IsInvalid(err) && config.Immutable != nil && *config.Immutable {
		return Status{}, fmt.Errorf("ConfigMap %s/%s is immutable: delete it, and it is made anew: %w", s.Namespace, s.Name, err)
	}
	return status, err
}
