package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// What an in-toto statement in a DSSE envelope says of itself (in-toto
// Attestation Framework, "Statement" v1). The type of our predicate is a name, and
// nothing need answer there.
const (
	payloadType   = "application/vnd.in-toto+json"
	statementType = "https://in-toto.io/Statement/v1"
	predicateType = "https://github.com/keyproof/keyproof/evidence/v1"
)

type statement struct {
	Type          string    `json:"_type"`
	Subject       []subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     About     `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// sign makes the envelope: who signs the manifest signs all that it lists.
func sign(ctx context.Context, manifest []byte, about About, signers []Signer) ([]byte, error) {
	payload, err := json.Marshal(statementOf(manifest, about))
	if err != nil {
		return nil, err
	}
	var list []dsse.Signer
	for _, s := range signers {
		list = append(list, s)
	}
	signer, err := dsse.NewEnvelopeSigner(list...)
	if err != nil {
		return nil, err
	}
	envelope, err := signer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, err
	}
	return indented(envelope)
}

func statementOf(manifest []byte, about About) statement {
	sum := sha256.Sum256(manifest)
	return statement{
		Type: statementType, Subject: []subject{{ManifestName, map[string]string{"sha256": hex.EncodeToString(sum[:])}}},
		PredicateType: predicateType, Predicate: about,
	}
}
