package indextest

import "testing"

func runScripts(t *testing.T, open Opener) { t.Helper(); _ = open }
