package database

import (
	"strconv"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

var archiving = judge.Checker{
	ID:       "postgres-archiving",
	Expected: "the primary archives its log, so that any point in time can be restored",
	Needs:    []evidence.Name{evidence.PostgresNodes.Name(), evidence.PostgresSettings.Name(), evidence.PostgresArchiver.Name()},
	Judge: func(c *judge.Case) {
		age, most := c.Duration("archiveAge"), c.Int("archiveWaiting")
		c.Expect("the primary archives its log at least every %s, without failures, and no more than %d files wait", age, most)
		nodes, _ := judge.Try(c, evidence.PostgresNodes) // a replica that is down changes nothing here
		if managed(nodes) {
			c.NotApplicable("RDS archives the log itself and hides how; its newest restorable time proves it (RDS user guide, \"Restoring a DB instance to a specified time\")")
			return
		}
		head, known := primary(nodes)
		if !known || head.Refused {
			answering(c)
			return
		}
		set := settingsOf(judge.Read(c, evidence.PostgresSettings))[head.Address]
		if set != nil {
			archiveSettings(c, head.Address, set, age)
		}
		if archive := judge.Read(c, evidence.PostgresArchiver); archive.SegmentBytes > 0 {
			archived(c, head.Address, archive, age, most)
		}
	},
}

func archiveSettings(c *judge.Case, where string, set settings, age time.Duration) {
	set.require(c, where, "archive_mode", func(v string) bool { return v == "on" || v == "always" })
	if _, shown := set["archive_command"]; shown {
		c.Require(set["archive_command"] != "" || set["archive_library"] != "", where, "neither archive_command nor archive_library is set")
	}
	if text, shown := set["archive_timeout"]; shown {
		seconds, _ := strconv.Atoi(text)
		c.Require(seconds > 0 && seconds <= int(age.Seconds()), where,
			"archive_timeout is %d s: a quiet database keeps its last changes to itself for longer than %s", seconds, age)
	}
}

func archived(c *judge.Case, where string, a evidence.PostgresArchive, age time.Duration, most int) {
	if a.LastFailed != "" && (a.LastArchived == "" || a.FailedSecondsAgo < a.ArchivedSecondsAgo) {
		c.FailWith(where, "read the server's log for what archive_command says, and mend that",
			"archiving fails: %s failed %s ago, after %d failures", a.LastFailed, inSeconds(a.FailedSecondsAgo), a.Failed)
		return
	}
	if a.LastArchived == "" {
		c.FailWith(where, "run SELECT pg_switch_wal() and look at pg_stat_archiver", "nothing has ever been archived")
		return
	}
	waiting, known := waitingSegments(a)
	if !known {
		c.Unknown("%s: the names %q and %q do not tell how many files of the log wait", where, a.LastArchived, a.Current)
		return
	}
	stuck := waiting > 0 && a.ArchivedSecondsAgo > age.Seconds()
	c.Require(waiting <= most && !stuck, where, "%d files of the log wait, and the last was archived %s ago", waiting, inSeconds(a.ArchivedSecondsAgo))
	c.Note("%s archived %s ago, %d files wait", a.LastArchived, inSeconds(a.ArchivedSecondsAgo), waiting)
}

// waitingSegments counts the full files between the last that was archived and
// the one that is being written.
func waitingSegments(a evidence.PostgresArchive) (int, bool) {
	last, ok := segment(a.LastArchived, a.SegmentBytes)
	current, too := segment(a.Current, a.SegmentBytes)
	if !ok || !too {
		return 0, false
	}
	return max(0, int(current-last)-1), true
}

// segment is the number of a file of the log: eight hexadecimal digits each of
// the timeline, the upper half of the position, and the segment in it.
func segment(name string, bytes int64) (int64, bool) {
	if len(name) < 24 || bytes <= 0 {
		return 0, false
	}
	upper, err := strconv.ParseInt(name[8:16], 16, 64)
	lower, err2 := strconv.ParseInt(name[16:24], 16, 64)
	return upper*(1<<32/bytes) + lower, err == nil && err2 == nil
}
