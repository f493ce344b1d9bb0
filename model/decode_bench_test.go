package model

import (
	"encoding/json"
	"testing"
	"time"
)

// BenchmarkResource writes and reads back one secret with all that it has.
func BenchmarkResource(b *testing.B) {
	at := Known(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	s := &Secret{
		Name: Known("payments/stripe/live-key"), Tags: Known(map[string]string{"team": "payments", "env": "prod"}), OwningService: None[string](),
		CreatedAt: at, LastChangedAt: at, LastAccessedAt: at, RotationEnabled: Known(true), RotationDays: Known(30),
		Versions: Known([]Version{{ID: "a", Stages: []string{"AWSCURRENT"}}}), Replicas: Known([]Replica{}),
		PolicyFacts: PolicyFacts{PolicyPresent: Known(false), PolicyPublic: Known(false), PolicyStatements: Known([]PolicyStatement{}), OutsideAccounts: Known([]string{})},
	}
	s.Derive(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	r := &Resource{ID: ResourceID{KindSecret, "111122223333", "eu-west-1", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/stripe/live-key-AbCdEf"}, Name: "payments/stripe/live-key", Body: s}
	raw, err := json.Marshal(r)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			if _, err := json.Marshal(r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			var back Resource
			if err := json.Unmarshal(raw, &back); err != nil {
				b.Fatal(err)
			}
		}
	})
}
