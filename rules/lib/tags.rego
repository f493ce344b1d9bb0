# METADATA
# title: Tags
package lib.tags

# missing lists the required keys that are not among those of the tags, in the
# order required. Keys are case-sensitive, as they are to AWS.
missing(keys, required) := [key | some key in required; not key in keys]
