package config

// The file as it is written. The reader and the JSON schema both follow these
// types: key is the name in the file, must says that it has to be there, some
// that it may not be empty.

type document struct {
	Scope         scope                  `key:"scope" doc:"What to scan and as whom. Flags of the same name win."`
	Frameworks    []choice               `key:"frameworks" doc:"The frameworks to report: hipaa, soc2, pci_dss. Rules that are evidence for none of them do not judge. Without it, all."`
	Rules         rules                  `key:"rules" doc:"Which rules judge."`
	Parameters    map[text]([]parameter) `key:"parameters" doc:"Thresholds by id of the rule, for example SM-002. Of two entries that set the same parameter of a resource, the later one wins."`
	Verdict       verdict                `key:"verdict" doc:"What counts in the exit code."`
	Gate          gate                   `key:"gate" doc:"What counts in the exit code of a gate on proposed changes."`
	Remediation   map[text]([]repair)    `key:"remediation" doc:"Settings of repairs, by action, for example enable-rotation; keyproof remediate actions lists them. Of two entries that set the same for a resource, the later one wins."`
	WithoutExpiry flag                   `key:"waivers_without_expiry" doc:"Accept waivers that have no date of expiry."`
	WaiverFiles   []text                 `key:"waiver_files" doc:"More files with waivers, relative to this one."`
	Waivers       []waiver               `key:"waivers" doc:"Failures that somebody accepted. They stay visible as waived and are never a pass; what is unknown cannot be waived."`
}

// waiverDocument is one of waiver_files.
type waiverDocument struct {
	Waivers []waiver `key:"waivers" doc:"Failures that somebody accepted."`
}

type scope struct {
	Profiles        []text `key:"profiles" doc:"Profiles of the AWS configuration, one account each (--profile)."`
	AssumeRoles     []text `key:"assume_roles" doc:"ARNs of roles to scan with, one account each (--assume-role)."`
	ExternalID      text   `key:"external_id" doc:"External id for the roles (--external-id)."`
	Regions         []text `key:"regions" doc:"Regions to scan, or all (--region)."`
	TrustedAccounts []text `key:"trusted_accounts" doc:"Accounts outside the organization that policies may let in, in quotes (--trusted-account)."`
}

type rules struct {
	Dirs []text       `key:"dirs" doc:"Directories with rules of your own, relative to this file (--rules)."`
	Off  map[text]off `key:"off" doc:"Rules that do not judge, by id. Their results are shown as not applicable, with the reason."`
}

type off struct {
	Line   line
	Reason text `key:"reason" must:"yes" doc:"Why the rule does not judge."`
}

type parameter struct {
	Line  line
	Where where          `key:"where" some:"yes" doc:"The resources that it is for. Without it, all."`
	Set   map[text]value `key:"set" must:"yes" some:"yes" doc:"Values by name of the parameter."`
	Why   text           `key:"why" must:"yes" doc:"The recorded justification: which risk analysis, who decided."`
}

type repair struct {
	Line  line
	Where where          `key:"where" some:"yes" doc:"The resources that it is for. Without it, all."`
	Set   map[text]value `key:"set" must:"yes" some:"yes" doc:"Values by name of the setting."`
}

type where struct {
	Account account       `key:"account" doc:"Account, in quotes; * is any characters, ? is one."`
	Region  text          `key:"region" doc:"Region; * is any characters, ? is one."`
	Tag     map[text]text `key:"tag" some:"yes" doc:"Tags that the resource has, all of them; values may have * and ?."`
	Name    text          `key:"name" doc:"Name of the resource; * is any characters, ? is one."`
}

type verdict struct {
	FailOn severity `key:"fail_on" doc:"The mildest severity that counts (--fail-on)."`
}

type gate struct {
	FailOn      failOn      `key:"fail_on" doc:"introduced: failures that the change introduces count, which is the default; any: also those that were there before (--fail-on)."`
	MinSeverity severity    `key:"min_severity" doc:"The mildest severity that counts (--min-severity)."`
	Frameworks  []choice    `key:"frameworks" doc:"Only rules that are evidence for one of these frameworks count. Without it, all."`
	Unknown     gateUnknown `key:"unknown" doc:"What is done about results that nobody can know from the change alone, by reason. Without it they warn."`
}

type gateUnknown struct {
	AfterApply  unknownPolicy `key:"after_apply" doc:"Terraform knows it only after apply."`
	NotInSource unknownPolicy `key:"not_in_source" doc:"Only a running account can tell."`
	Unresolved  unknownPolicy `key:"unresolved" doc:"An expression that could not be resolved."`
	Failed      unknownPolicy `key:"failed" doc:"A rule or a reader went wrong; without it, this fails."`
}

type unknownPolicy struct {
	Action      action   `key:"action" doc:"ignore, warn or fail; fail makes the verdict unknown (exit code 4)."`
	MinSeverity severity `key:"min_severity" doc:"The mildest severity of a rule at which the action is taken; milder ones warn."`
}

type waiver struct {
	Line                line
	Rule                text    `key:"rule" must:"yes" doc:"Id of the rule, for example SM-001."`
	Resource            text    `key:"resource" must:"yes" doc:"Name or ARN of what it covers; * is any characters, ? is one."`
	Account             account `key:"account" doc:"Account of what it covers, in quotes; * is any characters, ? is one. Without it, any."`
	Region              text    `key:"region" doc:"Region of what it covers; * is any characters, ? is one. Without it, any."`
	Reason              text    `key:"reason" must:"yes" doc:"Why the failure is accepted."`
	Owner               text    `key:"owner" must:"yes" doc:"Who answers for it."`
	ApprovedBy          text    `key:"approved_by" must:"yes" doc:"Who accepted it."`
	Created             date    `key:"created" must:"yes" doc:"The day from which it holds, such as 2026-01-31."`
	Expires             date    `key:"expires" doc:"The last day on which it holds. It may be missing only with waivers_without_expiry."`
	CompensatingControl text    `key:"compensating_control" doc:"What protects instead."`
}
