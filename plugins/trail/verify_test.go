package trail_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

func TestVerifyAGoodChain(t *testing.T) {
	records := chain(t, 5)
	require.Empty(t, trail.Verify(records))
	require.Empty(t, trail.Verify(records, trail.Head{}, records[0].Head(), records[4].Head()))
	require.Empty(t, trail.Verify(nil))
	require.Equal(t, int64(1), records[0].Sequence)
	require.Zero(t, records[0].Previous)
	require.Equal(t, records[3].Hash, records[4].Previous)
	require.Equal(t, start.Truncate(time.Microsecond), records[0].Time)
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		tamper func(r []trail.Record) []trail.Record
		want   trail.Kind
		at     int64
		text   string
	}{
		"changed":         {func(r []trail.Record) []trail.Record { r[1].Outcome = trail.Failed; return r }, trail.Changed, 2, "record 2 is not what"},
		"first removed":   {func(r []trail.Record) []trail.Record { return r[1:] }, trail.Removed, 1, "record 1 is missing"},
		"removed":         {func(r []trail.Record) []trail.Record { return slices.Delete(r, 1, 3) }, trail.Removed, 2, "records 2 to 3 are missing"},
		"truncated":       {func(r []trail.Record) []trail.Record { return r[:3] }, trail.Truncated, 5, "ends with record 3, but record 5"},
		"all removed":     {func([]trail.Record) []trail.Record { return nil }, trail.Truncated, 5, "ends with record 0"},
		"reordered":       {func(r []trail.Record) []trail.Record { r[1], r[2] = r[2], r[1]; return r }, trail.Reordered, 2, "record 2 comes behind record 3"},
		"duplicated":      {func(r []trail.Record) []trail.Record { return slices.Insert(r, 2, r[1]) }, trail.Duplicated, 2, "there twice"},
		"inserted":        {func(r []trail.Record) []trail.Record { return slices.Insert(r, 2, rewritten(t, r, 1)[1]) }, trail.Inserted, 2, "two different"},
		"rewritten":       {func(r []trail.Record) []trail.Record { return rewritten(t, r, 1) }, trail.Replaced, 3, "does not follow"},
		"rewritten whole": {func(r []trail.Record) []trail.Record { return anew(t, r) }, trail.Replaced, 5, "whose hash is known"},
	} {
		t.Run(name, func(t *testing.T) {
			records := chain(t, 5)
			head := records[4].Head()
			problems := trail.Verify(c.tamper(records), head)
			require.Equal(t, []trail.Kind{c.want}, kinds(problems))
			require.Equal(t, c.at, problems[0].Sequence)
			require.Contains(t, problems[0].String(), c.text)
		})
	}
}

// rewritten is a chain with one record written anew, with a good hash.
func rewritten(t *testing.T, records []trail.Record, at int) []trail.Record {
	t.Helper()
	log := &memory{kept: map[int64][]byte{}}
	for _, r := range records[:at] {
		content, err := trail.Encode(r)
		require.NoError(t, err)
		require.NoError(t, log.Create(t.Context(), r.Sequence, content))
	}
	other := event(77)
	other, err := trail.Append(t.Context(), log, other)
	require.NoError(t, err)
	records = slices.Clone(records)
	records[at] = other
	return records
}

// anew is another good chain of the same length.
func anew(t *testing.T, records []trail.Record) []trail.Record {
	t.Helper()
	log := &memory{kept: map[int64][]byte{}}
	var all []trail.Record
	for i := range records {
		r, err := trail.Append(t.Context(), log, event(100+i))
		require.NoError(t, err)
		all = append(all, r)
	}
	return all
}

// Whatever one thing is done to a chain, it is found.
func TestAnySingleTamperingIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := chain(t, rapid.IntRange(2, 8).Draw(t, "length"))
		head := records[len(records)-1].Head()
		i := rapid.IntRange(0, len(records)-1).Draw(t, "record")
		switch rapid.SampledFrom([]string{"change", "remove", "swap", "repeat", "cut"}).Draw(t, "tampering") {
		case "change":
			change(t, &records[i])
		case "remove":
			records = slices.Delete(records, i, i+1)
		case "swap":
			j := (i + rapid.IntRange(1, len(records)-1).Draw(t, "distance")) % len(records)
			records[i], records[j] = records[j], records[i]
		case "repeat":
			records = slices.Insert(records, rapid.IntRange(0, len(records)).Draw(t, "to"), records[i])
		case "cut":
			records = records[:i]
		}
		require.NotEmpty(t, trail.Verify(records, head))
	})
}

func change(t *rapid.T, r *trail.Record) {
	changes := map[string]func(){
		"format":      func() { r.Format += "1" },
		"sequence":    func() { r.Sequence += rapid.SampledFrom([]int64{-9, -1, 1, 9, 1 << 60}).Draw(t, "by") },
		"time":        func() { r.Time = r.Time.Add(time.Duration(rapid.IntRange(1, 1e6).Draw(t, "by")) * time.Microsecond) },
		"actor":       func() { r.Actor += "x" },
		"action":      func() { r.Action = trail.Upgrade },
		"no plugin":   func() { r.Plugin = nil },
		"version":     func() { r.Plugin = &plugins.Ref{Name: r.Plugin.Name, Version: "9.9.9"} },
		"integrity":   func() { r.Integrity = plugins.Integrity{} },
		"reason":      func() { r.Reason = "" },
		"exceptions":  func() { r.Exceptions = nil },
		"exception":   func() { r.Exceptions = []trail.Exception{{Step: "signature", Reason: "another"}} },
		"no gate":     func() { r.Gate = nil },
		"gate digest": func() { r.Gate = &trail.Gate{Steps: r.Gate.Steps} },
		"gate steps":  func() { r.Gate = &trail.Gate{Digest: r.Gate.Digest, Steps: r.Gate.Steps[:1]} },
		"generation":  func() { r.Generation = "g-9" },
		"outcome":     func() { r.Outcome = trail.Refused },
		"previous":    func() { r.Previous[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 },
		"hash":        func() { r.Hash[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 },
	}
	names := make([]string, 0, len(changes))
	for name := range changes {
		names = append(names, name)
	}
	slices.Sort(names)
	changes[rapid.SampledFrom(names).Draw(t, "field")]()
}

// BenchmarkVerify is of a trail that a busy portal has after years.
func BenchmarkVerify(b *testing.B) {
	records := chain(b, 1000)
	for b.Loop() {
		require.Empty(b, trail.Verify(records))
	}
}
