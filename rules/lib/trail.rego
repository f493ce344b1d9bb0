# METADATA
# title: Why a rule may not apply to a trail
package lib.trail

# no_bucket is why rules on the bucket do not apply to a trail without one.
no_bucket := "its bucket does not exist, which CT-006 judges"

# A trail of data events alone is one that records neither kind of management event.
not_management := "it is not meant to record all management events"
