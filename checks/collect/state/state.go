// Package state reads what an exported Pulumi state says of an environment: of
// the stack as a whole, and of what the cloud's API cannot be asked everywhere.
//
// A state says what was set, not what is so now: live evidence goes before it.
// Policies judge states resource by resource; that lives in policies.
package state

import (
	"context"
	"sync"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Collector reads one state. It is safe for concurrent use.
type Collector struct {
	checkpoint []byte

	lock sync.Mutex
	read *contents
}

// New makes a collector; it reads the state when a reader asks.
func New(_ context.Context, t target.State) (*Collector, error) {
	return &Collector{checkpoint: t.Checkpoint}, nil
}

// Readers are those of one state.
func (c *Collector) Readers() []evidence.Reader {
	const statement = "pulumi stack export"
	return []evidence.Reader{
		evidence.Read(evidence.StateSummaries, statement, func(ctx context.Context) (evidence.StateSummary, error) {
			all, err := c.contents(ctx)
			return all.summary, err
		}),
		evidence.Read(evidence.StateAddOns, statement+": aws:eks/addon:Addon", func(ctx context.Context) ([]evidence.StateAddOn, error) {
			all, err := c.contents(ctx)
			return all.addOns, err
		}),
		evidence.Read(evidence.StateAccesses, statement+": aws:eks/accessEntry:AccessEntry, aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
			func(ctx context.Context) ([]evidence.StateAccess, error) {
				all, err := c.contents(ctx)
				return all.access(), err
			}),
		evidence.Read(evidence.StateStores, statement+": what keeps data", func(ctx context.Context) ([]evidence.StateStore, error) {
			all, err := c.contents(ctx)
			return all.stores, err
		}),
	}
}

// Identity is nobody: a state is a file.
func (c *Collector) Identity(context.Context) (string, error) { return "", nil }

// Close has nothing to end.
func (c *Collector) Close() {}

// contents reads the state once for all readers. A reading that was cut off is
// not kept.
func (c *Collector) contents(ctx context.Context) (*contents, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.read != nil {
		return c.read, nil
	}
	if len(c.checkpoint) == 0 {
		return &contents{}, evidence.Problem{
			Kind: evidence.NotConfigured, Message: "there is no Pulumi state", Remedy: "name the stack with -s, or bring it up first",
		}
	}
	read, err := parse(ctx, c.checkpoint)
	if err != nil {
		return &contents{}, err
	}
	c.read = read
	return read, nil
}
