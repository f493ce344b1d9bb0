package digest

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// Options say what to verify.
type Options struct {
	Keys []Key
	// Accounts and Regions limit what is looked at; empty: all.
	Accounts, Regions []string
	// Since and Until bound the time of digests; zero: all that is there. With
	// Since, what was before it need not be there.
	Since, Until time.Time
	// Workers is how many logs are hashed at once; 0: one a core, and more of a file
	// system that takes long.
	Workers int
}

// Report is what became of an archive.
type Report struct {
	Chains       []Chain   `json:"chains"`
	Digests      Count     `json:"digests"`
	Logs         Count     `json:"logs"`
	Problems     []Problem `json:"problems"` // by file, not more than maxProblems
	MoreProblems int       `json:"more_problems"`
	tampered     bool      // also of the problems that are not in the list
	unsure       bool
}

// Chain is the digests of one trail in one account and region.
type Chain struct {
	Name     string    `json:"name"` // account, region and trail, as the names of the digests have them
	Digests  int       `json:"digests"`
	Verified int       `json:"verified"`
	From     time.Time `json:"from,omitzero"` // start of the earliest verified digest; zero when none is
	To       time.Time `json:"to,omitzero"`   // end of the latest one
}

// Count counts files by what is known of them.
type Count struct {
	Verified int `json:"verified"`
	Unproven int `json:"unproven"` // nothing speaks against them, and no good signature for them
	Bad      int `json:"bad"`      // altered, damaged or missing
}

// Problem is something wrong with the record, or something that nobody can say.
type Problem struct {
	Kind   Kind   `json:"kind"`
	File   string `json:"file"` // as the record names it when it is missing, else its path in the archive
	Detail string `json:"detail"`
}

// Kind is a kind of problem.
type Kind string

// The kinds that are tampering: the record contradicts itself.
const (
	KindMoved         Kind = "moved"          // a digest lies elsewhere than it says
	KindDamaged       Kind = "damaged"        // a digest that is none
	KindSignature     Kind = "signature"      // a digest whose signature is not good
	KindAlteredDigest Kind = "altered_digest" // a digest with another hash than the one after it says
	KindMissingDigest Kind = "missing_digest" // a digest that the one after it names
	KindUnlinked      Kind = "unlinked"       // a digest between two that follow each other
	KindAlteredLog    Kind = "altered_log"
	KindMissingLog    Kind = "missing_log"
)

// The kinds that nobody can explain from the archive and the keys alone.
const (
	KindNoKey       Kind = "no_key"       // signed with a key that is not at hand
	KindNoSignature Kind = "no_signature" // the newest of a chain, whose signature only S3 has
	KindRestart     Kind = "restart"      // a chain ends and another one begins
	KindTimeGap     Kind = "time_gap"     // a digest begins later than the one before it ends
	KindBegins      Kind = "begins"       // the digest before the oldest is not there
	KindUnnamedLog  Kind = "unnamed_log"  // no digest speaks of it
	KindUnreadable  Kind = "unreadable"   // it is there and cannot be opened
	KindOutside     Kind = "outside"      // named by a digest, in another part of the bucket than the archive holds
)

// Tampering tells the first sort of kinds from the second.
func (k Kind) Tampering() bool {
	switch k {
	case KindMoved, KindDamaged, KindSignature, KindAlteredDigest, KindMissingDigest, KindUnlinked, KindAlteredLog, KindMissingLog:
		return true
	default:
		return false
	}
}

// Verdict is fail when something was tampered with, unknown when something is
// unproven or nothing was verified at all, and pass else.
func (r *Report) Verdict() model.Verdict {
	switch {
	case r.tampered || r.Digests.Bad+r.Logs.Bad > 0:
		return model.VerdictFail
	case r.unsure || r.Digests.Verified == 0 || r.Digests.Unproven+r.Logs.Unproven > 0:
		return model.VerdictUnknown
	default:
		return model.VerdictPass
	}
}

// maxProblems bounds the list of a Report.
const maxProblems = 1000

func (r *Report) add(list ...Problem) {
	for _, p := range list {
		if len(r.Problems) < maxProblems {
			r.Problems = append(r.Problems, p)
			r.judge(p)
		} else {
			r.count(p)
		}
	}
}

// count counts a problem that has no place in the list any more.
func (r *Report) count(p Problem) {
	r.judge(p)
	r.MoreProblems++
}

func (r *Report) judge(p Problem) {
	r.tampered = r.tampered || p.Kind.Tampering()
	r.unsure = r.unsure || !p.Kind.Tampering()
}
