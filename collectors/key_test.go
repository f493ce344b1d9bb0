package collectors

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/keyproof/keyproof/model"
)

func TestKey(t *testing.T) {
	cell := &Cell{CellID: CellID{Partition: "aws-us-gov", Account: "111122223333", Region: "us-gov-west-1"}}
	const here = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:"
	id := func(arn string) model.ResourceID { return cell.ID(model.KindKey, arn) }
	for name, want := range map[string]model.ResourceID{
		"1234abcd-12ab-34cd-56ef-1234567890ab":     id(here + "key/1234abcd-12ab-34cd-56ef-1234567890ab"),
		"mrk-1234abcd12ab34cd56ef1234567890ab":     id(here + "key/mrk-1234abcd12ab34cd56ef1234567890ab"),
		"alias/aws/ssm":                            id(here + "alias/aws/ssm"),
		here + "alias/app":                         id(here + "alias/app"),
		here + "key/k":                             id(here + "key/k"),
		"arn:aws:kms:eu-west-1:444455556666:key/k": {Kind: model.KindKey, Account: "444455556666", Region: "eu-west-1", ID: "arn:aws:kms:eu-west-1:444455556666:key/k"},
	} {
		assert.Equal(t, want, cell.Key(name), name)
	}
}

func TestAccountRow(t *testing.T) {
	cell := &Cell{CellID: CellID{Partition: "aws-cn", Account: "111122223333", Region: "cn-north-1"}}
	assert.Equal(t, model.ResourceID{Kind: model.KindAccount, Account: "111122223333", Region: "cn-north-1", ID: "arn:aws-cn:iam::111122223333:root"}, cell.AccountRow())
}

func TestGapOf(t *testing.T) {
	cell := newCell(CellID{}, Plan{}, nil, nil)
	_, gap := cell.GapOf(model.KindSecret)
	assert.False(t, gap)
	cell.Listed(model.KindSecret)
	_, gap = cell.GapOf(model.KindSecret)
	assert.False(t, gap)
	cell.Gap(model.KindSecret, denied)
	why, gap := cell.GapOf(model.KindSecret)
	assert.True(t, gap)
	assert.Equal(t, denied, why)
}
