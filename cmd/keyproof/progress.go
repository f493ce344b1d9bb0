package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"github.com/mattn/go-isatty"

	"github.com/keyproof/keyproof/collectors"
)

// progressBar shows what is being collected, one line an account and region.
// On anything but a terminal it is silent.
type progressBar struct {
	w       progress.Writer
	mu      sync.Mutex
	tracker map[string]*progress.Tracker
	open    map[string]int // collectors that have not ended, by cell
}

// newProgress returns a bar on w, or nil when w is no terminal or quiet.
func (sys system) newProgress(w io.Writer, quiet bool) *progressBar {
	f, ok := w.(*os.File)
	if quiet || !ok || !isatty.IsTerminal(f.Fd()) {
		return nil
	}
	p := &progressBar{w: progress.NewWriter(), tracker: map[string]*progress.Tracker{}, open: map[string]int{}}
	p.w.SetOutputWriter(w)
	p.w.SetAutoStop(false)
	p.w.SetUpdateFrequency(100 * time.Millisecond)
	p.w.SetTrackerPosition(progress.PositionRight)
	p.w.Style().Visibility.Percentage = false
	p.w.Style().Visibility.ETA = false
	p.w.Style().Visibility.Tracker = false
	p.w.Style().Visibility.Speed = false
	if _, color := sys.terminal(w); color {
		p.w.Style().Colors = progress.StyleColorsExample
	}
	go p.w.Render()
	return p
}

// plan says which cells are coming.
func (p *progressBar) plan(cells []collectors.CellPlan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range cells {
		if c.Gap != nil {
			continue
		}
		key := cellName(c.Cell)
		t := &progress.Tracker{Message: key, Units: progress.Units{Formatter: func(n int64) string { return fmt.Sprintf("%d resources", n) }}}
		p.tracker[key] = t
		for _, stage := range c.Stages {
			p.open[key] += len(stage)
		}
		p.w.AppendTracker(t)
	}
}

func (p *progressBar) update(step collectors.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := cellName(step.Cell)
	t := p.tracker[key]
	if t == nil {
		return
	}
	t.Increment(int64(step.Resources))
	if step.Done {
		if p.open[key]--; p.open[key] == 0 {
			t.MarkAsDone()
		}
	}
}

func (p *progressBar) stop() {
	p.w.Stop()
	for p.w.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
}

func cellName(c collectors.CellID) string { return c.Account + " " + c.Region }
