package input

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// jsonReader reads JSON straight into property values. encoding/json would read
// every byte three times on the way to the same place, knows no lines, and lets
// duplicate keys and 10,000 levels pass.
type jsonReader struct {
	src io.Reader
	// buf[pos:] is what is read and not yet consumed.
	buf []byte
	pos int
	// line counts from 1: where buf[pos] is.
	line  int
	depth int
	limit limits
	// values counts what was made; strings holds what repeats: keys, types and
	// URNs.
	values  *int64
	strings map[string]string
	// places are noted when it is not nil.
	places *places
	// decode turns an object or a string into what it stands for (a secret, an
	// unknown value); nil for plain JSON.
	decode func(*jsonReader, resource.PropertyValue) (resource.PropertyValue, error)
}

func newJSONReader(src io.Reader, limit limits) *jsonReader {
	return &jsonReader{src: src, line: 1, limit: limit, values: new(int64), strings: map[string]string{}}
}

// over reads data, on the same account as r.
func (r *jsonReader) over(data []byte) *jsonReader {
	inner := *r
	inner.src, inner.buf, inner.pos, inner.line = nil, data, 0, 1
	return &inner
}

// fill reads more behind what is in buf, which stays.
func (r *jsonReader) fill() error {
	if r.src == nil {
		return io.ErrUnexpectedEOF
	}
	n := copy(r.buf, r.buf[r.pos:])
	r.buf, r.pos = r.buf[:n], 0
	if n == cap(r.buf) {
		r.buf = append(make([]byte, 0, max(64<<10, 2*n)), r.buf...)
	}
	for {
		read, err := r.src.Read(r.buf[n:cap(r.buf)])
		r.buf = r.buf[:n+read]
		switch {
		case read > 0:
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
}

// peek skips white space and tells what comes next.
func (r *jsonReader) peek() (byte, error) {
	for {
		for ; r.pos < len(r.buf); r.pos++ {
			switch c := r.buf[r.pos]; c {
			case '\n':
				r.line++
			case ' ', '\t', '\r':
			default:
				return c, nil
			}
		}
		if err := r.fill(); err != nil {
			return 0, r.broken(err)
		}
	}
}

// broken places an error of the source.
func (r *jsonReader) broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return placed{r.line, errTruncated}
	}
	return placed{0, err}
}

var errTruncated = errors.New("the JSON is cut short: write the file anew")

func (r *jsonReader) unexpected(c byte, want string) error {
	return at(r.line, "this is not JSON: %q where %s should be", rune(c), want)
}

// enter steps into an object or array.
func (r *jsonReader) enter() error {
	if r.depth++; r.depth > r.limit.depth {
		return at(r.line, "values are nested deeper than %d levels: this is no input of a resource", r.limit.depth)
	}
	r.pos++
	return nil
}

// sequence reads what stands between an opening and a closing bracket.
func (r *jsonReader) sequence(closing byte, element func() error) error {
	if err := r.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c == closing && first {
			break
		}
		if err := element(); err != nil {
			return err
		}
		if c, err = r.peek(); err != nil {
			return err
		}
		if c == closing {
			break
		}
		if c != ',' {
			return r.unexpected(c, "a comma or "+string(closing))
		}
		r.pos++
	}
	r.depth--
	r.pos++
	return nil
}

// object calls field for each key of the object that comes next; field must
// consume the value. A null is an object without keys.
func (r *jsonReader) object(field func(key string) error) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	if c == 'n' {
		return r.skip()
	}
	if c != '{' {
		return r.unexpected(c, "an object")
	}
	return r.sequence('}', func() error {
		key, err := r.text()
		if err != nil {
			return err
		}
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c != ':' {
			return r.unexpected(c, "a colon")
		}
		r.pos++
		return field(key)
	})
}

// array calls element for each element of the array that comes next; element
// must consume it. A null is an empty array.
func (r *jsonReader) array(element func() error) error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	if c == 'n' {
		return r.skip()
	}
	if c != '[' {
		return r.unexpected(c, "an array")
	}
	return r.sequence(']', element)
}

// skip consumes the value that comes next.
func (r *jsonReader) skip() error {
	c, err := r.peek()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return r.object(func(string) error { return r.skip() })
	case '[':
		return r.array(r.skip)
	case '"':
		_, _, err := r.quoted()
		return err
	default:
		_, err := r.bare()
		return err
	}
}

// value reads the value that comes next.
func (r *jsonReader) value() (resource.PropertyValue, error) {
	var null resource.PropertyValue
	c, err := r.peek()
	if err != nil {
		return null, err
	}
	if *r.values++; *r.values > r.limit.values {
		return null, at(r.line, "this holds more than %d values: judge it in parts", r.limit.values)
	}
	var v resource.PropertyValue
	switch c {
	case '{':
		m := resource.PropertyMap{}
		err := r.object(func(key string) error {
			element, err := r.placed(key)
			before := len(m)
			if m[resource.PropertyKey(key)] = element; err == nil && len(m) == before {
				return at(r.line, "the key %q is given twice: keep one", key)
			}
			return err
		})
		if err != nil {
			return null, err
		}
		v = resource.NewProperty(m)
	case '[':
		list := []resource.PropertyValue{}
		err := r.array(func() error {
			v, err := r.placed(element)
			list = append(list, v)
			return err
		})
		if err != nil {
			return null, err
		}
		v = resource.NewProperty(list)
	case '"':
		raw, plain, err := r.quoted()
		if err != nil {
			return null, err
		}
		s, err := r.unquote(raw, plain)
		if err != nil {
			return null, err
		}
		v = resource.NewProperty(s)
	default:
		return r.bare()
	}
	if r.decode == nil {
		return v, nil
	}
	return r.decode(r, v)
}

// placed reads a value behind a key or in an array, and notes where it is.
func (r *jsonReader) placed(key string) (resource.PropertyValue, error) {
	if r.places == nil {
		return r.value()
	}
	if _, err := r.peek(); err != nil {
		return resource.PropertyValue{}, err
	}
	i := r.places.open(key, r.line)
	v, err := r.value()
	r.places.close(i)
	return v, err
}

// text reads a string that is likely to come again: a key, a type, a URN.
func (r *jsonReader) text() (string, error) {
	c, err := r.peek()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", r.unexpected(c, "a string")
	}
	raw, plain, err := r.quoted()
	if err != nil {
		return "", err
	}
	if s, seen := r.strings[string(raw)]; seen {
		return s, nil
	}
	s, err := r.unquote(raw, plain)
	if err == nil && plain {
		r.strings[s] = s
	}
	return s, err
}

// quoted consumes a string and returns what is between its quotes, valid until
// the next read, and whether it holds no escapes.
func (r *jsonReader) quoted() (raw []byte, plain bool, err error) {
	plain = true
	for i := 1; ; i++ {
		for r.pos+i >= len(r.buf) {
			if err := r.fill(); err != nil {
				return nil, false, r.broken(err)
			}
		}
		switch c := r.buf[r.pos+i]; {
		case c == '"':
			raw = r.buf[r.pos+1 : r.pos+i]
			r.pos += i + 1
			return raw, plain, nil
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			return nil, false, at(r.line, "this is not JSON: control character %#02x in a string", c)
		}
	}
}

func (r *jsonReader) unquote(raw []byte, plain bool) (string, error) {
	if !utf8.Valid(raw) {
		return "", at(r.line, "a string is not UTF-8: save the file as UTF-8")
	}
	if plain {
		return string(raw), nil
	}
	var s string
	if err := json.Unmarshal([]byte(`"`+string(raw)+`"`), &s); err != nil {
		return "", at(r.line, "this is not JSON: an escape in a string is not known")
	}
	return s, nil
}

// bare reads null, true, false or a number.
func (r *jsonReader) bare() (resource.PropertyValue, error) {
	n := 0
	for {
		if r.pos+n == len(r.buf) {
			if err := r.fill(); errors.Is(err, io.ErrUnexpectedEOF) {
				break // the end ends a number too
			} else if err != nil {
				return resource.PropertyValue{}, r.broken(err)
			}
		}
		c := r.buf[r.pos+n]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '-' && c != '+' && c != '.' && c != 'E' {
			break
		}
		n++
	}
	token := r.buf[r.pos : r.pos+n]
	if n == 0 {
		return resource.PropertyValue{}, r.unexpected(r.buf[r.pos], "a value")
	}
	r.pos += n
	switch string(token) {
	case "null":
		return resource.NewNullProperty(), nil
	case "true":
		return resource.NewProperty(true), nil
	case "false":
		return resource.NewProperty(false), nil
	}
	if !json.Valid(token) {
		return resource.PropertyValue{}, r.unexpected(token[0], "a value")
	}
	// Pulumi keeps every number as a float64, so integers beyond 2^53 are
	// rounded here as they are there.
	number, err := strconv.ParseFloat(string(token), 64)
	if err != nil || math.IsInf(number, 0) {
		return resource.PropertyValue{}, at(r.line, "a number is out of range")
	}
	return resource.NewProperty(number), nil
}

// end makes sure that nothing follows.
func (r *jsonReader) end() error {
	c, err := r.peek()
	if errors.Is(err, errTruncated) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.unexpected(c, "the end of the file")
}
