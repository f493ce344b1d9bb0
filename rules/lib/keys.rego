# METADATA
# title: Keys
package lib.keys

# usable are the states in which a key encrypts and decrypts (KMS Developer
# Guide, "Key states of AWS KMS keys"). A new state counts as not usable.
usable := {"Enabled", "Updating"}

# aws_managed is why no rule on keys applies to a key such as aws/ssm: AWS
# decides its policy and its rotation.
aws_managed := "an AWS managed key"

# cannot_rotate is why a rule on rotation does not apply where rotation_supported
# is false.
cannot_rotate := "automatic rotation does not exist for this kind of key"

# replica is why a rule on rotation does not apply to a replica key whose primary is
# in the scan: rotation is a property that replicas share with it (EnableKeyRotation).
replica := "a replica key: its primary is judged"

# asleep is why a key that is not enabled is not judged by what it would do if
# it were: KMS does not rotate it (GetKeyRotationStatus). Undefined otherwise.
asleep(state) := sprintf("the key is %s", [state]) if state != "Enabled"

# default_key is why a rule on customer keys does not apply to a default key.
default_key := "encrypted with a default key"
