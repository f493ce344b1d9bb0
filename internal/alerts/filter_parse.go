package alerts

import (
	"regexp"
	"strings"
)

// filterParser judges a JSON filter pattern for one event as it reads it. "&&"
// binds tighter than "||".
type filterParser struct {
	tokens []token
	at     int
	event  Event
}

func (p *filterParser) peek(text string) bool {
	return p.at < len(p.tokens) && !p.tokens[p.at].quoted && !p.tokens[p.at].regex && strings.EqualFold(p.tokens[p.at].text, text)
}

func (p *filterParser) take(text string) bool {
	if p.peek(text) {
		p.at++
		return true
	}
	return false
}

func (p *filterParser) next() (token, bool) {
	if p.at >= len(p.tokens) {
		return token{}, false
	}
	p.at++
	return p.tokens[p.at-1], true
}

func (p *filterParser) or() (t truth, ok bool) {
	if t, ok = p.and(); !ok {
		return no, false
	}
	for p.take("||") {
		right, ok := p.and()
		if !ok {
			return no, false
		}
		t = max(t, right)
	}
	return t, true
}

func (p *filterParser) and() (t truth, ok bool) {
	if t, ok = p.term(); !ok {
		return no, false
	}
	for p.take("&&") {
		right, ok := p.term()
		if !ok {
			return no, false
		}
		t = min(t, right)
	}
	return t, true
}

func (p *filterParser) term() (truth, bool) {
	if p.take("(") {
		t, ok := p.or()
		return t, ok && p.take(")")
	}
	selector, ok := p.next()
	path, named := strings.CutPrefix(selector.text, "$.")
	if !ok || selector.quoted || selector.regex || !named {
		return no, false
	}
	m := p.event.member(path)
	switch {
	case p.take("NOT"):
		return m.is(func(v any) bool { return false }, of(m.state == absent)), p.take("EXISTS")
	case p.take("IS"):
		return p.is(m)
	default:
		return p.compare(m)
	}
}

// is reads the rest of "IS NULL", "IS TRUE" and "IS FALSE". A member that is
// not there is not null; none of ours is.
func (p *filterParser) is(m member) (truth, bool) {
	word, ok := p.next()
	switch strings.ToUpper(word.text) {
	case "NULL":
		return m.is(func(any) bool { return false }, no), ok
	case "TRUE":
		return m.is(func(v any) bool { return v == true }, no), ok
	case "FALSE":
		return m.is(func(v any) bool { return v == false }, no), ok
	default:
		return no, false
	}
}

func (p *filterParser) compare(m member) (truth, bool) {
	op, ok := p.next()
	value, there := p.next()
	if !ok || !there || op.quoted || op.regex || strings.ContainsAny(value.text, "()") && !value.quoted && !value.regex {
		return no, false
	}
	same := func(s string) bool { return glob(value.text, s) }
	if value.regex {
		// All that CloudWatch allows in one means the same here.
		r, err := regexp.Compile(value.text)
		if err != nil {
			return perhaps, true
		}
		same = r.MatchString
	}
	equal := func(v any) bool {
		switch v := v.(type) {
		case string:
			return same(v)
		case bool:
			return !value.quoted && strings.EqualFold(value.text, map[bool]string{true: "true", false: "false"}[v])
		default:
			return false
		}
	}
	switch op.text {
	case "=":
		return m.is(equal, no), true
	case "!=":
		// A comparison with what is not there does not hold.
		return m.is(func(v any) bool { return !equal(v) }, no), true
	case "<", ">", "<=", ">=":
		return m.is(func(any) bool { return false }, no), true // of numbers; none of ours is one
	default:
		return no, false
	}
}

// is applies a test to a member: missing is what holds where there is none.
func (m member) is(test func(any) bool, missing truth) truth {
	switch m.state {
	case fixed:
		return of(test(m.value))
	case absent:
		return missing
	default:
		return perhaps
	}
}
