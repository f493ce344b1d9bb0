package iam

import "github.com/aws/aws-sdk-go-v2/service/iam"

// With makes a collector that asks c.
func With(c iam.GetAccountAuthorizationDetailsAPIClient) *Collector { return &Collector{iam: c} }
