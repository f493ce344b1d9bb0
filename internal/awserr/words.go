package awserr

// Words says on one line what an error means to people: the code and message of
// an error of the API, or what happened to the call.
func Words(err error) string { return oneLine(describe(err)) }

// Missing is the IAM action that the caller of a refused call lacks, as far as
// AWS's message names it, or "".
func Missing(err error) string {
	if m := perform.FindStringSubmatch(message(err)); m != nil {
		return m[1]
	}
	return ""
}
