package baseline

import "testing"

// Claim: each step of Porter's algorithm does what the article's own examples say.
func TestStem(t *testing.T) {
	//nolint:misspell // stems are no words
	for word, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "ties": "ti", "caress": "caress", "cats": "cat", // step 1a
		"feed": "feed", "agreed": "agre", "plastered": "plaster", "bled": "bled", "motoring": "motor", "sing": "sing", // 1b
		"conflated": "conflat", "troubled": "troubl", "sized": "size", "hopping": "hop", "falling": "fall", // 1b, repaired
		"hissing": "hiss", "fizzed": "fizz", "failing": "fail", "filing": "file",
		"happy": "happi", "sky": "sky", // 1c
		"relational": "relat", "conditional": "condit", "rational": "ration", "digitizer": "digit", // 2 and later
		"vietnamization": "vietnam", "operator": "oper", "hopefulness": "hope", "sensibiliti": "sensibl",
		"triplicate": "triplic", "formative": "form", "electrical": "electr", "goodness": "good", // 3
		"revival": "reviv", "replacement": "replac", "adjustment": "adjust", "dependent": "depend", "adoption": "adopt", // 4
		"probate": "probat", "rate": "rate", "cease": "ceas", "controll": "control", "roll": "roll", // 5
		"go": "go", "naïve": "naïve", "http2": "http2", // left alone
	} {
		if got := stem(word); got != want {
			t.Errorf("stem(%q) = %q, want %q", word, got, want)
		}
	}
}
