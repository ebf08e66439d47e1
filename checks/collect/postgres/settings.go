package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

// settingNames are the settings that decide something.
var settingNames = []string{
	"archive_command", "archive_library", "archive_mode", "archive_timeout", "data_checksums", "fsync",
	"full_page_writes", "log_min_duration_statement", "max_connections", "password_encryption",
	"rds.force_ssl", "reserved_connections", "shared_preload_libraries", "ssl", "ssl_min_protocol_version",
	"statement_timeout", "superuser_reserved_connections", "synchronous_standby_names", "track_activities",
	"track_io_timing", "wal_level",
}

// Commands may hold a secret: of them only whether they are set is read.
const settingsSQL = `
SELECT name::text,
       CASE WHEN name NOT IN ('archive_command', 'archive_library') THEN setting
            WHEN setting IN ('', '(disabled)') THEN '' ELSE 'set' END AS value,
       pending_restart AS pending
FROM pg_settings WHERE name = ANY($1) ORDER BY name`

// hidden is a setting that only members of pg_read_all_settings see.
const hidden = "shared_preload_libraries"

func (c *Collector) settings() evidence.Reader {
	return evidence.Read(evidence.PostgresSettings, statement(settingsSQL), func(ctx context.Context) ([]evidence.PostgresSetting, error) {
		return each(c.all(), func(n *node) ([]evidence.PostgresSetting, error) {
			found, err := query[evidence.PostgresSetting](ctx, n, settingsSQL, settingNames)
			if err != nil {
				return nil, err
			}
			seen := false
			for i := range found {
				found[i].Address = n.address
				seen = seen || found[i].Name == hidden
			}
			if !seen {
				return found, evidence.Problem{Kind: evidence.Denied, Message: n.address + " hides settings such as " + hidden + " from " + n.config.User}
			}
			return found, nil
		})
	})
}
