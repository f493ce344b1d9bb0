# METADATA
# title: Why a rule may not apply to a secret
# description: Reasons that many rules on secrets share.
package lib.secret

# replica is why most rules do not apply to a replica: AWS copies value, tags and policy from the primary, rotates there, and refuses
# changes on the replica (Secrets Manager User Guide, "Replicate secrets").
replica := "a replica: its primary is judged"

# doomed is why a rule does not apply while deletion_scheduled is true.
doomed := "scheduled for deletion"

# rotation_off is why a rule on rotation does not apply where SM-001 judges.
rotation_off := "rotation is off"

# unreplicated is why a rule on replicas does not apply to a secret without any.
unreplicated := "it has no replicas"

# no_function is why a rule on rotation functions does not apply where the owning
# service or a partner rotates.
no_function := "its rotation needs no function"

# owned is why a rule does not apply to the secret of an AWS service, which
# manages it; undefined for the customer's own secret.
owned(service) := sprintf("%s made it and manages it", [service])

# master_user is why a rule on use does not apply to the secret of a database's master user: one that
# nobody uses is as it should be, and the secret goes only with the database. Undefined for other
# services' secrets, such as that of a connection, which the service reads when it works.
master_user(service) := sprintf("%s keeps the password of a master user in it", [service]) if service in {"rds", "redshift"}
