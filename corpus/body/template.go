package body

import "alphanode/corpus"

func cleanTemplates(src string, _ corpus.BodyFormat) (string, int) { return src, len(src) }
