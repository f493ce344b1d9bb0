package remediator

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/keyproof/keyproof/model"
)

// manageMasterPassword lets RDS make, keep and rotate a database's master
// password.
type manageMasterPassword struct{ about }

func newManageMasterPassword() Action {
	return manageMasterPassword{about{
		name: "manage-master-password", doc: "lets RDS keep a database's master password in Secrets Manager and rotate it",
		settles: []model.RuleID{"RDS-001"},
		settings: []Setting{
			keySetting("; not given: the default key aws/secretsmanager"),
			{Name: "apply_immediately", Doc: "yes: do not wait for the maintenance window, if RDS would; whatever else is pending is applied at once too", Example: "yes"},
		},
		reads: []string{"kms:DescribeKey", "kms:GenerateDataKey", "rds:DescribeDBClusters", "rds:DescribeDBInstances"},
		// RDS makes the secret in the caller's name (RDS User Guide, "Permissions
		// required for Secrets Manager integration").
		writes: []string{
			"kms:CreateGrant", "kms:Decrypt", "rds:ModifyDBCluster", "rds:ModifyDBInstance",
			"secretsmanager:CreateSecret", "secretsmanager:TagResource",
		},
	}}
}

func (a manageMasterPassword) Plan(_ context.Context, t *Target) (*model.Change, error) {
	db, err := body[*model.Database](t)
	if err != nil {
		return nil, err
	}
	kind, err := told("whether it is an instance or a cluster", db.Type)
	if err != nil {
		return nil, err
	}
	if err := manageable(db); err != nil {
		return nil, err
	}
	key, err := t.customerKey()
	if err != nil {
		return nil, err
	}
	c := t.NewChange(a)
	c.Title = "let RDS manage the master password"
	c.Settings["type"], c.Settings["apply_immediately"] = kind, t.Settings["apply_immediately"] == "yes"
	if key != "" {
		c.Settings["key"] = key
	}
	c.Before, c.After = map[string]any{"managed_password": false}, map[string]any{"managed_password": true}
	c.Undo = model.UndoNone
	c.UndoNote = "the password of before is gone; RDS ends the management only with a new password, which somebody must choose: " +
		"`aws rds modify-db-" + kind + " --no-manage-master-user-password --master-user-password`"
	c.Effects = []string{
		"RDS sets a new master password: whoever connects as the master user by the old one is refused, until it reads the new one from the secret",
		"no restart: a new password alone causes no outage, and open connections stay",
		"RDS rotates the password every seven days by itself",
		"a read replica can no longer be made of it, but for SQL Server, nor a blue/green deployment; the secret's key cannot be changed later",
	}
	if c.Settings["apply_immediately"] == true {
		c.Effects = append(c.Effects, "apply_immediately: all other pending modifications are applied now as well, which may restart it")
	}
	c.Cost = "US$0.40 a month for the secret"
	return c, nil
}

// manageable says what RDS cannot manage (RDS and Aurora User Guides, "Limitations
// for Secrets Manager integration").
func manageable(db *model.Database) error {
	managed, err := told("whether RDS manages the password", db.ManagedPassword)
	if err != nil {
		return err
	}
	if managed {
		return notApplicable("", "RDS manages it already")
	}
	for _, of := range []struct {
		what      string
		v         model.Value[string]
		why, next string
	}{
		{"whether it belongs to a cluster", db.Cluster, "its master password is that of its cluster %s", "plan for the cluster"},
		{"whether it is a read replica", db.ReplicaOf, "it is a read replica of %s and has that one's password", "plan for its source"},
		{"whether it is of a global database", db.GlobalCluster, "it is of the Aurora global database %s, whose password RDS cannot manage", "keep the password in a secret that rotates, and waive the rule"},
	} {
		value, err := told(of.what, of.v)
		if err != nil {
			return err
		}
		if value != "" {
			return notApplicable(of.next, of.why, value)
		}
	}
	return nil
}

func (a manageMasterPassword) Preflight(ctx context.Context, env *Env, c *model.Change) ([]Concern, error) {
	d, err := describedDatabase(ctx, env, c)
	if err != nil {
		return nil, err
	}
	var concerns []Concern
	if d.status != "available" {
		concerns = append(concerns, Concern{Blocks: true, Text: "the database is " + d.status + ", and RDS modifies only one that is available", Next: "wait, then plan again"})
	}
	if now := c.Settings["apply_immediately"] == true; now && len(d.pending) > 0 {
		concerns = append(concerns, Concern{Text: "these would be applied at once as well, which may restart the database: " + strings.Join(d.pending, ", ")})
	}
	if key, ok := c.Settings["key"].(string); ok {
		more, err := keyWorks(ctx, env, c, key, "Secrets Manager")
		if err != nil {
			return nil, err
		}
		concerns = append(concerns, more...)
	}
	return append(concerns, permitted(ctx, env, c, c.Resource.ID, []string{a.call(c)})...), nil
}

func (a manageMasterPassword) call(c *model.Change) string {
	if c.Settings["type"] == "cluster" {
		return "rds:ModifyDBCluster"
	}
	return "rds:ModifyDBInstance"
}

func (a manageMasterPassword) Read(ctx context.Context, env *Env, c *model.Change) (State, error) {
	d, err := describedDatabase(ctx, env, c)
	if err != nil {
		return nil, err
	}
	state := State{"managed_password": d.secret != nil, "secret_status": nil}
	if d.secret != nil {
		state["secret_status"] = pointed(aws.ToString(d.secret.SecretStatus))
	}
	return state, nil
}

func (a manageMasterPassword) Apply(env *Env, c *model.Change, _ State) []Step {
	modify := Step{
		Name: "modify database", Quiet: true,
		Done: func(ctx context.Context) (bool, error) {
			state, err := a.Read(ctx, env, c)
			return err == nil && state.is(c.After), err
		},
		Do: func(ctx context.Context) error { return a.modify(ctx, env, c) },
	}
	return []Step{modify, {Name: "wait for the secret", Wait: true, Do: func(ctx context.Context) error { return a.active(ctx, env, c) }}}
}

func (a manageMasterPassword) modify(ctx context.Context, env *Env, c *model.Change) error {
	cfg, err := config(env, c)
	if err != nil {
		return err
	}
	client, yes := rds.NewFromConfig(cfg), aws.Bool(true)
	var key *string
	if text, ok := c.Settings["key"].(string); ok {
		key = &text
	}
	now := aws.Bool(c.Settings["apply_immediately"] == true)
	if c.Settings["type"] == "cluster" {
		_, err = client.ModifyDBCluster(ctx, &rds.ModifyDBClusterInput{DBClusterIdentifier: &c.Name, ManageMasterUserPassword: yes, MasterUserSecretKmsKeyId: key, ApplyImmediately: now})
	} else {
		_, err = client.ModifyDBInstance(ctx, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: &c.Name, ManageMasterUserPassword: yes, MasterUserSecretKmsKeyId: key, ApplyImmediately: now})
	}
	return err
}

// RDS takes minutes as a rule.
const databaseTime = 30 * time.Minute

// active waits until the secret is there and usable.
func (a manageMasterPassword) active(ctx context.Context, env *Env, c *model.Change) error {
	begun, answered := false, true
	err := poll(ctx, env, databaseTime, func() (bool, string, error) {
		state, err := a.Read(ctx, env, c)
		if answered = err == nil; err != nil {
			return false, "", err
		}
		status, _ := state["secret_status"].(string)
		begun = status != ""
		if status == "impaired" {
			return false, "", notApplicable("see the secret's last error in the RDS events, and that its key is enabled", "RDS made the secret, and its status is impaired")
		}
		return status == "active" || status == "rotating", fmt.Sprintf("the secret of %s is %s", c.Name, cmp.Or(status, "not begun")), nil
	})
	if err != nil && answered && !begun && ctx.Err() == nil {
		return notApplicable("wait for the maintenance window and resume, or plan again with --set manage-master-password.apply_immediately=yes",
			"RDS has not begun to manage the password after %s", databaseTime)
	}
	return err
}

// Undo is never asked for: the class of the change is none.
func (a manageMasterPassword) Undo(*Env, *model.Change, State) []Step { return nil }
