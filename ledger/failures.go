package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// Failure is one rule that fails on one resource, whatever its reasons.
type Failure struct {
	Rule     model.RuleID
	Resource model.ResourceID
}

// Of a run it is stored beside the results which rules failed on what, as sorted
// numbers of eight bytes: enough to ask many runs whether something failed
// before, without reading their results.

// number is the failure as it is stored: the first eight bytes of a SHA-256.
func (f Failure) number() uint64 {
	id := f.Resource
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s", f.Rule, id.Account, id.Region, id.Kind, id.ID))
	return binary.BigEndian.Uint64(sum[:])
}

func encodeFailures(numbers []uint64) []byte {
	slices.Sort(numbers)
	raw := make([]byte, 0, 8*len(numbers))
	for _, n := range numbers {
		raw = binary.BigEndian.AppendUint64(raw, n)
	}
	return raw
}

// failuresHave says whether a number is among stored failures.
func failuresHave(raw []byte, n uint64) bool {
	low, high := 0, len(raw)/8
	for low < high {
		mid := (low + high) / 2
		switch at := binary.BigEndian.Uint64(raw[8*mid:]); {
		case at == n:
			return true
		case at < n:
			low = mid + 1
		default:
			high = mid
		}
	}
	return false
}
