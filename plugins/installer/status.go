package installer

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"k8s.io/client-go/kubernetes"

	"gatehouse/plugins/install"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
)

// shown is the ConfigMap that people and commands look at.
type shown struct {
	status.Store
	now func() time.Time
}

var _ install.Status = shown{}

func newStatus(client kubernetes.Interface, namespace string) shown {
	return shown{status.Store{
		Client: client.CoreV1(), Namespace: namespace, Name: install.StatusName, FieldManager: fieldManager,
	}, time.Now}
}

// Show implements install.Status.
func (s shown) Show(ctx context.Context, r install.Report) error {
	_, err := s.Update(ctx, func(now *status.Status) error {
		now.Generation, now.Phase, now.Since = string(r.Generation), r.Phase, s.now().UTC()
		now.Check = status.Check{} // it was of what was before
		if len(r.Request.Plugins) > 0 || r.Phase == status.Proved {
			now.Plugins = listed(r.Request.Plugins, r.Phase)
		}
		if r.Failure != "" {
			now.Failure = status.Failure{Generation: string(r.Failed), Reason: r.Failure, Time: s.now().UTC()}
			for i := range now.Plugins {
				now.Plugins[i].State = status.Failed
			}
		}
		if r.Head != (trail.Head{}) {
			now.TrailHead = r.Head
		}
		if r.Proved == nil {
			return nil
		}
		request, err := install.Encode(r.Proved)
		now.LastGood = status.Good{Generation: string(r.Generation), Request: json.RawMessage(request)}
		return err
	})
	return err
}

// Checked implements install.Status. A damaged ConfigMap is not repaired: that is for
// who knows which generation there is.
func (s shown) Checked(ctx context.Context, problem string) error {
	if _, err := s.Read(ctx); err != nil {
		return err
	}
	_, err := s.Update(ctx, func(now *status.Status) error {
		now.Check = status.Check{Time: s.now().UTC(), Problem: problem}
		return nil
	})
	return err
}

func listed(list []install.Plugin, phase status.Phase) []status.Plugin {
	state := status.Staged
	if phase == status.Proved {
		state = status.Loaded
	}
	all := []status.Plugin{}
	for _, p := range list {
		all = append(all, status.Plugin{Ref: p.Ref, Integrity: p.Integrity, Strategy: p.Strategy, State: state})
	}
	return all
}

// Head implements install.Status. Of a ConfigMap that was changed by hand nothing is
// believed: the chain itself is verified all the same.
func (s shown) Head(ctx context.Context) (trail.Head, error) {
	now, err := s.Read(ctx)
	return now.TrailHead, undamaged(err)
}

// Set implements install.Status.
func (s shown) Set(ctx context.Context) (*install.SetRequest, error) {
	now, err := s.Read(ctx)
	if err = undamaged(err); err != nil {
		return nil, err
	}
	return lastGood(now), nil
}

// lastGood is the set of a status, nil for none. One that cannot be read was written
// by another version of this program, or by hand: the next proof replaces it, which
// it never would if that were an error.
func lastGood(now status.Status) *install.SetRequest {
	if now.LastGood.Generation == "" {
		return nil
	}
	set, err := install.ParseSet(string(now.LastGood.Request))
	if err != nil {
		return nil
	}
	return &set
}

// undamaged passes over what [status.Store.Update] will repair.
func undamaged(err error) error {
	var damaged *status.DamagedError
	if errors.As(err, &damaged) {
		return nil
	}
	return err
}
