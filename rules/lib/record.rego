# METADATA
# title: CloudTrail's record
# description: Words and reasons that rules on it share.
package lib.record

import data.lib.text

# ago is "today" or "3 days ago".
ago(0) := "today"

ago(n) := sprintf("%s ago", [text.days(n)]) if n != 0

# exempt is why a rule on people does not apply to what is tagged as theirs.
exempt(tag) := sprintf("the tag %s says that people use it", [tag])
