package postgres

import "strconv"

// Version is PostgreSQL's version.
type Version struct {
	Major int
	// Minor pins a minor version; nil follows the newest that RDS offers.
	Minor *int
}

// String gives the form that RDS takes: 16.9, or 16 for the newest minor.
func (v Version) String() string {
	if v.Minor == nil {
		return strconv.Itoa(v.Major)
	}
	return strconv.Itoa(v.Major) + "." + strconv.Itoa(*v.Minor)
}

// family is the name of the parameter group family.
func (v Version) family() string { return "postgres" + strconv.Itoa(v.Major) }
