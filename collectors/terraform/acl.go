package terraform

import (
	"path"
	"slices"

	"github.com/keyproof/keyproof/model"
)

// canned are the access control lists with a name that let in groups which
// anybody can be of (S3 User Guide, "Access control list (ACL) overview", "Canned
// ACL"). All others let in nobody else than the owner and AWS's own services.
func canned(name string) []string {
	switch name {
	case "public-read":
		return []string{"READ to AllUsers"}
	case "public-read-write":
		return []string{"READ to AllUsers", "WRITE to AllUsers"}
	case "authenticated-read":
		return []string{"READ to AuthenticatedUsers"}
	default:
		return nil
	}
}

// bucketACL is what the ACL of a bucket gives to everybody: nothing, unless the
// file says so.
func (b *builder) bucketACL(bucket *block) model.Value[[]string] {
	one, why := b.beside(bucket, "aws_s3_bucket_acl")
	if why != nil {
		return model.Missing[[]string](*why)
	}
	name, grants := bucket.get("acl"), bucket.get("grant")
	if one != nil {
		name, grants = one.get("acl"), attribute{}
		// One of the two is required (documentation of aws_s3_bucket_acl): where there
		// is no name, the provider does not choose the grants.
		if own := one.values.get("access_control_policy"); name.state() == unset && own.state() == later {
			return model.Missing[[]string](own.why())
		}
		for _, p := range one.get("access_control_policy").list() {
			grants = p.get("grant")
		}
	}
	for _, a := range []attribute{name, grants} {
		if s := a.state(); s == later && (one != nil || bucket.configured("acl") || bucket.configured("grant")) || s == hidden {
			return model.Missing[[]string](a.why())
		}
	}
	list := canned(name.text(model.None[string]()).Or(""))
	for _, g := range grants.list() {
		if !g.whole() {
			return model.Missing[[]string](model.Unknown{Reason: model.ReasonAfterApply})
		}
		// A bucket has grants with uri and permissions; an ACL has a grantee.
		uri, permissions := g.get("uri").v.String(), texts(g.get("permissions").v)
		for _, who := range g.get("grantee").list() {
			uri, permissions = who.get("uri").v.String(), []string{g.get("permission").v.String()}
		}
		if group := path.Base(uri); group == "AllUsers" || group == "AuthenticatedUsers" {
			for _, p := range permissions {
				list = append(list, p+" to "+group)
			}
		}
	}
	slices.Sort(list)
	return model.Known(slices.Compact(list))
}
