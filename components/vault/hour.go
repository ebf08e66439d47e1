package vault

import "fmt"

// blockedMinutes is how long before a window of RDS AWS Backup starts no job
// (AWS Backup developer guide, "Amazon RDS backups").
const blockedMinutes = 60

// StartHour returns an hour of the day, UTC, at which a backup job can begin:
// neither in a window of the stores nor in the hour before one. It looks from
// after onwards. overlaps tells whether a time of day, in minutes from
// midnight, which may pass it, meets any window.
func StartHour(after int, overlaps func(start, end int) bool) (int, error) {
	const day = 24 * 60
	for i := range 24 {
		hour := (after + i) % 24
		start := hour * 60
		if !overlaps(start, (start+startMinutes+blockedMinutes)%day) {
			return hour, nil
		}
	}
	return 0, fmt.Errorf("choose the hour of backups: the stores' windows leave no two free hours; shorten the maintenance window")
}
