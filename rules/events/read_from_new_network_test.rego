package rules.events.read_from_new_network_test

import data.rules.events.read_from_new_network as rule

test_no_endpoint if {
	count(rule.violation) == 1 with input as {
		"resource": {"source_ip": "203.0.113.9"},
		"params": {"networks": ["10.0.0.0/8"], "vpc_endpoints": ["vpce-1"]},
	}
}

judge(ip, endpoint, networks, endpoints) := answer if {
	answer := {v.message | some v in rule.violation} with input as {
		"resource": {"source_ip": ip, "vpc_endpoint": endpoint},
		"params": {"networks": networks, "vpc_endpoints": endpoints},
	}
}

test_unknown if {
	judge("203.0.113.9", "", ["10.0.0.0/8"], []) == {"read from 203.0.113.9, which is no known network"}
	judge("2001:db8::1", "vpce-2", ["10.0.0.0/8"], ["vpce-1"]) == {"read from 2001:db8::1, which is no known network"}
}

# Whose VPC an address is of, only the endpoint says.
test_address_of_another_vpc if {
	judge("10.1.2.3", "vpce-2", ["10.0.0.0/8"], ["vpce-1"]) == {"read from 10.1.2.3, which is no known network"}
	judge("10.1.2.3", "vpce-2", ["10.0.0.0/8"], []) == set()
	count(rule.violation) == 0 with input as {
		"resource": {"source_ip": "10.1.2.3"},
		"params": {"networks": ["10.0.0.0/8"], "vpc_endpoints": ["vpce-1"]},
	}
}

test_known if {
	judge("10.1.2.3", "", ["192.0.2.0/24", "10.0.0.0/8"], []) == set()
	judge("2001:db8::1", "", ["2001:db8::/32"], []) == set()
	judge("172.16.0.1", "vpce-1", [], ["vpce-1"]) == set()
}

test_not_applicable if {
	rule.not_applicable == {"no networks or vpc_endpoints are named"} with input as {
		"resource": {"outcome": "done", "source_ip": "203.0.113.9"},
		"params": {"networks": [], "vpc_endpoints": []},
	}
	rule.not_applicable == {"a service of AWS called for the principal"} with input as {
		"resource": {"outcome": "done", "source_ip": "rds.amazonaws.com"},
		"params": {"networks": ["10.0.0.0/8"], "vpc_endpoints": []},
	}
}

test_not_done if {
	"the call was refused or failed, so nothing came of it" in rule.not_applicable with input as {
		"resource": {"outcome": "denied", "source_ip": "203.0.113.9"},
		"params": {"networks": ["10.0.0.0/8"], "vpc_endpoints": []},
	}
}
