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
		got := c.environment(&types.EnvironmentResponse{Error: &types.EnvironmentError{ErrorCode: aws.String(code), Message: aws.String("SENTINEL")}})
		assert.Equal(t, want, got.Why(), code)
	}
	assert.Equal(t, model.StateUnknown, c.environment(&types.EnvironmentResponse{Error: &types.EnvironmentError{}}).State())
}

func TestContainerImage(t *testing.T) {
	assert.Equal(t, model.StateAbsent, runtime(types.FunctionConfiguration{PackageType: types.PackageTypeImage}.Runtime).State())
	assert.Equal(t, model.Known("go1.x"), runtime("go1.x"))
}
