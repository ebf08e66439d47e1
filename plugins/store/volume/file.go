package volume

import (
	"bytes"
	"errors"
	"path"
)

// Replace writes a small file so that every reader sees the old or the new content,
// and never a part.
func (v *Volume) Replace(name string, content []byte) error {
	return v.put(name, content, func(from string) error {
		v.step("rename " + name)
		return v.root.Rename(from, name)
	})
}

// Create writes a small file whole, unless it is there. won is false when somebody
// else was first, in this process or in any other.
func (v *Volume) Create(name string, content []byte) (won bool, err error) {
	err = v.put(name, content, func(from string) error {
		v.step("link " + name)
		return v.root.Link(from, name)
	})
	if taken(err) {
		return false, nil
	}
	return err == nil, err
}

// put makes a file in a temporary folder, flushes it and gives it its name.
func (v *Volume) put(name string, content []byte, place func(from string) error) (err error) {
	t, err := v.Temp(path.Base(name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Discard()) }()
	if err := t.Write("file", 0o644, bytes.NewReader(content)); err != nil {
		return err
	}
	from := path.Join(t.path, "file")
	v.step("flush " + from)
	if err := v.sync(from); err != nil {
		return Explain("write "+name, err)
	}
	if err := v.ensure(path.Dir(name)); err != nil {
		return Explain("write "+name, err)
	}
	if err := place(from); err != nil {
		return Explain("write "+name, err)
	}
	v.step("flush the folder of " + name)
	return Explain("write "+name, v.sync(path.Dir(name)))
}
