package ranking

// signature estimates how much of two texts is the same: 64 minimal hashes of runs
// of four terms, by one permutation (Li, Owen and Zhang, "One Permutation
// Hashing", 2012) with empty places filled from the next (Shrivastava and Li,
// 2014). The zero signature is that of a text too short to have a run.
type signature [signatureSize]uint16

const (
	signatureSize = 64
	shingleTerms  = 4
)

// resemblance estimates the share of common runs (Jaccard), 0..1, with a standard
// error of at most 0.0625.
func (s *signature) resemblance(t *signature) float64 {
	if *s == (signature{}) || *t == (signature{}) {
		return 0
	}
	equal := 0
	for i := range s {
		if s[i] == t[i] {
			equal++
		}
	}
	return float64(equal) / signatureSize
}

// resembles is true from a resemblance of least on, which is above 0.
func (s *signature) resembles(t *signature, least float64) bool {
	if s[0] == 0 || t[0] == 0 { // The zero signature: all values of others are odd.
		return false
	}
	allowed := signatureSize // places that may differ
	for allowed >= 0 && float64(signatureSize-allowed)/signatureSize < least {
		allowed--
	}
	for i := 0; i < len(s) && allowed >= 0; i++ {
		if s[i] != t[i] {
			allowed--
		}
	}
	return allowed >= 0
}

// shingler makes the signature of one text after another.
type shingler struct {
	least [signatureSize]uint64 // plus one; 0 is an empty place
	any   bool
}

// add counts the runs of a passage, given the hashes of its terms.
func (s *shingler) add(terms []uint64) {
	for i := 0; i+shingleTerms <= len(terms); i++ {
		h := uint64(0)
		for _, t := range terms[i : i+shingleTerms] {
			h = mix(h ^ t)
		}
		place, value := h%signatureSize, h>>8+1
		if s.least[place] == 0 || value < s.least[place] {
			s.least[place] = value
		}
		s.any = true
	}
}

// take returns the signature of what was added since the last take.
func (s *shingler) take() signature {
	var out signature
	if !s.any {
		return out
	}
	for i := range out {
		j, steps := i, 0
		for s.least[j] == 0 {
			j = (j + 1) % signatureSize
			steps++
		}
		// The distance is mixed in, so that a borrowed value equals only another
		// one that was borrowed from as far.
		out[i] = uint16(mix(s.least[j]+uint64(steps)<<56)) | 1
	}
	*s = shingler{}
	return out
}

// mix spreads the bits of x (the finaliser of SplitMix64; Steele, Lea and Flood, 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// hashString is FNV-1a, mixed: the same on every machine.
func hashString(s string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return mix(h)
}

// Resemblance estimates which share of their runs of four words two posts have in
// common, 0..1, with a standard error of at most 0.0625. From the threshold of the rules
// on they are shown as one.
func (m *Model) Resemblance(i, j int) float64 {
	return m.infos[i].signature.resemblance(&m.infos[j].signature)
}
