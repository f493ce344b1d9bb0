package model

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
)

// lines merges the runs and what is in memory.
func (s *EventSpool) lines() iter.Seq2[*spooledEvent, error] {
	return func(yield func(*spooledEvent, error) bool) {
		s.mu.Lock()
		s.sort()
		s.mu.Unlock()
		var m runHeap
		for _, r := range s.runs {
			m = append(m, &runReader{r: bufio.NewReaderSize(io.NewSectionReader(s.file, r.off, r.len), 64<<10)})
		}
		m = append(m, &runReader{memory: s.recent})
		for i := 0; i < len(m); {
			switch err := m[i].next(); {
			case errors.Is(err, io.EOF):
				m[i] = m[len(m)-1]
				m = m[:len(m)-1]
			case err != nil:
				yield(nil, err)
				return
			default:
				i++
			}
		}
		for heap.Init(&m); len(m) > 0; {
			if !yield(m[0].event, nil) {
				return
			}
			switch err := m[0].next(); {
			case errors.Is(err, io.EOF):
				heap.Pop(&m)
			case err != nil:
				yield(nil, err)
				return
			default:
				heap.Fix(&m, 0)
			}
		}
	}
}

// runReader goes over one run, in the file or in memory.
type runReader struct {
	r      *bufio.Reader // nil in memory
	memory []spooledEvent
	event  *spooledEvent
}

// next reads the next event; io.EOF when there is none.
func (r *runReader) next() error {
	if r.r == nil {
		if len(r.memory) == 0 {
			return io.EOF
		}
		r.event, r.memory = &r.memory[0], r.memory[1:]
		return nil
	}
	var head [28]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return readBack(err)
	}
	e := &spooledEvent{time: int64(binary.BigEndian.Uint64(head[:])), line: make([]byte, binary.BigEndian.Uint32(head[24:]))}
	copy(e.key[:], head[8:24])
	if _, err := io.ReadFull(r.r, e.line); err != nil {
		return readBack(err)
	}
	r.event = e
	return nil
}

func readBack(err error) error {
	if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return fmt.Errorf("read the temporary file: %w", err)
}

// runHeap is a heap of runs by their next event.
type runHeap []*runReader

func (m runHeap) Len() int           { return len(m) }
func (m runHeap) Less(i, j int) bool { return m[i].event.compare(m[j].event) < 0 }
func (m runHeap) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *runHeap) Push(x any)        { *m = append(*m, x.(*runReader)) }
func (m *runHeap) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
