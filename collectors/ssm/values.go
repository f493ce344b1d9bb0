package ssm

import (
	"context"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/keyproof/keyproof/collectors"
	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/internal/detect"
	"github.com/keyproof/keyproof/model"
)

// findings are the classifications of values, by parameter name.
type findings map[string]model.Value[[]model.Credential]

// values reads and classifies the values of one region.
type values struct {
	ssm      client
	detector *detect.Detector
	answered bool // some call was allowed
	refused  bool // a whole batch was refused name by name while none was allowed
}

// batchSize is the largest number of names that GetParameters takes.
const batchSize = 10

// parallel is how many calls are in flight. Parameter Store allows forty reads
// a second by default.
const parallel = 5

// classify returns what the values of the parameters hold, unknown for those
// that could not be read.
//
// GetParameters is authorized against each parameter that it names and fails as
// a whole (Systems Manager User Guide, "How Parameter Store authorizes parameter
// retrieval"). So that one refused parameter does not hide nine others, a
// refused batch is asked for again name by name, unless that proved useless.
func (v *values) classify(ctx context.Context, names []string) (findings, error) {
	slices.Sort(names) // what is refused together is named alike, mostly
	found := findings{}
	denied, err := v.read(ctx, slices.Collect(slices.Chunk(names, batchSize)), found)
	if err != nil {
		return nil, err
	}
	for _, batch := range denied {
		if v.refused || len(batch) == 1 {
			continue
		}
		again, err := v.read(ctx, slices.Collect(slices.Chunk(batch, 1)), found)
		if err != nil {
			return nil, err
		}
		v.refused = len(again) == len(batch) && !v.answered
	}
	return found, nil
}

// read makes a call for each batch and returns those that were denied.
func (v *values) read(ctx context.Context, batches [][]string, found findings) (denied [][]string, err error) {
	var mu sync.Mutex
	err = collectors.Each(ctx, parallel, batches, func(ctx context.Context, batch []string) error {
		out, err := v.ssm.GetParameters(ctx, &ssm.GetParametersInput{Names: batch, WithDecryption: aws.Bool(false)})
		if fatal := awserr.Fatal(ctx, err); err != nil && fatal != nil {
			return fatal
		}
		part := findings{}
		for _, name := range batch {
			part[name] = v.finding(name, out, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for name, f := range part {
			found[name] = f
		}
		switch {
		case err == nil:
			v.answered = true
		case awserr.Denied(err):
			denied = append(denied, batch)
		}
		return nil
	})
	slices.SortFunc(denied, slices.Compare) // not in the order of answers
	return denied, err
}

// finding classifies the value of one parameter of an answer. The value ends here.
func (v *values) finding(name string, out *ssm.GetParametersOutput, err error) model.Value[[]model.Credential] {
	if err != nil {
		return model.Missing[[]model.Credential](awserr.Unknown(getParameters, err))
	}
	for _, p := range out.Parameters {
		if aws.ToString(p.Name) != name {
			continue
		}
		if p.Type != types.ParameterTypeString && p.Type != types.ParameterTypeStringList {
			return changed("it became a " + string(p.Type) + " during the scan")
		}
		list := v.detector.Classify(name, aws.ToString(p.Value))
		if list == nil {
			list = []model.Credential{}
		}
		return model.Known(list)
	}
	return changed("it was deleted during the scan")
}

func changed(detail string) model.Value[[]model.Credential] {
	return model.Missing[[]model.Credential](model.Unknown{Reason: model.ReasonFailed, Action: getParameters, Detail: detail})
}
