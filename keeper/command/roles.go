package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"gatehouse/keeper/postgres"
)

func newRolesCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "roles",
		Short: "Make PostgreSQL's logins and databases of the portal, and set rotated passwords",
		Long: `Make the logins portal, backstage, monitor, backup and drill with the least that
each needs, and their databases, with the statistics of statements and what the
monitor may read in them. A password that does not work is set. Passwords
come from PASSWORD_PORTAL, PASSWORD_BACKSTAGE … (or files of those names in
KEEPER_SECRETS); only SCRAM verifiers of them reach the server. It is safe to
repeat.

The login needs CREATEROLE and CREATEDB, and may make the extension
pg_stat_statements, as RDS's master may.`,
		Example: `  PGHOST=db PGUSER=gatehouse_admin PGPASSWORD=… KEEPER_SECRETS=/secrets keeper roles`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			server, err := s.server()
			if err != nil {
				return err
			}
			passwords := map[string]string{}
			for _, login := range postgres.Logins() {
				variable := "PASSWORD_" + strings.ToUpper(login.Name)
				if passwords[login.Name] = s.setting(variable); passwords[login.Name] == "" {
					return fmt.Errorf("ensure login %s: set %s, or put a file of that name into KEEPER_SECRETS", login.Name, variable)
				}
			}
			done, err := server.EnsureLogins(cmd.Context(), postgres.Logins(), passwords, s.world.Random)
			if err != nil {
				return err
			}
			return s.show(done, rolesWords(done))
		},
	}
}

func rolesWords(all []postgres.Done) string {
	var b strings.Builder
	for _, done := range all {
		state := "as it should be"
		switch {
		case done.Created:
			state = "made"
		case done.Password:
			state = "new password set"
		}
		fmt.Fprintf(&b, "%s: %s\n", done.Login, state)
	}
	return b.String()
}
