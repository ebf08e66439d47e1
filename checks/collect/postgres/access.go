package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

const rolesSQL = `
SELECT rolname::text AS name, rolcanlogin AS login, rolsuper AS superuser,
       coalesce(rolvaliduntil < clock_timestamp(), false) AS expired
FROM pg_roles WHERE rolcanlogin OR rolsuper ORDER BY rolname`

func (c *Collector) roles() evidence.Reader {
	return evidence.Read(evidence.PostgresRoles, statement(rolesSQL), func(ctx context.Context) ([]evidence.PostgresRole, error) {
		return query[evidence.PostgresRole](ctx, c.primary, rolesSQL)
	})
}

const rulesSQL = `
SELECT line_number AS line, coalesce(type, '') AS type, coalesce(database, '{}') AS databases, coalesce(user_name, '{}') AS users,
       coalesce(address, '') AS address, coalesce(auth_method, '') AS method, coalesce(error, '') AS error
FROM pg_hba_file_rules ORDER BY line_number`

func (c *Collector) rules() evidence.Reader {
	return evidence.Read(evidence.PostgresRules, statement(rulesSQL), func(ctx context.Context) ([]evidence.PostgresRule, error) {
		return query[evidence.PostgresRule](ctx, c.primary, rulesSQL)
	})
}
