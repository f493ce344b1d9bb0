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
// variable, and the field inside it if it is about one ("CONFIG.password").
func (c *Collector) environment(env *types.EnvironmentResponse) model.Value[[]model.Credential] {
	list := []model.Credential{}
	if env == nil {
		return model.Known(list) // a function without variables
	}
	if env.Error != nil {
		return model.Missing[[]model.Credential](undecipherable(env.Error))
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

// undecipherable says why Lambda listed a function without its variables: it
// decrypts them on behalf of the caller, who may not use the function's key.
// The call itself was allowed. Only the code is kept, never the message.
func undecipherable(e *types.EnvironmentError) model.Unknown {
	code := aws.ToString(e.ErrorCode)
	if !codeLike.MatchString(code) {
		code = "no reason given"
	}
	if strings.HasPrefix(code, "AccessDenied") {
		return model.Unknown{Reason: model.ReasonAccessDenied, Action: "kms:Decrypt", Detail: "on the key of the function's variables"}
	}
	return model.Unknown{Reason: model.ReasonFailed, Action: listFunctions, Detail: "the variables could not be decrypted: " + code}
}

var codeLike = regexp.MustCompile(`^[A-Za-z.]{1,60}$`)
