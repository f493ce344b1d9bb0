package cloudformation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/keyproof/keyproof/collectors/cloudformation"
	"github.com/keyproof/keyproof/model"
)

// TestWaivers: a comment above a block, on its first line or inside is about its
// resource; one in a script is none of ours.
func TestWaivers(t *testing.T) {
	p := read(t, `Resources:
  # keyproof:waive SM-001 reason="rotated by hand" expires=2026-12-31 owner=payments
  # and another comment
  Above:
    Type: AWS::SecretsManager::Secret
    # keyproof:waive SM-007 reason=default expires=2026-12-31
  First: # keyproof:waive KMS-001 reason=old expires=2026-12-31 approved_by="the board"
    Type: AWS::KMS::Key

  # keyproof:waive SM-002 reason=slow expires=2026-12-31
  Rotation:
    Type: AWS::SecretsManager::RotationSchedule
    Properties:
      SecretId: !Ref Above
  Script:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        ZipFile: |
          # keyproof:waive LAM-001 reason=not expires=2026-12-31

          x = 1
      Description: "#keyproof:waive is not a comment"
      # keyproof:waive LAM-001 reason=tested expires=2026-12-31
`)
	expires, err := model.ParseDate("2026-12-31")
	require.NoError(t, err)
	at := func(line int) model.Origin { return model.Origin{File: "t.yaml", Line: line} }
	on := func(id string) model.Where { return model.Where{Resource: id} }
	require.Equal(t, []model.Waiver{
		{Rule: "SM-001", Where: on("Above"), Reason: "rotated by hand", Owner: "payments", Expires: expires, Origin: at(2)},
		{Rule: "SM-007", Where: on("First"), Reason: "default", Expires: expires, Origin: at(6)},
		{Rule: "KMS-001", Where: on("First"), Reason: "old", ApprovedBy: "the board", Expires: expires, Origin: at(7)},
		{Rule: "SM-002", Where: on("Above"), Reason: "slow", Expires: expires, Origin: at(10)},
		{Rule: "LAM-001", Where: on("Script"), Reason: "tested", Expires: expires, Origin: at(24)},
	}, p.Waivers)
}

func TestWrongWaivers(t *testing.T) {
	for text, want := range map[string]string{
		"Resources:\n  K: # keyproof:waive KMS-001\n    Type: AWS::KMS::Key\n":                                             "t.yaml:2: the waiver of KMS-001 has no reason",
		"Resources:\n  K: # keyproof:waive KMS-001 reason=x\n    Type: AWS::KMS::Key\n":                                    "t.yaml:2: the waiver of KMS-001 does not expire",
		"# keyproof:waive KMS-001 reason=x expires=2026-12-31\nResources:\n  K: {Type: AWS::KMS::Key}\n":                   "t.yaml:1: the waiver stands at no resource",
		"Resources:\n  K: {Type: AWS::KMS::Key}\nOutputs: # keyproof:waive KMS-001 reason=x expires=2026-12-31\n  A: {}\n": "t.yaml:3: the waiver stands at no resource",
	} {
		_, err := tryRead(t, text)
		require.ErrorContains(t, err, want)
	}
	_, err := tryRead(t, "Resources:\n  K: # keyproof:waive KMS-001 reason=x\n    Type: AWS::KMS::Key\n", func(o *cloudformation.Options) { o.WaiversWithoutExpiry = true })
	require.NoError(t, err)
}
