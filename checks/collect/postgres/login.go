package postgres

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// farewell is how long a server has to hear that we leave.
const farewell = time.Second

// firstMessage keeps the first nine bytes that a server sends once the
// connection is protected: an authentication request (PostgreSQL, "Message
// Formats": 'R', a length, and what is asked for).
type firstMessage struct {
	from io.Reader
	head []byte
}

const requestLength = 9

func (f *firstMessage) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if missing := requestLength - len(f.head); missing > 0 {
		f.head = append(f.head, p[:min(n, missing)]...)
		if !f.plausible() {
			return 0, errStranger
		}
	}
	return n, err
}

// errStranger says that the other side does not speak PostgreSQL's protocol.
var errStranger = errors.New("another protocol than PostgreSQL's")

// longest is how long a first message may be; a length that is none would have
// the driver reserve as much memory.
const longest = 1 << 16

// plausible tells whether a server may begin like that: with a request, an error
// or another version of the protocol.
func (f *firstMessage) plausible() bool {
	if len(f.head) > 0 && !strings.ContainsRune("REv", rune(f.head[0])) {
		return false
	}
	return len(f.head) < 5 || binary.BigEndian.Uint32(f.head[1:]) <= longest
}

// guarded makes the driver's end of a connection, which hears no stranger out.
func guarded(asked *firstMessage) pgconn.BuildFrontendFunc {
	return func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		*asked = firstMessage{from: r}
		return pgproto3.NewFrontend(asked, w)
	}
}

// method is the way in that was asked for, in the words of pg_hba.conf; "" when
// nothing was.
func (f *firstMessage) method() string {
	if len(f.head) < requestLength || f.head[0] != 'R' {
		return ""
	}
	switch binary.BigEndian.Uint32(f.head[5:]) {
	case 0:
		return "trust" // or a client certificate, which the checks do not have
	case 3:
		return "password"
	case 5:
		return "md5"
	case 7, 9:
		return "gss"
	case 10:
		return "scram-sha-256"
	default:
		return "another"
	}
}
