package ranking

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"alphanode/index"
)

// numbers are what a score is made of, as a graph keeps them: the factor of the
// prior and the parts of the similarity, in units of 1/oneScore.
type numbers struct {
	factor float64
	parts  [numParts]uint32
}

func (n *numbers) similarity() uint32 {
	sum := uint32(0)
	for _, x := range n.parts {
		sum += x
	}
	return sum
}

// encode writes the numbers as a JSON array: the factor, then the parts up to
// the last that is not zero. Eight times shorter than the tree that [Expand] makes.
func (n *numbers) encode() json.RawMessage {
	out := strconv.AppendFloat(append(make([]byte, 0, encodedBytes), '['), n.factor, 'g', -1, 64)
	last := 0
	for p, x := range n.parts {
		if x > 0 {
			last = p + 1
		}
	}
	for _, x := range n.parts[:last] {
		out = strconv.AppendUint(append(out, ','), uint64(x), 10)
	}
	return append(out, ']')
}

// encodedBytes are enough for most encoded numbers.
const encodedBytes = 112

// Expand makes the explanation out of the numbers that a graph keeps with a
// neighbour (the Explain of a row's entry). It is nil for what is not one.
func Expand(kept json.RawMessage) *index.Explanation {
	var list []float64
	if json.Unmarshal(kept, &list) != nil || len(list) == 0 || len(list) > int(numParts)+1 {
		return nil
	}
	n := numbers{factor: list[0]}
	for p, x := range list[1:] {
		if x < 0 || x > math.MaxUint32 {
			return nil
		}
		n.parts[p] = uint32(x)
	}
	return n.tree()
}

// tree is score = similarity x prior; the similarity is the sum of text and
// entities, these of their parts. Each part's name says which share of the
// similarity it is; the shares of the leaves sum to 100 %.
func (n *numbers) tree() *index.Explanation {
	shares := n.shares()
	text := &index.Explanation{Name: "text", Op: index.Sum}
	entities := &index.Explanation{Name: "entities", Op: index.Sum}
	for p, x := range n.parts {
		if x == 0 {
			continue
		}
		group := text
		if part(p).isEntity() {
			group = entities
		}
		leaf := &index.Explanation{
			Name: fmt.Sprintf("%s (%d %%)", partNames[p], shares[p]), Op: index.Leaf, Value: float64(x) / oneScore,
		}
		group.Children = append(group.Children, leaf)
		group.Value += leaf.Value
	}
	similarity := &index.Explanation{Name: "similarity", Op: index.Sum, Value: float64(n.similarity()) / oneScore}
	for _, group := range []*index.Explanation{text, entities} {
		if len(group.Children) > 0 {
			similarity.Children = append(similarity.Children, group)
		}
	}
	if len(similarity.Children) == 0 {
		similarity.Op = index.Leaf
	}
	return &index.Explanation{
		Name: "score", Op: index.Product, Value: similarity.Value * n.factor,
		Children: []*index.Explanation{similarity, {Name: "prior", Op: index.Leaf, Value: n.factor}},
	}
}

// shares are the parts in whole per cent that sum to 100, by largest remainder.
func (n *numbers) shares() (out [numParts]int) {
	sum := float64(n.similarity())
	if sum == 0 {
		return out
	}
	var rest [numParts]float64
	left := 100
	for p, x := range n.parts {
		exact := 100 * float64(x) / sum
		out[p] = int(exact)
		rest[p] = exact - math.Floor(exact)
		left -= out[p]
	}
	for ; left > 0; left-- {
		most := 0
		for p := range rest {
			if rest[p] > rest[most] {
				most = p
			}
		}
		out[most]++
		rest[most] = -1
	}
	return out
}

func (p part) isEntity() bool {
	switch p {
	case tagsPart, folderPart, entitiesPart, seriesPart, targetsPart, linksPart, linkedByPart, datesPart:
		return true
	default:
		return false
	}
}

// Expanded is [Expand] as JSON; what is no list of numbers is returned as it is.
func Expanded(kept json.RawMessage) json.RawMessage {
	if !bytes.HasPrefix(kept, []byte("[")) {
		return kept
	}
	tree := Expand(kept)
	if tree == nil {
		return nil
	}
	data, err := json.Marshal(tree)
	if err != nil { // Only NaN or Inf, which Expand does not let in.
		return nil
	}
	return data
}
