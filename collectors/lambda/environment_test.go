package lambda

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

func TestUndecipherable(t *testing.T) {
	detector, err := detect.New()
	require.NoError(t, err)
	c := &Collector{detector: detector}
	for code, want := range map[string]model.Unknown{
		"AccessDeniedException":  {Reason: model.ReasonAccessDenied, Action: "kms:Decrypt", Detail: "on the key of the function's variables"},
		"KMSDisabledException":   {Reason: model.ReasonFailed, Action: listFunctions, Detail: "the variables could not be decrypted: KMSDisabledException"},
		"what? DB_PASSWORD=abcd": {Reason: model.ReasonFailed, Action: listFunctions, Detail: "the variables could not be decrypted: no reason given"},
	} {
		got := c.environment(&types.EnvironmentResponse{Error: &types.EnvironmentError{ErrorCode: aws.String(code), Message: aws.String("SENTINEL")}}, listFunctions)
		assert.Equal(t, want, got.Why(), code)
	}
	assert.Equal(t, model.StateUnknown, c.environment(&types.EnvironmentResponse{Error: &types.EnvironmentError{}}, listFunctions).State())
}

func TestContainerImage(t *testing.T) {
	assert.Equal(t, model.StateAbsent, runtime(types.FunctionConfiguration{PackageType: types.PackageTypeImage}.Runtime).State())
	assert.Equal(t, model.Known("go1.x"), runtime("go1.x"))
}

// TestAlso: a version whose variables nobody could read may hold a credential, unless
// one is found anyway.
func TestAlso(t *testing.T) {
	detector, err := detect.New()
	require.NoError(t, err)
	c := &Collector{detector: detector}
	none, found := model.Known([]model.Credential{}), model.Known([]model.Credential{{Rule: "r", Place: "A"}})
	why := model.Unknown{Reason: model.ReasonFailed}
	shut := &types.EnvironmentResponse{Error: &types.EnvironmentError{}}
	clean := &types.EnvironmentResponse{Variables: map[string]string{"STAGE": "prod"}}
	assert.Equal(t, model.StateUnknown, c.also(none, "3", shut).State())
	assert.Equal(t, found, c.also(found, "3", shut))
	assert.Equal(t, none, c.also(none, "3", clean))
	assert.Equal(t, model.StateUnknown, c.also(model.Missing[[]model.Credential](why), "3", clean).State())
	assert.Equal(t, model.StateUnknown, alsoUnread(none, why).State())
	assert.Equal(t, found, alsoUnread(found, why))
}
