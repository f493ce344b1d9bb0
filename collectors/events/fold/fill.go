package fold

import (
	"time"

	"github.com/keyproof/keyproof/model"
)

// fill completes one resource.
func (f *Folder) fill(r *model.Resource, c *coverage) {
	at := scope{r.ID.Kind, r.ID.Account, r.ID.Region}
	switch body := r.Body.(type) {
	case *model.Secret:
		f.secret(r, body, c)
	case *model.Parameter:
		own := f.facts(c, at, exactName(r), []string{at.region}, made(body))
		f.underPaths(&own.activity, at, exactName(r), secure(body))
		body.Activity = own.all()
	case *model.Key:
		own := f.facts(c, at, exactName(r), []string{at.region}, unix(body.CreatedAt))
		body.PolicyActivity, body.KeyActivity = own.policies(), own.key()
	}
}

// secret fills what is said of reads from all regions that hold the secret, and what
// is said of its value, policy and rotation from that of the primary.
func (f *Folder) secret(r *model.Resource, s *model.Secret, c *coverage) {
	at, name := scope{r.ID.Kind, r.ID.Account, r.ID.Region}, exactName(r)
	created := unix(s.CreatedAt)
	regions := []string{at.region}
	for _, replica := range s.Replicas.Or(nil) {
		regions = append(regions, replica.Region)
	}
	reads := f.facts(c, at, name, regions, created)
	if s.Replicas.State() == model.StateUnknown && !s.IsReplica.Or(false) {
		why := s.Replicas.Why() // it may be read where nobody looked
		reads.why = &why
	}
	home := at // the region of the primary, where alone it can be changed
	if primary, ok := s.ReplicaOf.Get(); ok {
		if a, ok := parseARN(primary); ok {
			home.region = a.region
		}
	}
	changes := f.facts(c, home, name, []string{home.region}, created)
	if s.ReplicaOf.State() == model.StateUnknown && s.IsReplica.Or(true) {
		why := s.ReplicaOf.Why()
		changes.why = &why
	}
	s.Activity = reads.all()
	s.LastValueDays, s.LastValueBy, s.LastHumanValue, s.LastHumanWriter = changes.values()
	s.PolicyActivity = changes.policies()
	s.RotationActivity = changes.rotations()
}

// made is when a parameter was made, as far as anybody knows: only the first version
// is as old as the parameter.
func made(p *model.Parameter) int64 {
	if version, ok := p.Version.Get(); ok && version == 1 {
		return unix(p.LastModifiedAt)
	}
	return 0
}

// facts are what is known of one resource: its activity in some regions, and for which
// time the record of those is whole.
type facts struct {
	activity
	why     *model.Unknown // why nothing is proven; nil when the record is whole
	from    int64          // Unix seconds: start of the record
	created int64          // 0: nobody knows
	now     time.Time
}

func (f *Folder) facts(c *coverage, at scope, name string, regions []string, created int64) *facts {
	out := &facts{why: c.of(at.account, regions), created: created, now: f.now}
	if c.log != nil {
		out.from = c.log.From.Unix()
	}
	for _, region := range regions {
		there := scope{at.kind, at.account, region}
		for _, n := range f.index.of(there, exact, name) {
			out.merge(f.acts[n])
		}
		// Records that name nothing can be of any, also those that do not tell where.
		for _, where := range []scope{there, {at.kind, at.account, ""}, {at.kind, "", ""}, {at.kind, "", region}} {
			if d := f.doubts[where]; d != nil {
				out.doubt.merge(d)
			}
		}
	}
	return out
}
