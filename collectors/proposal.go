package collectors

import "github.com/keyproof/keyproof/model"

// Proposal is a change to accounts that a file of infrastructure code describes:
// a Terraform plan or state, a CloudFormation template. A resource's ID is its
// address in the file; what it is already known by in AWS (its ARN) is in Aka.
// Account and region are empty where the file does not say.
type Proposal struct {
	// After is what the accounts hold when the change is made, as far as the file
	// describes them.
	After *model.Snapshot
	// Before is what they hold now. Nil when the file does not say, as a template
	// does not.
	Before *model.Snapshot
	// Moved are the addresses in Before of resources that are called otherwise in
	// After, by kind and address in After.
	Moved map[model.ResourceID]model.ResourceID
	// Waivers are those that stand as comments in the source, each with its line.
	Waivers []model.Waiver
	// Notes are things that people should know of how the file was read, a
	// sentence each: what was left out, and why that is no reason for a pass.
	Notes []string
}
