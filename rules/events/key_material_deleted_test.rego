package rules.events.key_material_deleted_test

import data.rules.events.key_material_deleted as rule

test_deleted if {
	rule.violation == {{
		"attribute": "name",
		"message": "its imported material was deleted",
	}} with input.resource as {"name": "DeleteImportedKeyMaterial"}
}

test_not_done if {
	count(rule.not_applicable) == 1 with input.resource as {"outcome": "denied"}
	count(rule.not_applicable) == 0 with input.resource as {"outcome": "done"}
}
