package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/postgres"
	"gatehouse/keeper/recovery"
)

// recoverFlags are those of `keeper recover`.
type recoverFlags struct {
	backup      string
	databases   []string
	workloads   []string
	patience    time.Duration
	yes, resume bool
}

func newRecoverCommand(s *settings) *cobra.Command {
	f := &recoverFlags{}
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Put a backup in the place of the live databases",
		Long: `Restore a backup into new databases and compare them with it; then stop the
portal, swap the databases' names in one transaction, and start the portal again.
What was replaced stays beside them as NAME_before_STAMP until a person drops it.

A restore that fails changes nothing. After any other failure the message says
where things stand; running this again is safe. The login must be a member of the
databases' owners: the master.`,
		Example: `  PGHOST=db PGUSER=gatehouse_admin PGPASSWORD=… keeper recover
  keeper recover --backup database/2026/11/22/backup_060000.manifest.json --database portal --yes
  keeper recover --resume`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.recover(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.backup, "backup", s.world.Getenv("KEEPER_BACKUP"), "key of the manifest; empty means the newest, see keeper list (KEEPER_BACKUP)")
	flags.StringArrayVar(&f.databases, "database", nil, "a database to recover; may be repeated (default all of the backup's)")
	flags.StringArrayVar(&f.workloads, "workload",
		[]string{"backstage/backstage-backend", "developer-portal/portal-frontend", "developer-portal/websocket"},
		"a Deployment that uses the databases, NAMESPACE/NAME; may be repeated")
	flags.DurationVar(&f.patience, "patience", 10*time.Minute, "how long pods may take to end, and to become available")
	flags.BoolVar(&f.yes, "yes", false, "do not ask")
	flags.BoolVar(&f.resume, "resume", false, "only start what an earlier recovery has stopped")
	return cmd
}

func (s *settings) recover(ctx context.Context, f *recoverFlags) error {
	r, err := s.recovery(f)
	if err != nil {
		return err
	}
	if f.resume {
		result := recovery.Result{Workloads: map[string]int32{}, Databases: map[string]string{}}
		if err := r.Resume(ctx, &result); err != nil {
			return err
		}
		return s.show(result, recoverWords(result))
	}
	if r.Archive, err = s.archive(ctx); err != nil {
		return err
	}
	if r.Server, err = s.server(); err != nil {
		return err
	}
	m, err := s.chosen(ctx, r, f.backup)
	if err != nil {
		return err
	}
	if err := s.confirm(f, m, r); err != nil {
		return err
	}
	result, err := r.Run(ctx, m, f.databases...)
	if err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	return s.show(result, recoverWords(result))
}

func (s *settings) recovery(f *recoverFlags) (recovery.Recovery, error) {
	c, err := s.cluster()
	r := recovery.Recovery{Programs: postgres.Programs(s.programs), Cluster: c, Patience: f.patience, Now: s.world.Now, Log: s.log}
	for _, text := range f.workloads {
		w, err := cluster.ParseWorkload(text)
		if err != nil {
			return r, err
		}
		r.Workloads = append(r.Workloads, w)
	}
	return r, err
}

func (s *settings) chosen(ctx context.Context, r recovery.Recovery, key string) (backup.Manifest, error) {
	if key == "" {
		return backup.Latest(ctx, r.Archive, backup.Database)
	}
	return backup.Read(ctx, r.Archive, key)
}

// confirm asks a person on a terminal; elsewhere --yes must be said.
func (s *settings) confirm(f *recoverFlags, m backup.Manifest, r recovery.Recovery) error {
	fmt.Fprintf(s.world.Err, "Databases of %s will be replaced by those of %s (%s ago), and the portal stopped meanwhile.\n",
		r.Server, m.Started.Format(time.RFC3339), s.world.Now().Sub(m.Started).Round(time.Minute))
	if f.yes {
		return nil
	}
	if file, ok := s.world.In.(*os.File); ok && !term.IsTerminal(int(file.Fd())) {
		return fmt.Errorf("recover: it needs a person's word: add --yes")
	}
	fmt.Fprintf(s.world.Err, "Type the server's name (%s) to go on: ", r.Server.Host)
	answer, err := bufio.NewReader(s.world.In).ReadString('\n')
	if (err != nil && err != io.EOF) || strings.TrimSpace(answer) != r.Server.Host {
		return fmt.Errorf("recover: it was not confirmed; nothing was done")
	}
	return nil
}

func recoverWords(r recovery.Result) string {
	var b strings.Builder
	if r.Backup != "" {
		fmt.Fprintf(&b, "recovered from %s: %d tables, %d rows, in %s\n", r.Backup, r.Tables, r.Rows, r.Finished.Sub(r.Started).Round(time.Second))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Databases)) {
		if before := r.Databases[name]; before != "" {
			fmt.Fprintf(&b, "  %s: the replaced database is %s; drop it when it is no longer needed\n", name, before)
		} else {
			fmt.Fprintf(&b, "  %s: there was none before\n", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Workloads)) {
		if replicas := r.Workloads[name]; replicas > 0 {
			fmt.Fprintf(&b, "  %s: %d replicas are available\n", name, replicas)
		} else {
			fmt.Fprintf(&b, "  %s: was not stopped by a recovery\n", name)
		}
	}
	return b.String()
}
