package lambda

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/keyproof/keyproof/model"
)

// environment classifies the variables of a function. A finding's place is the
// variable, and the field inside it if it is about one ("CONFIG.password"). by is the action that listed them.
func (c *Collector) environment(env *types.EnvironmentResponse, by string) model.Value[[]model.Credential] {
	list := []model.Credential{}
	if env == nil {
		return model.Known(list) // a function without variables
	}
	if env.Error != nil {
		return model.Missing[[]model.Credential](undecipherable(env.Error, by))
	}
	for name, value := range env.Variables {
		for _, found := range c.detector.Classify(name, value) {
			found.Place = strings.TrimSuffix(name+"."+found.Place, ".")
			list = append(list, found)
		}
	}
	slices.SortFunc(list, func(a, b model.Credential) int {
		return cmp.Or(strings.Compare(a.Place, b.Place), strings.Compare(a.Rule, b.Rule))
	})
	return model.Known(list)
}

// also adds the variables of a version, which keeps those that it was published
// with. What is found in $LATEST already is no other finding.
func (c *Collector) also(have model.Value[[]model.Credential], version string, env *types.EnvironmentResponse) model.Value[[]model.Credential] {
	more := c.environment(env, getConfiguration)
	if more.State() == model.StateUnknown {
		return alsoUnread(have, more.Why())
	}
	list := slices.Clone(have.Or(nil))
	for _, found := range more.Or(nil) {
		if !slices.Contains(list, found) {
			found.Place += " (in " + version + ")"
			list = append(list, found)
		}
	}
	if len(list) == 0 {
		return have
	}
	return model.Known(list)
}

// alsoUnread says that some variables could not be read. What was found in others
// is a finding whatever they hold.
func alsoUnread(have model.Value[[]model.Credential], why model.Unknown) model.Value[[]model.Credential] {
	if len(have.Or(nil)) > 0 {
		return have
	}
	return model.Missing[[]model.Credential](why)
}

// undecipherable says why Lambda listed a function without its variables: it
// decrypts them on behalf of the caller, who may not use the function's key.
// The call itself was allowed. Only the code is kept, never the message.
func undecipherable(e *types.EnvironmentError, by string) model.Unknown {
	code := aws.ToString(e.ErrorCode)
	if !codeLike.MatchString(code) {
		code = "no reason given"
	}
	if strings.HasPrefix(code, "AccessDenied") {
		return model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:Decrypt", Detail: "on the key of the function's variables"}
	}
	return model.Unknown{Reason: model.ReasonFailed, Action: by, Detail: "the variables could not be decrypted: " + code}
}

var codeLike = regexp.MustCompile(`^[A-Za-z.]{1,60}$`)
