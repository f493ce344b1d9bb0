# METADATA
# title: Tags
package lib.tags

# missing lists the required keys that the tags lack, in the order required.
# Keys are case-sensitive, as they are to AWS.
missing(tags, required) := [key | some key in required; not key in object.keys(tags)]
