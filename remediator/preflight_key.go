package remediator

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// keyConcerns says whether Secrets Manager can use a key: it is there, symmetric,
// for encryption, and enabled.
func keyConcerns(ctx context.Context, env *Env, account, region, key string) ([]Concern, error) {
	cfg, err := env.Access.Config(account, region)
	if err != nil {
		return nil, err
	}
	out, err := kms.NewFromConfig(cfg).DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(key)})
	switch {
	case awserr.Code(err) == "NotFoundException":
		return []Concern{{Blocks: true, Text: fmt.Sprintf("the key %s does not exist in %s", key, region), Next: "aws kms list-aliases --region " + region}}, nil
	case awserr.Denied(err):
		return []Concern{notKnown(fmt.Sprintf("whether the key %s can be used", key), "kms:DescribeKey")}, nil
	case err != nil:
		return nil, err
	}
	k := out.KeyMetadata
	if state := string(k.KeyState); !model.KeyUsable(state) {
		next := "aws kms enable-key --region " + region + " --key-id " + key
		if state == "PendingDeletion" {
			next = "aws kms cancel-key-deletion --region " + region + " --key-id " + key
		}
		return []Concern{{Blocks: true, Text: fmt.Sprintf("the key %s is %s", key, state), Next: next}}, nil
	}
	// "Secrets Manager only supports symmetric encryption KMS keys" (User Guide,
	// "Secret encryption and decryption").
	if k.KeySpec != "" && k.KeySpec != "SYMMETRIC_DEFAULT" {
		return []Concern{{Blocks: true, Text: fmt.Sprintf("the key %s is %s: Secrets Manager takes symmetric encryption keys only", key, k.KeySpec)}}, nil
	}
	return nil, nil
}
