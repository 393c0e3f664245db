package ranking

// part is one summand of a similarity.
type part uint8

// The parts: first those that are products of two sparse vectors, then those
// that are edges between two posts.
const (
	prosePart part = iota
	pairsPart
	leadPart
	identifiersPart
	summaryPart
	coveredPart
	coversPart
	tagsPart
	folderPart
	entitiesPart
	seriesPart
	targetsPart
	namesPart
	namedByPart
	linksPart
	linkedByPart
	datesPart
	numParts
	numProducts = namesPart
	numEdges    = 4
)

// product says how a part multiplies: the vector of the post asked about and
// that of the candidate, and how each is weighed.
type product struct {
	asked, candidate channel
	kind             productKind
}

type productKind uint8

const (
	cosine  productKind = iota // both weighed by sqrt(count) idf, length 1
	covered                    // shares of the asked title's idf, times saturated counts
	covers                     // saturated counts, times shares of the candidate title's idf
	shared                     // shares of the asked post's idf, times 1
)

//nolint:gochecknoglobals // immutable table
var products = [numProducts]product{
	prosePart:       {proseChannel, proseChannel, cosine},
	pairsPart:       {pairChannel, pairChannel, cosine},
	leadPart:        {leadChannel, leadChannel, cosine},
	identifiersPart: {identifierChannel, identifierChannel, cosine},
	summaryPart:     {summaryChannel, summaryChannel, cosine},
	coveredPart:     {titleChannel, proseChannel, covered},
	coversPart:      {proseChannel, titleChannel, covers},
	tagsPart:        {tagChannel, tagChannel, cosine},
	folderPart:      {folderChannel, folderChannel, shared},
	entitiesPart:    {entityChannel, entityChannel, cosine},
	seriesPart:      {seriesChannel, seriesChannel, shared},
	targetsPart:     {targetChannel, targetChannel, cosine},
}

// partNames are the names in explanations.
//
//nolint:gochecknoglobals // immutable table
var partNames = [numParts]string{
	prosePart: "prose", pairsPart: "word pairs", leadPart: "lead", identifiersPart: "identifiers",
	summaryPart: "summary", coveredPart: "its text covers this title", coversPart: "this text covers its title",
	tagsPart: "tags", folderPart: "folder", entitiesPart: "entities", seriesPart: "series",
	targetsPart: "link targets", namesPart: "this text names it", namedByPart: "it names this", linksPart: "this links to it", linkedByPart: "it links to this",
	datesPart: "dates",
}

// weights returns the weight of each part in the score; they sum to 1.
func (s Similar) weights() [numParts]float64 {
	t, e := s.Text, s.Entities
	text := [numParts]float64{
		prosePart: t.Prose, pairsPart: t.Bigrams, leadPart: t.Lead, identifiersPart: t.Identifiers, summaryPart: t.Summary,
		coveredPart: t.TitleCovered, coversPart: t.TitleCovers, namesPart: t.Names, namedByPart: t.NamedBy,
	}
	entities := [numParts]float64{
		tagsPart: e.Tags, folderPart: e.Folder, entitiesPart: e.Entities, seriesPart: e.Series, targetsPart: e.Targets, linksPart: e.Links, linkedByPart: e.LinkedBy,
		datesPart: e.Dates,
	}
	var out [numParts]float64
	addShare(&out, text, s.Alpha)
	addShare(&out, entities, 1-s.Alpha)
	return out
}

func addShare(out *[numParts]float64, w [numParts]float64, share float64) {
	sum := 0.0
	for _, x := range w {
		sum += x
	}
	for i, x := range w {
		if sum > 0 {
			out[i] += share * x / sum
		}
	}
}
