package fold

import (
	"crypto/sha256"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// index finds the resources of a snapshot by whatever records call them. It holds
// some 100 bytes a secret, parameter and key.
type index struct {
	numbers map[nameHash]int32 // by exact and by loose names; shared is not one of them
	// shared are the names that two things have.
	shared map[nameHash][]int32
	made   []int64 // by number: Unix seconds when it was made; 0: nobody knows
	places map[Place]bool
	// rotators are the names of the functions that rotate secrets, by number.
	rotators map[int32]string
	secure   map[int32]bool // parameters of the type SecureString
}

// Place is an account in a region.
type Place struct{ Account, Region string }

// scope is a kind of one account and region; empty is what a record does not tell.
type scope struct {
	kind            model.Kind
	account, region string
}

// form is a way to name a thing.
type form byte

const (
	// exact is the part of an ARN that no other thing ever has: a secret's name with
	// its six random characters, a parameter's name, a key's id.
	exact form = iota
	// loose is a name that passes on to the next thing of the same name: that of a
	// secret without the random characters, or an alias of a key.
	loose
)

type nameHash [16]byte

func hashName(at scope, f form, name string) (h nameHash) {
	sum := sha256.Sum256([]byte(string(at.kind) + "\x00" + at.account + "\x00" + at.region + "\x00" + string('0'+rune(f)) + name))
	copy(h[:], sum[:])
	return h
}

func newIndex(snap *model.Snapshot) (*index, error) {
	ix := &index{numbers: map[nameHash]int32{}, shared: map[nameHash][]int32{}, places: map[Place]bool{}, rotators: map[int32]string{}, secure: map[int32]bool{}}
	wanted := func(id model.ResourceID) bool { return folded(id.Kind) }
	for r, err := range snap.Outline(wanted) {
		if err != nil {
			return nil, err
		}
		if wanted(r.ID) {
			ix.add(r)
		}
	}
	return ix, nil
}

func folded(kind model.Kind) bool {
	return kind == model.KindSecret || kind == model.KindParameter || kind == model.KindKey
}

func (ix *index) add(r *model.Resource) {
	at := scope{r.ID.Kind, r.ID.Account, r.ID.Region}
	own := exactName(r)
	n := ix.number(at, own)
	switch body := r.Body.(type) {
	case *model.Secret:
		ix.made[n] = unix(body.CreatedAt)
		if function, ok := body.RotationFunction.Get(); ok {
			ix.rotators[n] = strings.Clone(function[strings.LastIndexByte(function, ':')+1:])
		}
		name := secretName(r, own)
		ix.name(at, loose, name, n)
		// Replicas have the primary's name, also in regions that were not scanned.
		for _, replica := range body.Replicas.Or(nil) {
			there := scope{at.kind, at.account, replica.Region}
			ix.name(there, loose, name, ix.number(there, own))
		}
	case *model.Parameter:
		if secure(body) {
			ix.secure[n] = true
		}
		if version, ok := body.Version.Get(); ok && version == 1 {
			ix.made[n] = unix(body.LastModifiedAt)
		}
	case *model.Key:
		ix.made[n] = unix(body.CreatedAt)
		for _, alias := range body.Aliases.Or(nil) {
			ix.name(at, loose, alias, n)
		}
	}
}

func secure(p *model.Parameter) bool { return p.Type.Or("") == "SecureString" }

// rotates says whether a call is by the function that rotates a thing: Lambda names
// the session of a function's role after the function.
func (ix *index) rotates(e *model.Event, n int32) bool {
	_, session, _ := strings.Cut(e.Principal.ID.Or(""), ":")
	return session != "" && session == ix.rotators[n]
}

// number is the number of a thing, which it gets when it is first seen.
func (ix *index) number(at scope, name string) int32 {
	h := hashName(at, exact, name)
	n, ok := ix.numbers[h]
	if !ok {
		n = int32(len(ix.made))
		ix.numbers[h], ix.made = n, append(ix.made, 0)
		ix.places[Place{at.account, at.region}] = true
	}
	return n
}

func (ix *index) name(at scope, f form, name string, n int32) {
	h := hashName(at, f, name)
	switch had, ok := ix.numbers[h]; {
	case !ok:
		ix.numbers[h] = n
	case had != n && ix.shared[h] == nil:
		ix.shared[h] = []int32{had, n}
	case had != n:
		ix.shared[h] = append(ix.shared[h], n)
	}
}

// of are the things of a name.
func (ix *index) of(at scope, f form, name string) []int32 {
	h := hashName(at, f, name)
	if many := ix.shared[h]; many != nil {
		return many
	}
	if n, ok := ix.numbers[h]; ok {
		return []int32{n}
	}
	return nil
}

// exactName is the part of a resource's ARN that names it: see exact.
func exactName(r *model.Resource) string {
	if a, ok := parseARN(r.ID.ID); ok {
		return a.name
	}
	return r.ID.ID
}

// secretName is the name without the six random characters.
func secretName(r *model.Resource, own string) string {
	if s, ok := r.Body.(*model.Secret); ok {
		if name, ok := s.Name.Get(); ok {
			return name
		}
	}
	if name, ok := withoutRandom(own); ok {
		return name
	}
	return own
}

// withoutRandom cuts the hyphen and the six random characters off that Secrets
// Manager adds to a secret's name (CreateSecret, Name).
func withoutRandom(name string) (string, bool) {
	const random = 7
	if len(name) <= random || name[len(name)-random] != '-' {
		return name, false
	}
	for _, c := range name[len(name)-random+1:] {
		if !strings.ContainsRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", c) {
			return name, false
		}
	}
	return name[:len(name)-random], true
}
