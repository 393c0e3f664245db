package index

// Explanation is a node of the tree that says where a score comes from. Its
// Value is Op applied to the values of Children, to 1e-6 relative; a leaf has none.
type Explanation struct {
	Name     string         `json:"name"`
	Op       Op             `json:"op"`
	Value    float64        `json:"value"`
	Children []*Explanation `json:"children,omitempty"`
}

// Op is the operation that makes a node's value out of its children's.
type Op string

// The operations.
const (
	Sum     Op = "sum"
	Product Op = "product"
	Max     Op = "max"
	Leaf    Op = "leaf"
)
