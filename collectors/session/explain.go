package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/keyproof/keyproof/internal/awserr"
	"github.com/keyproof/keyproof/model"
)

// UsageError is an error of what the user asked for, as opposed to work that
// could not be done.
type UsageError struct{ text string }

func (e *UsageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// explain says what an error of opening an account means and what to do.
func explain(ctx context.Context, profile, region string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var missing config.SharedConfigProfileNotExistError
	if errors.As(err, &missing) {
		return usagef("profile %q does not exist in the AWS configuration; `aws configure list-profiles` lists those that do", missing.Profile)
	}
	login := "renew them"
	if profile != "" {
		login = fmt.Sprintf("renew them, with single sign-on by `aws sso login --profile %s`", profile)
	}
	text := err.Error()
	var dns *net.DNSError
	var net_ *url.Error
	switch code := awserr.Code(err); {
	case awserr.Expired(err):
		return fmt.Errorf("the credentials have expired (%s): %s", code, login)
	case awserr.Invalid(err):
		return fmt.Errorf("AWS does not accept the credentials (%s): check the access key, or %s", code, login)
	case strings.Contains(text, "SSO session") || strings.Contains(text, "SSO token") || strings.Contains(text, "InvalidGrantException"):
		return fmt.Errorf("the single sign-on session has ended: %s", login)
	case noCredentials(err):
		return errors.New("no AWS credentials found: name a profile with --profile, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	case errors.As(err, &dns):
		return fmt.Errorf("cannot find the host %s: check the network, the region %q and AWS_ENDPOINT_URL", dns.Name, region)
	case errors.As(err, &net_):
		return fmt.Errorf("cannot reach %s (%w): check the network, the region %q and AWS_ENDPOINT_URL", host(net_.URL), net_.Err, region)
	case awserr.Denied(err):
		return fmt.Errorf("AWS refuses to say who the caller is: %s", awserr.Unknown("sts:GetCallerIdentity", err).Detail)
	}
	return fmt.Errorf("open the AWS account: %w", err)
}

func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "AWS"
	}
	return u.Scheme + "://" + u.Host
}

// noCredentials: the last place that the SDK looks at is an instance's metadata
// service, which elsewhere is not there, or a proxy that refuses the call.
func noCredentials(err error) bool {
	text := err.Error()
	return strings.Contains(text, "no EC2 IMDS role found") || strings.Contains(text, "failed to refresh cached credentials") && strings.Contains(text, "IMDS")
}

// refused tells a role that may not be assumed from credentials that do not
// work or are not there, and networks that are down.
func refused(err error) bool { return awserr.Denied(err) && !noCredentials(err) }

func assumeGap(role string, err error) *model.Unknown {
	u := awserr.Unknown("sts:AssumeRole", err)
	u.Detail = strings.TrimSpace(role + " " + u.Detail)
	return &u
}
