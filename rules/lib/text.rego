# METADATA
# title: Words for people
package lib.text

# days is "1 day" or "30 days".
days(1) := "1 day"

days(n) := sprintf("%d days", [n]) if n != 1

# hours is "1 hour" or "3 hours".
hours(1) := "1 hour"

hours(n) := sprintf("%d hours", [n]) if n != 1
