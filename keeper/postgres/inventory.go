package postgres

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Inventory is what a database holds, in so few figures that two databases can
// be compared by them: rows and a checksum of every table, and how many objects
// of each kind there are.
//
// Not in it: positions of sequences, which change outside of transactions, and
// the contents of materialised views, which a restore makes anew.
type Inventory struct {
	Tables []Table `json:"tables"`
	// Objects counts indexes, constraints, views … by kind.
	Objects map[string]int64 `json:"objects"`
}

// Table is one table's contents.
type Table struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	// Checksum is the sum of 64 bits of each row's SHA-256: the same in whatever
	// order the rows lie.
	Checksum string `json:"checksum"`
}

// comparable makes rows print alike on every server.
const comparable = `SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL row_security = off`

// tables lists the user's own tables; those of extensions come with them.
const tables = `
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2`

// objects counts the rest. Left out is what pg_dump leaves out (invalid
// indexes), and constraints that only some versions write down (NOT NULL).
const objects = `
WITH own AS (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
extended AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
found AS (
  SELECT CASE relkind WHEN 'i' THEN 'indexes' WHEN 'I' THEN 'indexes' WHEN 'S' THEN 'sequences' WHEN 'v' THEN 'views'
    WHEN 'm' THEN 'materializedViews' WHEN 'p' THEN 'partitionedTables' ELSE 'otherRelations' END AS kind
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE relnamespace IN (SELECT oid FROM own) AND relkind NOT IN ('r', 't') AND relpersistence <> 't' AND indisvalid IS NOT FALSE
    AND ('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM extended)
  UNION ALL SELECT 'constraints' FROM pg_constraint
  WHERE connamespace IN (SELECT oid FROM own) AND contype <> 'n' AND ('pg_constraint'::regclass, oid) NOT IN (SELECT classid, objid FROM extended)
  UNION ALL SELECT 'functions' FROM pg_proc
  WHERE pronamespace IN (SELECT oid FROM own) AND ('pg_proc'::regclass, oid) NOT IN (SELECT classid, objid FROM extended)
  UNION ALL SELECT 'triggers' FROM pg_trigger WHERE NOT tgisinternal
)
SELECT kind, count(*) FROM found GROUP BY kind`

// TakeInventory counts and sums up what the transaction sees.
func TakeInventory(ctx context.Context, tx pgx.Tx) (Inventory, error) {
	found := Inventory{Tables: []Table{}, Objects: map[string]int64{}}
	if _, err := tx.Exec(ctx, comparable); err != nil {
		return found, fmt.Errorf("take inventory: %w", err)
	}
	err := each(ctx, tx, tables, func(rows pgx.Rows) error {
		found.Tables = append(found.Tables, Table{})
		last := &found.Tables[len(found.Tables)-1]
		return rows.Scan(&last.Schema, &last.Name)
	})
	if err != nil {
		return found, fmt.Errorf("list tables: %w", err)
	}
	for i := range found.Tables {
		table := &found.Tables[i]
		sum := `SELECT count(*), coalesce(sum(('x' || encode(substring(sha256(convert_to(t::text, 'UTF8')) FOR 8), 'hex'))::bit(64)::bigint::numeric), 0)::text FROM ONLY ` +
			quoteName(table.Schema, table.Name) + ` t`
		if err := tx.QueryRow(ctx, sum).Scan(&table.Rows, &table.Checksum); err != nil {
			return found, fmt.Errorf("sum up table %s.%s: %w", table.Schema, table.Name, err)
		}
	}
	err = each(ctx, tx, objects, func(rows pgx.Rows) error {
		var kind string
		var count int64
		err := rows.Scan(&kind, &count)
		found.Objects[kind] = count
		return err
	})
	if err != nil {
		return found, fmt.Errorf("count objects: %w", err)
	}
	return found, nil
}

// InventoryOf takes the inventory of a whole database at one moment.
func (s Server) InventoryOf(ctx context.Context, database string) (Inventory, error) {
	conn, err := s.Connect(ctx, database)
	if err != nil {
		return Inventory{}, err
	}
	defer closeConn(ctx, conn)
	tx, err := conn.BeginTx(ctx, oneMoment)
	if err != nil {
		return Inventory{}, fmt.Errorf("take inventory of %s: %w", database, err)
	}
	return TakeInventory(ctx, tx)
}

// oneMoment sees the database as it was when the transaction began.
var oneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Rows is the number of rows in all tables.
func (i Inventory) Rows() int64 {
	var total int64
	for _, table := range i.Tables {
		total += table.Rows
	}
	return total
}

// Differences says in what got differs from i, in sentences; none means that
// both hold the same.
func (i Inventory) Differences(got Inventory) []string {
	var found []string
	byName := map[[2]string]Table{}
	for _, table := range got.Tables {
		byName[[2]string{table.Schema, table.Name}] = table
	}
	for _, want := range i.Tables {
		key := [2]string{want.Schema, want.Name}
		table, there := byName[key]
		delete(byName, key)
		switch {
		case !there:
			found = append(found, fmt.Sprintf("table %s.%s is missing", want.Schema, want.Name))
		case table.Rows != want.Rows:
			found = append(found, fmt.Sprintf("table %s.%s has %d rows, the backup %d", want.Schema, want.Name, table.Rows, want.Rows))
		case table.Checksum != want.Checksum:
			found = append(found, fmt.Sprintf("table %s.%s has other contents than the backup", want.Schema, want.Name))
		}
	}
	for _, extra := range slices.SortedFunc(maps.Keys(byName), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	}) {
		found = append(found, fmt.Sprintf("table %s.%s is not in the backup", extra[0], extra[1]))
	}
	kinds := maps.Clone(i.Objects)
	maps.Copy(kinds, got.Objects)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if i.Objects[kind] != got.Objects[kind] {
			found = append(found, fmt.Sprintf("there are %d %s, in the backup %d", got.Objects[kind], kind, i.Objects[kind]))
		}
	}
	return found
}
