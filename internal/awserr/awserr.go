// Package awserr says in the model's words what a refused or failed AWS call
// means. It is the only place that interprets the error codes of AWS.
//
// Its promise: no error becomes silence, and no text of an answer's body gets
// into the model. Only the code and the message that AWS addresses to people
// are kept, on one line.
package awserr

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/keyproof/keyproof/model"
)

// ErrNotARead is wrapped by the error of a call that a scan may not make. It
// means that keyproof is wrong, not the account: Fatal stops the scan on it.
var ErrNotARead = errors.New("not among the read calls of a scan")

// Unknown returns why an attribute or a list is unknown after a call of an IAM
// action ended with err.
func Unknown(action string, err error) model.Unknown {
	code := Code(err)
	switch {
	case Denied(err):
		return model.Unknown{Reason: model.ReasonAccessDenied, Action: action, Detail: deniedBy(action, message(err))}
	case slices.Contains(regionOff, code):
		return model.Unknown{Reason: model.ReasonRegionOff, Action: action}
	case slices.Contains(expired, code):
		return failed(action, "the credentials expired during the scan ("+code+"): renew them and scan again")
	case slices.Contains(invalid, code):
		// AWS gives the same codes for a region that is not enabled, since keys
		// are not known there.
		return failed(action, "the credentials are not accepted ("+code+"): they were revoked, or the region is not enabled for the account")
	default:
		return failed(action, describe(err))
	}
}

func failed(action, detail string) model.Unknown {
	return model.Unknown{Reason: model.ReasonFailed, Action: action, Detail: oneLine(detail)}
}

// Fatal returns an error when the scan must stop: it was cancelled, or the call
// was none that a scan may make. Refused and failed calls are not fatal.
func Fatal(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, ErrNotARead) {
		return err
	}
	return nil
}

// Code returns the error code of the API, e.g. "ResourceNotFoundException", or
// "" when the answer had none that could be read.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() != unreadable {
		return api.ErrorCode()
	}
	return ""
}

// unreadable is what the SDK puts in place of a code that it could not read.
const unreadable = "UnknownError"

// Denied says whether the caller lacks a permission. A bare status 403 counts:
// a proxy or a gateway in front of AWS answers without a code.
func Denied(err error) bool {
	code := Code(err)
	if code != "" {
		return slices.Contains(denied, code)
	}
	return Status(err) == http.StatusForbidden
}

// Expired says whether the credentials were valid once.
func Expired(err error) bool { return slices.Contains(expired, Code(err)) }

// Invalid says whether AWS does not know or accept the credentials.
func Invalid(err error) bool { return slices.Contains(invalid, Code(err)) }

// Status returns the HTTP status of the answer, or 0 when there was none.
func Status(err error) int {
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && r.Response != nil && r.Response.Response != nil {
		return r.HTTPStatusCode()
	}
	return 0
}

// BucketRegion returns the region that S3 sends a call to that came to another one,
// or "" (S3 User Guide, "Making requests using the REST API").
func BucketRegion(err error) string {
	if r, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && r.Response != nil && r.Response.Response != nil {
		return r.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}
