package html

import (
	"fmt"
	"strings"

	"gatehouse/report/readiness"
)

// The chart's size, and where its plot begins and ends, in units of its view
// box.
const (
	chartWidth, chartHeight = 720, 180
	plotLeft, plotRight     = 44, 700
	plotTop, plotBottom     = 16, 148
)

// chart is the trend as a drawing.
type chart struct {
	Points []readiness.Point
	// Lines join the points that follow each other; one without a percentage
	// breaks the line.
	Lines []string
	Marks []mark
	Grid  []grid
}

// mark is a point of the drawing.
type mark struct {
	X, Y  int
	Ready bool
	Says  string
}

// grid is a line of the scale.
type grid struct{ Y, Percent int }

// newChart draws runs from left to right, evenly; nil when there are none.
func newChart(points []readiness.Point) *chart {
	if len(points) == 0 {
		return nil
	}
	c := &chart{Points: points}
	for _, percent := range []int{0, 25, 50, 75, 100} {
		c.Grid = append(c.Grid, grid{height(percent), percent})
	}
	var line []string
	flush := func() {
		if len(line) > 1 {
			c.Lines = append(c.Lines, strings.Join(line, " "))
		}
		line = nil
	}
	for i, p := range points {
		if p.Percent == nil {
			flush()
			continue
		}
		x := (plotLeft + plotRight) / 2
		if len(points) > 1 {
			x = plotLeft + (plotRight-plotLeft)*i/(len(points)-1)
		}
		y := height(*p.Percent)
		line = append(line, fmt.Sprintf("%d,%d", x, y))
		c.Marks = append(c.Marks, mark{x, y, p.Ready, fmt.Sprintf("%s: %d %%", p.Started.UTC().Format("2006-01-02 15:04"), *p.Percent)})
	}
	flush()
	return c
}

// height is where a percentage stands; what is no percentage stays in the plot.
func height(percent int) int {
	return plotBottom - (plotBottom-plotTop)*min(max(percent, 0), 100)/100
}

// First and Last are when the drawing begins and ends.
func (c chart) First() string { return c.Points[0].Started.UTC().Format("2006-01-02") }

// Last is the day of the last run.
func (c chart) Last() string { return c.Points[len(c.Points)-1].Started.UTC().Format("2006-01-02") }
