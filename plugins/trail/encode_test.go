package trail_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/trail"
)

// One instant has one spelling, and a reason may have lines.
func TestEncodeIsTheSameEverywhere(t *testing.T) {
	r := event(0)
	r.Format, r.Sequence, r.Reason = trail.Format, 1, "because\nof this"
	want, err := trail.Encode(r)
	require.NoError(t, err)
	r.Time, r.Exceptions = r.Time.In(time.FixedZone("x", 3600)), slices.Clone(r.Exceptions)
	have, err := trail.Encode(r)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have))
	back, err := trail.Decode(have)
	require.NoError(t, err)
	require.Equal(t, "because\nof this", back.Reason)
}

// Whatever byte of a record's file is changed, it is noticed.
func TestAnyChangedByteIsFound(t *testing.T) {
	records := chain(t, 1)
	content, err := trail.Encode(records[0])
	require.NoError(t, err)
	back, err := trail.Decode(content)
	require.NoError(t, err)
	require.Equal(t, records[0], back)
	for i := range content {
		for _, bit := range []byte{1, 0x20, 0x80} {
			changed := bytes.Clone(content)
			changed[i] ^= bit
			r, err := trail.Decode(changed)
			require.True(t, err != nil || len(trail.Verify([]trail.Record{r})) > 0, "byte %d of %s", i, content)
		}
		_, err := trail.Decode(content[:i])
		require.Error(t, err)
	}
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	content, err := trail.Encode(chain(t, 1)[0])
	require.NoError(t, err)
	text := string(content)
	for name, c := range map[string][2]string{
		"nothing":         {"", "it is empty"},
		"cut off":         {text[:len(text)-1], "the newline at its end is missing"},
		"no JSON":         {"<html>\n", "no record of an audit trail"},
		"another's":       {"{\"a\":1}\n", "no record of an audit trail"},
		"another format":  {"{\"format\":\"log/1\"}\n", "no record of an audit trail"},
		"another version": {strings.Replace(text, "trail/1", "trail/2", 1), `"gatehouse.trail/2"`},
		"another key":     {strings.Replace(text, `"actor"`, `"x":1,"actor"`, 1), `unknown field "x"`},
		"a key twice":     {strings.Replace(text, `"actor"`, `"actor":"eve","actor"`, 1), "not spelled as it was written"},
		"a space more":    {" " + text, "not spelled as it was written"},
		"two records":     {text + text, "no record of an audit trail"},
		"sequence 0":      {strings.Replace(text, `"sequence":1`, `"sequence":0`, 1), "is not from 1 to"},
		"a huge sequence": {strings.Replace(text, `"sequence":1`, `"sequence":9007199254740992`, 1), "is not from 1 to"},
		"an escape":       {strings.Replace(text, "alice", `al\u001b[31mice`, 1), "a character that is not seen"},
		"too much":        {strings.Repeat(" ", trail.MaxSize+1), "more than"},
		"deep":            {strings.Repeat("[", 100_000) + "\n", "no record of an audit trail"},
	} {
		_, err := trail.Decode([]byte(c[0]))
		require.ErrorContains(t, err, c[1], name)
	}
}

func FuzzDecode(f *testing.F) {
	content, err := trail.Encode(chain(f, 1)[0])
	require.NoError(f, err)
	f.Add(content)
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := trail.Decode(content)
		if err != nil {
			return
		}
		again, err := trail.Encode(r)
		require.NoError(t, err)
		require.Equal(t, string(content), string(again))
		_ = trail.Verify([]trail.Record{r})
	})
}
