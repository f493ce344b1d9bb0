package rds_test

import (
	"testing"

	"github.com/keyproof/keyproof/collectors/testaccount"
)

// world is an embedded account with what these tests read of it.
type world struct{ *testaccount.World }

func serve(t testing.TB, regions string) *world { return &world{testaccount.Serve(t, regions)} }
