# METADATA
# title: Why a rule may not apply to a secret
# description: Reasons that many rules on secrets share.
package lib.secret

# AWS copies value, tags and policy from the primary, rotates there, and refuses
# changes on the replica (Secrets Manager User Guide, "Replicate secrets").
replica := "a replica: its primary is judged"

doomed := "scheduled for deletion"

rotation_off := "rotation is off"

unreplicated := "it has no replicas"

no_function := "its rotation needs no function"

# owned is undefined for the customer's own secret.
owned(service) := sprintf("%s made it and manages it", [service])
