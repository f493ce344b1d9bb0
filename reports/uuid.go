package reports

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"

	"github.com/keyproof/keyproof/model"
)

// uuidSpace is the name space of keyproof's UUIDs: drawn once at random, and the
// same for ever, so that a thing has the same UUID in every report.
const uuidSpace = "\x5b\x0e\x97\x1d\x2c\x64\x4f\x83\xa1\x3e\x70\xd9\x46\xb2\x8c\xf5"

// uuidOf names a thing by what makes it one: the same parts, the same UUID
// (version 5, RFC 9562 section 5.5). SHA-1 is the standard's choice; nothing
// rests on its strength here.
func uuidOf(parts ...string) string {
	sum := uuidBytes(parts...)
	s := hex.EncodeToString(sum[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

func uuidBytes(parts ...string) [16]byte {
	sum := sha1.Sum([]byte(uuidSpace + strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return [16]byte(sum[:16])
}

// resultUUID is of a rule on a resource, whatever the answer: by it, a reader of
// two reports knows that it is the same question.
func resultUUID(what string, res *model.Result) string {
	id := res.Resource
	return uuidOf(what, string(res.Rule), string(id.Kind), id.Account, id.Region, id.ID)
}

// cloudType is what AWS calls a kind of resource, as its CloudFormation does.
// Kinds that are no resource of AWS have their own name.
func cloudType(k model.Kind) string {
	names := map[model.Kind]string{
		model.KindSecret: "AWS::SecretsManager::Secret", model.KindParameter: "AWS::SSM::Parameter", model.KindKey: "AWS::KMS::Key",
		model.KindTrail: "AWS::CloudTrail::Trail", model.KindFunction: "AWS::Lambda::Function", model.KindIAMPolicy: "AWS::IAM::ManagedPolicy",
	}
	if name, ok := names[k]; ok {
		return name
	}
	return Clean(string(k))
}
