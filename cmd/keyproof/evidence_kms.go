package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go/logging"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/reports/evidence"
)

// The IAM actions that a key in KMS needs.
const (
	actionGetPublicKey = "kms:GetPublicKey"
	actionSign         = "kms:Sign"
)

// maxRaw is how many bytes KMS hashes itself (Sign, "Message"). Statements are
// shorter.
const maxRaw = 4096

// kmsKey signs in KMS: the private key never leaves it.
type kmsKey struct {
	client    *kms.Client
	arn       string
	algorithm types.SigningAlgorithmSpec
	verifier  *evidence.Verifier
}

// openKMS asks for the public key.
func (o *keyOptions) openKMS(ctx context.Context) (*kmsKey, error) {
	region := o.region
	if a, err := arn.Parse(o.kms); err == nil && region == "" {
		region = a.Region
	}
	if region == "" {
		return nil, usagef("--kms-key %q: name the key by its ARN, or its region with --region", o.kms)
	}
	// Not a session of a scan: those cannot sign.
	load := []func(*config.LoadOptions) error{config.WithRegion(region), config.WithLogger(logging.Nop{})}
	if o.profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("read the AWS configuration: %w", err)
	}
	k := &kmsKey{client: kms.NewFromConfig(cfg), arn: o.kms}
	out, err := k.client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &k.arn})
	if awserr.Denied(err) {
		return nil, fmt.Errorf("%s on %s is denied: allow it", actionGetPublicKey, o.kms)
	} else if err != nil {
		return nil, fmt.Errorf("ask KMS for the public key of %s: %w", o.kms, err)
	}
	if k.algorithm, err = algorithm(out); err != nil {
		return nil, usagef("--kms-key %s: %w", o.kms, err)
	}
	public, err := x509.ParsePKIXPublicKey(out.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("read the public key of %s: %w", o.kms, err)
	}
	k.verifier, err = evidence.NewVerifier(public)
	return k, err
}

// algorithm is the one that evidence.Verifier checks for a kind of key.
func algorithm(out *kms.GetPublicKeyOutput) (types.SigningAlgorithmSpec, error) {
	for _, a := range []types.SigningAlgorithmSpec{
		types.SigningAlgorithmSpecEcdsaSha256, types.SigningAlgorithmSpecEcdsaSha384, types.SigningAlgorithmSpecRsassaPssSha256,
	} {
		if out.KeyUsage == types.KeyUsageTypeSignVerify && slices.Contains(out.SigningAlgorithms, a) {
			return a, nil
		}
	}
	return "", fmt.Errorf("a key %s for %s signs no bundle: use one for SIGN_VERIFY of ECC_NIST_P256, ECC_NIST_P384 or RSA", out.KeySpec, out.KeyUsage)
}

func (k *kmsKey) KeyID() (string, error) { return k.verifier.KeyID() }

func (k *kmsKey) Sign(ctx context.Context, data []byte) ([]byte, error) {
	in := &kms.SignInput{KeyId: aws.String(k.arn), Message: data, MessageType: types.MessageTypeRaw, SigningAlgorithm: k.algorithm}
	if len(data) > maxRaw {
		in.Message, in.MessageType = evidence.Digest(k.verifier.Public(), data), types.MessageTypeDigest
	}
	out, err := k.client.Sign(ctx, in)
	if awserr.Denied(err) {
		return nil, fmt.Errorf("%s on %s is denied: allow it", actionSign, k.arn)
	} else if err != nil {
		return nil, fmt.Errorf("sign with %s: %w", k.arn, err)
	}
	return out.Signature, nil
}
