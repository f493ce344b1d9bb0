package awserr

// The codes differ by service and protocol for the same event. Sources: "Common
// errors" in the API reference of each service that is read, and the SDK's
// types of modelled errors.
var (
	denied = []string{
		"AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
		"AuthorizationError", "AuthorizationErrorException", "UnauthorizedAccess",
		"NotAuthorized", "UnauthorizedException",
	}
	// STS says RegionDisabledException where it is switched off for a region.
	regionOff = []string{"OptInRequired", "RegionDisabledException"}
	expired   = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
	invalid   = []string{
		"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
		"AuthFailure", "SignatureDoesNotMatch", "InvalidSignatureException",
		"IncompleteSignature", "MissingAuthenticationToken", "InvalidToken",
	}
)
