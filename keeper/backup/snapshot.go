package backup

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// Tag marks the snapshots that are the keeper's, with the value TagValue; the
// keeper's role may delete no others.
const (
	Tag      = "gatehouse:keeper"
	TagValue = "base-backup"
)

// Snapshots makes snapshots of an RDS instance: base backups where nobody may
// stream one. RDS keeps them encrypted with the instance's key.
type Snapshots struct {
	Client *rds.Client
	// Instance is the RDS identifier.
	Instance string
	// KeepDays is when a snapshot of ours is deleted; the newest never is.
	KeepDays int
	// Poll is how often RDS is asked how far it is; 0 means every 15 s.
	Poll time.Duration
	Now  func() time.Time
	Log  *slog.Logger
}

// Taken is a snapshot.
type Taken struct {
	Snapshot  string    `json:"snapshot"`
	Started   time.Time `json:"started"`
	Finished  time.Time `json:"finished"`
	GiB       int32     `json:"allocatedGiB"`
	Encrypted bool      `json:"encrypted"`
	// Deleted are older ones that have had their time.
	Deleted []string `json:"deleted,omitempty"`
}

// Take makes a snapshot, waits until it is available, and deletes those of ours
// that are too old. ctx bounds the waiting.
func (s Snapshots) Take(ctx context.Context) (Taken, error) {
	started := s.Now().UTC()
	name := s.prefix() + started.Format("20060102-150405")
	taken := Taken{Snapshot: name, Started: started}
	_, err := s.Client.CreateDBSnapshot(ctx, &rds.CreateDBSnapshotInput{
		DBInstanceIdentifier: &s.Instance, DBSnapshotIdentifier: &name,
		Tags: []types.Tag{{Key: aws.String(Tag), Value: aws.String(TagValue)}},
	})
	if err != nil {
		return taken, fmt.Errorf("make snapshot %s: %w; is the instance available, and may the role do this?", name, err)
	}
	snapshot, err := s.await(ctx, name)
	if err != nil {
		return taken, err
	}
	taken.Finished, taken.GiB, taken.Encrypted = s.Now().UTC(), aws.ToInt32(snapshot.AllocatedStorage), aws.ToBool(snapshot.Encrypted)
	if !taken.Encrypted {
		return taken, fmt.Errorf("make snapshot %s: it is not encrypted; the instance must be made anew with a key", name)
	}
	taken.Deleted, err = s.expire(ctx, name)
	return taken, err
}

// prefix begins the names of our snapshots of this instance.
func (s Snapshots) prefix() string { return s.Instance + "-keeper-" }

func (s Snapshots) await(ctx context.Context, name string) (types.DBSnapshot, error) {
	poll := cmp.Or(s.Poll, 15*time.Second)
	for {
		got, err := s.Client.DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &name})
		if err != nil {
			return types.DBSnapshot{}, fmt.Errorf("look at snapshot %s: %w", name, err)
		}
		if len(got.DBSnapshots) == 1 {
			switch status := aws.ToString(got.DBSnapshots[0].Status); status {
			case "available":
				return got.DBSnapshots[0], nil
			case "failed":
				return types.DBSnapshot{}, fmt.Errorf("make snapshot %s: RDS says that it failed; look at the instance's events", name)
			default:
				s.Log.Info("snapshot is being made", "snapshot", name, "status", status, "percent", aws.ToInt32(got.DBSnapshots[0].PercentProgress))
			}
		}
		select {
		case <-ctx.Done():
			return types.DBSnapshot{}, fmt.Errorf("wait for snapshot %s: %w; RDS goes on with it", name, ctx.Err())
		case <-time.After(poll):
		}
	}
}

// expire deletes what is older than KeepDays, but never the one just made, nor
// what is not ours by name and tag, nor anything without an age.
func (s Snapshots) expire(ctx context.Context, newest string) ([]string, error) {
	var old []string
	pages := rds.NewDescribeDBSnapshotsPaginator(s.Client, &rds.DescribeDBSnapshotsInput{
		DBInstanceIdentifier: &s.Instance, SnapshotType: aws.String("manual"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list snapshots: %w", err)
		}
		for _, snapshot := range page.DBSnapshots {
			name := aws.ToString(snapshot.DBSnapshotIdentifier)
			if name != newest && s.ours(snapshot) && s.expired(snapshot) {
				old = append(old, name)
			}
		}
	}
	slices.Sort(old)
	var deleted []string
	for _, name := range old {
		if _, err := s.Client.DeleteDBSnapshot(ctx, &rds.DeleteDBSnapshotInput{DBSnapshotIdentifier: &name}); err != nil {
			return deleted, fmt.Errorf("delete snapshot %s: %w", name, err)
		}
		deleted = append(deleted, name)
	}
	return deleted, nil
}

func (s Snapshots) ours(snapshot types.DBSnapshot) bool {
	return strings.HasPrefix(aws.ToString(snapshot.DBSnapshotIdentifier), s.prefix()) &&
		slices.ContainsFunc(snapshot.TagList, func(tag types.Tag) bool {
			return aws.ToString(tag.Key) == Tag && aws.ToString(tag.Value) == TagValue
		})
}

func (s Snapshots) expired(snapshot types.DBSnapshot) bool {
	made := snapshot.SnapshotCreateTime
	return s.KeepDays > 0 && made != nil && s.Now().Sub(*made) > time.Duration(s.KeepDays)*24*time.Hour
}
