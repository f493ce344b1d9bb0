# METADATA
# title: Words for people
package lib.text

# days is "1 day" or "30 days".
days(1) := "1 day"

days(n) := sprintf("%d days", [n]) if n != 1
